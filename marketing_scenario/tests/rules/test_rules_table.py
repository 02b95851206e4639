"""One row for each of the vendors' rules on steps: which test shows it (R36–R62 Koban, M-4…M-10 Manageo)."""

import importlib
import logging
import unittest
from pathlib import Path
from unittest.mock import patch

from odoo.modules import module
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, suite, tagged
from odoo.tests.common import get_db_name

ROOMS = Path(__file__).parents[1]
TABLE = {  # rule: [(test module, class, method)]
    "R36": [
        ("test_step_email", "TestStepEmail", "test_one_step_serves_all_kinds"),
        ("test_step_email", "TestStepEmail", "test_template_in_the_language_of_each_recipient"),
    ],
    "R37": [("test_step_email", "TestStepEmail", "test_sender")],
    "R38": [("test_step_one_to_one", "TestStepOneToOne", "test_own_window_rules")],
    "R39": [("test_step_one_to_one", "TestStepOneToOne", "test_signature_and_plain_look")],
    "R40": [("test_step_one_to_one", "TestStepOneToOne", "test_attachments_and_inline_image")],
    "R41": [("test_step_one_to_one", "TestStepOneToOne", "test_sender_order")],
    "R42": [("test_step_one_to_one", "TestStepOneToOne", "test_leaves_at_the_first_minute")],
    "R43": [("test_step_one_to_one", "TestStepOneToOne", "test_address_that_awaits_confirmation_is_not_used")],
    "R44": [("test_step_one_to_one", "TestStepOneToOne", "test_logged_in_the_chatter")],
    "R45": [
        ("test_step_sms", "TestStepSms", "test_contact_account_and_lead"),
        ("test_step_sms", "TestStepSms", "test_sender_name_reaches_the_provider"),
        ("test_step_sms", "TestStepSms", "test_no_credit_is_kept_and_tried_again"),
        ("test_step_sms", "TestStepSms", "test_waits_for_the_legal_hours"),
    ],
    "R46": [
        ("test_step_document", "TestStepDocument", "test_contact_account_and_lead"),
        ("test_step_document", "TestStepDocument", "test_copy_and_attachment"),
        ("test_step_document", "TestDocumentPage", "test_page"),
    ],
    "R47": [("test_step_pause", "TestStepPause", "test_hours_days_and_both")],
    "R48": [("test_step_pause", "TestStepPause", "test_fixed_date_without_and_with_time")],
    "R49": [("test_step_pause", "TestStepPause", "test_who_enters_after_the_date_begins_behind_it")],
    "R50": [("test_schedule", "TestSchedule", "test_openings")],
    "R51": [
        ("test_step_sms", "TestStepSms", "test_a_narrower_window_holds"),
        ("test_step_phoning", "TestStepPhoning", "test_listed_at_any_hour"),
    ],
    "R52": [
        ("test_rule_form_filled", "TestRuleFormFilled", "test_contact_by_itself_and_by_its_lead"),
        ("test_rule_tag", "TestRuleTag", "test_contact_account_and_lead"),
        ("test_rule_link_clicked", "TestRuleLinkClicked", "test_chosen_link"),
        ("test_rule_contact_type", "TestRuleContactType", "test_professional_and_individual"),
        ("test_rule_domain", "TestRuleDomain", "test_contact_account_and_lead"),
    ],
    "R53": [("test_step_if", "TestStepIf", "test_chained_without_limit")],
    "R54": [
        ("test_step_if", "TestStepIf", "test_both_sides_always_exist"),
        ("test_step_switch", "TestStepSwitch", "test_a_case_in_use_cannot_be_deleted_alone"),
    ],
    "R55": [("test_step_if", "TestStepIf", "test_deleting_it_deletes_what_follows")],
    "R56": [
        ("test_rule_score", "TestRuleScore", "test_contact_account_and_lead"),
        ("test_rule_email_status", "TestRuleEmailStatus", "test_openers"),
    ],
    "R57": [
        ("test_step_scenario", "TestStepScenario", "test_contact_account_and_lead"),
        ("test_step_scenario", "TestStepScenario", "test_check"),
    ],
    "R58": [
        ("test_step_goto", "TestStepGoto", "test_contact_account_and_lead_join_the_other_branch"),
        ("test_step_goto", "TestStepGoto", "test_loop_with_a_pause"),
    ],
    "R59": [
        ("test_step_activity", "TestStepActivity", "test_contact_account_and_lead"),
        ("test_step_activity", "TestStepActivity", "test_same_day"),
        ("test_step_activity", "TestStepActivity", "test_notify_one_message_per_user"),
        ("test_step_activity", "TestStepActivity", "test_close_at_once"),
    ],
    "R60": [("test_step_tag", "TestStepTag", "test_contact_account_and_lead")],
    "R61": [
        ("test_step_phoning", "TestStepPhoning", "test_contact_account_and_lead"),
        ("test_step_phoning", "TestStepPhoning", "test_refusals"),
    ],
    "R62": [
        ("test_step_score", "TestStepScore", "test_contact_account_and_lead"),
        ("test_step_score", "TestStepScore", "test_add_and_reset_exclude_each_other"),
    ],
    "M-4": [("test_step_email", "TestStepEmail", "test_one_step_serves_all_kinds")],
    "M-5": [("test_step_if", "TestStepIf", "test_read_at_the_end_of_the_delay")],
    "M-6": [("test_step_switch", "TestStepSwitch", "test_many_siblings")],
    "M-7": [
        ("test_rule_email_status", "TestRuleEmailStatus", "test_inactive"),
        ("test_rule_email_status", "TestRuleEmailStatus", "test_each_status"),
    ],
    "M-8": [("test_rule_form_filled", "TestRuleFormFilled", "test_journey")],
    "M-9": [("test_step_goto", "TestStepGoto", "test_contact_account_and_lead_join_the_other_branch")],
    "M-10": [("test_scenario", "TestScenario", "test_nothing_follows_an_end")],
}
RULES = [*(f"R{number}" for number in range(36, 63)), *(f"M-{number}" for number in range(4, 11))]


