"""A machine that fetches a mail is no reader (S43)."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from ...models.channels import machine
from ...models.trials.sql import reactions
from ..step_case import StepCase

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


@tagged("post_install", "-at_install")
class TestMachineOpens(StepCase):
    def setUp(self):
        super().setUp()
        opened = {"rule_ids": [(0, 0, {"kind": "email_status", "email_is_opened": True})]}
        self.scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "mail"), ("if", opened, "opened?")
        )
        run = self._walk(self.scenario, self.contact)
        self.trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
        self.trace.write({"trace_status": "sent", "sent_datetime": self.now})

    def _open(self, agent=PHONE):
        fake = SimpleNamespace(httprequest=SimpleNamespace(user_agent=SimpleNamespace(string=agent)))
        with patch.object(machine, "request", fake):
            self.trace.set_opened()
        return self.trace.marketing_opened_by_machine

    def test_at_once(self):
        self.assertTrue(self._open(PHONE))
        self.assertEqual(self.trace.trace_status, "open")

    def test_by_its_name(self):
        self.set_now(self.now + timedelta(hours=1))
        for agent in ("Mozilla/5.0", "Mozilla/5.0 (compatible; Googlebot/2.1)", "python-requests/2.32"):
            self.trace.trace_status = "sent"
            self.assertTrue(self._open(agent), agent)
        self.trace.write({"trace_status": "sent", "marketing_opened_by_machine": False})
        self.assertFalse(self._open(PHONE))

    def test_a_person_who_comes_later_has_opened_it(self):
        self._open()
        self.set_now(self.now + timedelta(hours=1))
        self.assertFalse(self._open(PHONE))
        self._open("Mozilla/5.0")
        self.assertFalse(self.trace.marketing_opened_by_machine, "who has read it has read it")

    def test_who_answers_has_opened_it(self):
        self._open()
        self.trace.set_replied()
        self.assertFalse(self.trace.marketing_opened_by_machine)

    def _asks(self, by_machines=False):
        """Whether the condition “opened?” says yes, and how it reads."""
        rule = self._step(self.scenario, "opened?").rule_ids
        rule.email_by_machines = by_machines
        return bool(rule._match_email_status(self.trace.marketing_enrollment_id)), rule.summary

    def test_a_rule_asks_for_readers(self):
        self._open()
        self.assertEqual(self._asks()[0], False)
        found, summary = self._asks(by_machines=True)
        self.assertTrue(found)
        self.assertIn("also by a machine", summary)
        self.set_now(self.now + timedelta(hours=1))
        self._open()
        self.assertEqual(self._asks()[0], True)

    def test_who_clicks_is_a_reader(self):
        self._open()
        self.trace.set_clicked()
        self.assertEqual(self._asks()[0], True)

    def test_automations_fire_for_readers(self):
        tags = self.env["res.partner.category"].create([{"name": "Reader"}, {"name": "Fetched"}])
        readers, fetchers = (
            self.env["marketing.automatism"].create(
                {
                    "name": tag.name,
                    "event_type": "mail_opened",
                    "message_by_machines": too,
                    "action_ids": [(0, 0, {"kind": "tag_add", "tag_id": tag.id})],
                }
            )
            for tag, too in zip(tags, (False, True), strict=True)
        )
        self.assertIn("also by a machine", fetchers.sentence)
        self.assertNotIn("machine", readers.sentence)
        self._open()
        self.env["marketing.automatism.event"]._process()
        self.assertEqual(self.contact.category_id, tags[1])
        # the first time that a person opens it is told, although the mail was opened before
        self.set_now(self.now + timedelta(hours=1))
        self._open()
        self.env["marketing.automatism.event"]._process()
        self.assertEqual(self.contact.category_id, tags)

    def test_a_test_of_variants_counts_readers(self):
        self._open()
        self.env.flush_all()
        mailings, since, until = self.trace.mass_mailing_id.ids, self.now, self.now + timedelta(hours=2)
        self.assertEqual(reactions(self.env.cr, [mailings], since, until), {0: (1, 0, 1, 0, 0)})
        self.set_now(self.now + timedelta(hours=1))
        self._open()
        self.env.flush_all()
        self.assertEqual(reactions(self.env.cr, [mailings], since, until), {0: (1, 1, 0, 0, 0)})

    def test_whoever_looks_is_told_so(self):
        """On the path of the run, in the list of messages and in the story: no reader, and no moment of reading."""
        self._open()
        path = self.env["marketing.scenario.trace"].search([("mailing_trace_id", "=", self.trace.id)])
        message = self.contact.marketing_messages[0]
        row = next(row for row in self.contact.marketing_story()["rows"] if row.get("message_id"))
        self.assertEqual((path.message_status, path.message_opened_at), ("Opened by a machine only", False))
        self.assertEqual((message["status"], message["opened_at"]), ("Opened by a machine only", ""))
        self.assertEqual((row["badge"], row["opened_at"]), ("Opened by a machine only", ""))
        self.set_now(self.now + timedelta(hours=1))
        self._open()
        self.env.invalidate_all()
        self.assertEqual(path.message_status, "Opened")
        self.assertEqual(self.contact.marketing_messages[0]["opened_at"], str(self.trace.open_datetime))
