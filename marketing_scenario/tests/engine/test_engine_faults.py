"""Troubles of single records, of the transaction, of the clock and of the disk (S45)."""

import errno
from datetime import timedelta
from unittest.mock import patch

from psycopg2 import errors

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase

ENGINE_LOG = "odoo.addons.marketing_scenario.models.engine.engine"
# Odoo renders a template for some record before it saves it: this one breaks for one person only.
BROKEN_IN_FRENCH = """<p>Bonjour <t t-out="1 / (object.email != 'francais@example.com')"/></p>"""


@tagged("post_install", "-at_install")
class TestEngineFaults(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tag = cls.env["res.partner.category"].create({"name": "Marked"})
        cls.env.company.email = "hello@company.example.com"

    def _failing_tag(self, trouble):
        """Patch the tag step: ``trouble(group)`` may raise before the real work."""
        step_class = type(self.env["marketing.scenario.step"])
        execute = step_class._execute_tag

        def execute_or_fail(step, run, group):
            trouble(group)
            return execute(step, run, group)

        return patch.object(step_class, "_execute_tag", execute_or_fail)

    def test_one_of_a_thousand_fails(self):
        troubles = {
            "python": lambda: {}["missing"],
            "sql": lambda: self.env.cr.execute("SELECT no_such_column FROM res_partner"),
        }
        for name, fail in troubles.items():
            with self.subTest(name):
                people = self.env["res.partner"].create([{"name": f"P{n}"} for n in range(1000)])
                bad = people[617]
                scenario = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"))
                enrollments = self._enroll(scenario, people)
                executions = []

                def trouble(group, bad=bad, executions=executions, fail=fail):
                    executions.append(len(group))
                    if bad in group.partner_id:
                        fail()

                with self._failing_tag(trouble), mute_logger("odoo.sql_db", ENGINE_LOG):
                    self.run_due()
                self.assertEqual(enrollments.filtered(lambda e: e.state == "done").partner_id, people - bad)
                culprit = enrollments.filtered(lambda e, bad=bad: e.partner_id == bad)
                self.assertEqual((culprit.state, culprit.wait_reason, culprit.attempts), ("running", "retry", 1))
                self.assertTrue(culprit.error_message)
                self.assertLess(len(executions), 25, "the group is halved, not walked one by one")

    def test_serialization_conflict_rolls_back_and_begins_again(self):
        scenario = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"))
        enrollment = self._enroll(scenario, self.contact)
        conflicts = iter((errors.SerializationFailure, errors.DeadlockDetected))

        def trouble(group):
            if conflict := next(conflicts, None):
                raise conflict("somebody else was quicker")

        self.env.flush_all()
        with self._failing_tag(trouble), self.enter_registry_test_mode():
            self.env.ref("marketing_scenario.ir_cron_run_due").method_direct_trigger()
        self.env.invalidate_all()
        self.assertJourney(enrollment, "mark:next", "End:end")
        self.assertEqual(enrollment.attempts, 0, "a conflict is nobody's error")

    def test_template_broken_in_one_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env["mail.template"].create(
            {
                "name": "Hello",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "subject": "Hello",
                "body_html": "<p>Hello</p>",
            }
        )
        template.with_context(lang="fr_FR").body_html = BROKEN_IN_FRENCH
        scenario = self._make_scenario(
            ("email", {"email_source": "template", "email_template_id": template.id}, "mail")
        )
        french = self._make_contact("Français", "francais@example.com", lang="fr_FR")
        english = self._make_contact("English", "english@example.com", lang="en_US")
        enrollments = self._enroll(scenario, french + english)
        with mute_logger(ENGINE_LOG, "odoo.addons.mail.models.mail_render_mixin"):
            self.run_due()
        by_person = {enrollment.partner_id: enrollment for enrollment in enrollments}
        self.assertEqual(by_person[english].state, "done")
        self.assertEqual((by_person[french].state, by_person[french].wait_reason), ("running", "retry"))
        self.assertIn("calcule quelque chose qui est impossible", by_person[french].error_message)

    def test_full_disk_is_a_retry_and_loses_nobody(self):
        scenario = self._make_scenario(("tag", {"tag_id": self.tag.id}, "mark"))
        enrollments = self._enroll(scenario, self.contact + self._make_contact("B"))

        def keep_a_file(_group):
            self.env["ir.attachment"].create({"name": "letter.pdf", "raw": b"%PDF " + str(self.now).encode()})

        full = OSError(errno.ENOSPC, "No space left on device")
        with self._failing_tag(keep_a_file), mute_logger(ENGINE_LOG):
            with patch.object(type(self.env["ir.attachment"]), "_file_write", side_effect=full):
                self.run_due()
                self.assertEqual(set(enrollments.mapped("wait_reason")), {"retry"})
                self.assertIn("No space left", enrollments[0].error_message)
            self.forward(minutes=1)
        self.assertEqual(set(enrollments.mapped("state")), {"done"})

    def test_clock_jumps(self):
        scenario = self._make_scenario(
            ("pause", {"pause_days": 1}, "wait"), ("tag", {"tag_id": self.tag.id}, "mark"), ("pause", {"pause_days": 1})
        )
        enrollment = self._enroll(scenario, self.contact)
        self.run_due()
        self.set_now(MONDAY - timedelta(days=30))
        self.assertEqual(self.run_due(), 0, "back: nobody runs early or twice")
        self.set_now(MONDAY + timedelta(days=400))
        self.run_due()
        self.assertEqual(self.path(enrollment).count("mark:next"), 1, "far ahead: each step once")
        self.assertEqual(enrollment.next_run_at, MONDAY + timedelta(days=401), "and the next pause begins then")
        self.set_now(MONDAY)
        self.assertEqual(self.run_due(), 0)
