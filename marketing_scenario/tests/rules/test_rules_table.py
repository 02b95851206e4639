"""One row for each of the vendors' rules on steps: which test shows it (R36–R62 Koban, M-4…M-10 Manageo)."""

import importlib
from pathlib import Path

from odoo.tests import BaseCase, tagged

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


@tagged("post_install", "-at_install")
class TestRulesTable(BaseCase):
    def test_one_row_for_each_rule(self):
        self.assertEqual(list(TABLE), RULES)

    def test_each_named_test_exists(self):
        for rule, tests in TABLE.items():
            for module, case, method in tests:
                with self.subTest(f"{rule}: {module}.{case}.{method}"):
                    room = next(ROOMS.glob(f"*/{module}.py")).parent.name
                    found = importlib.import_module(f"odoo.addons.marketing_scenario.tests.{room}.{module}")
                    self.assertTrue(callable(getattr(getattr(found, case), method)))