STEP, SCENARIO = "marketing.scenario.step", "marketing.scenario"
SCHEDULE = "odoo.addons.marketing_scenario.tools.schedule"


def idle(way):
    """A step that sends everybody on, always by the same way, and does nothing."""

    def execute(self, decisions, enrollments):
        outcomes = self._outcome_codes()
        decisions.advance(enrollments, outcomes[way]) if outcomes else decisions.finish(enrollments)

    return execute


def nothing(*_args):
    """No findings, nothing done."""
    return []


# What a test is about when that is not what its step does or its kind of rule answers: (model or module, name of the
# part, what stands there while it is broken).
ABOUT = {
    "test_openings": (SCHEDULE, "next_opening", lambda moment, *_args: moment),
    "test_who_enters_after_the_date_begins_behind_it": (
        SCENARIO,
        "_entry_groups",
        lambda self, records: [(self.start_step_id, self.start_step_id.browse(), records)],
    ),
    "test_a_case_in_use_cannot_be_deleted_alone": ("marketing.scenario.case", "_ondelete_methods", []),
    "test_deleting_it_deletes_what_follows": (SCENARIO, "_keep_closed", nothing),
    "test_both_sides_always_exist": (SCENARIO, "_keep_closed", nothing),
    "test_nothing_follows_an_end": (STEP, "_constraint_methods", []),
    "test_add_and_reset_exclude_each_other": (STEP, "_constraint_methods", []),
    "test_check": (STEP, "_validate_scenario", nothing),
    "test_many_siblings": (STEP, "_execute_switch", idle(0)),
    "test_sender": (STEP, "_email_voice", lambda *_args: ("", False)),
    "test_sender_order": (STEP, "_one_to_one_voices", lambda _self, pairs: {i: ("", False) for _target, i in pairs}),
    "test_own_window_rules": (STEP, "_leads_to_first_minute", lambda _self: True),
    "test_waits_for_the_legal_hours": (STEP, "_openings_sms", lambda *_args: {}),
    "test_a_narrower_window_holds": (STEP, "_openings_sms", lambda *_args: {}),
    ("test_step_phoning", "test_refusals"): (STEP, "_pass_consent", lambda _self, _decisions, those, _channel: those),
}


@tagged("post_install", "-at_install")
class TestRulesTable(BaseCase):
    def _test(self, name, case, method):
        room = next(ROOMS.glob(f"*/{name}.py")).parent.name
        return getattr(importlib.import_module(f"odoo.addons.marketing_scenario.tests.{room}.{name}"), case)(method)

    def _broken(self, file, method):
        """``(object, name, replacement)`` for ``patch.object``: what a test is about, out of order."""
        registry = Registry(get_db_name())
        if part := ABOUT.get((file, method)) or ABOUT.get(method):
            owner, name, replacement = part
            return registry[owner] if owner in registry else importlib.import_module(owner), name, replacement
        what, _, name = file.removeprefix("test_").partition("_")
        if what == "step":
            return registry[STEP], f"_execute_{name}", idle(-1)
        rules = registry["marketing.scenario.rule"]
        usual = getattr(rules, f"_match_{name}")
        return rules, f"_match_{name}", lambda self, enrollments: enrollments - usual(self, enrollments)

    def test_one_row_for_each_rule(self):
        self.assertEqual(list(TABLE), RULES)

    def test_each_named_test_fails_when_its_rule_is_broken(self):
        running = module.current_test
        logging.disable(logging.CRITICAL)
        try:
            for rule, tests in TABLE.items():
                for name, case, method in tests:
                    with self.subTest(f"{rule}: {name}.{case}.{method}"):
                        result = unittest.TestResult()
                        with patch.object(*self._broken(name, method)):
                            suite.TestSuite([self._test(name, case, method)]).run(result)
                        self.assertEqual(result.testsRun, 1)
                        self.assertTrue(result.failures or result.errors, "it holds without what it is about")
        finally:
            logging.disable(logging.NOTSET)
            module.current_test = running
