"""A machine that fetches a mail is no reader (S43)."""

from datetime import timedelta
from types import SimpleNamespace
from unittest.mock import patch

from odoo.tests import tagged

from ...models.reports import machine
from ..step_case import StepCase

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


@tagged("post_install", "-at_install")
class TestMachineOpens(StepCase):
    def setUp(self):
        super().setUp()
        scenario = self._make_scenario(("email", {"email_subject": "Hi", "email_body_html": "<p>Hi</p>"}, "mail"))
        run = self._walk(scenario, self.contact)
        self.trace = self.env["mailing.trace"].search([("marketing_enrollment_id", "=", run.id)])
        self.trace.write({"trace_status": "sent", "sent_datetime": self.now})

    def _open(self, agent=None):
        fake = SimpleNamespace(httprequest=SimpleNamespace(user_agent=SimpleNamespace(string=agent)))
        with patch.object(machine, "request", fake if agent is not None else None):
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
