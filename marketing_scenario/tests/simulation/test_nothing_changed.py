"""After a dry run the whole database is as it was, and so is what lies around it, whatever the steps try (S39)."""

import socket
import subprocess
import threading
from datetime import timedelta
from pathlib import Path
from unittest.mock import patch

from odoo.fields import Datetime
from odoo.tests import tagged
from odoo.tools import SQL, config

from ...models.dry import is_dry
from ...tools.seal import Sealed
from ..common import MONDAY, ScenarioCase

BODY = "<p>Hello</p><a href='https://shop.example.com/offer'>Buy</a>"
# what a server action can do to be noticed: numbers drawn, files, mails, SMS, lines in a chatter, notifications
LOUD = """
env['ir.sequence'].next_by_code('marketing_test.loud')
env['ir.attachment'].create({'name': 'loud.txt', 'raw': b'loud', 'res_model': 'res.partner', 'res_id': records[0].id})
env['mail.mail'].create({'email_to': 'loud@example.com', 'subject': 'Loud', 'body_html': 'Loud'}).send()
env['sms.sms'].create({'number': '+33639980000', 'body': 'Loud'})
for record in records:
    record.message_post(body='Loud', partner_ids=record.ids, subtype_xmlid='mail.mt_comment')
    record.write({'function': 'Loud', 'active': True})
"""
SILENT = {"opened": 0, "clicked": 0, "replied": 0}
LIVELY = {"opened": 100, "clicked": 50, "replied": 30}


@tagged("post_install", "-at_install")
class TestNothingChanged(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.env["ir.sequence"].create({"name": "Loud", "code": "marketing_test.loud", "prefix": "L"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Hot"})
        cls.people = cls.env["res.partner"].create(
            [
                {
                    "name": f"Same {number}",
                    "email": f"same{number}@same.example.com",
                    "phone": f"+3363998000{number}",
                    "marketing_optin": True,
                }
                for number in range(6)
            ]
        )
        cls.domain = f"[('id', 'in', {cls.people.ids})]"

    def _story(self):
        loud = self.env["ir.actions.server"].create(
            {
                "name": "Loud",
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "state": "code",
                "code": LOUD,
            }
        )
        scenario = self._make_scenario(
            ("email", {"email_subject": "Hi", "email_body_html": BODY}, "Mail"),
            ("sms", {"sms_body": "Hello"}, "SMS"),
            ("tag", {"tag_id": self.tag.id}, "Tag"),
            ("score", {"score_points": 5}, "Score"),
            ("activity", {"activity_type_id": self.env.ref("mail.mail_activity_data_call").id}, "Call"),
            ("set_field", {"set_field_partner": "function", "set_field_value": "Baker"}, "Function"),
            ("server_action", {"server_action_partner_id": loud.id}, "Loud"),
            ("pause", {"pause_days": 1}, "Rest"),
            ("if", {"if_wait_days": 2}, "Clicked?", {"no": [("pause", {"pause_days": 1}, "Nap")]}),
        )
        rule = {"step_id": self._step(scenario, "Clicked?").id, "kind": "link_clicked"}
        self.env["marketing.scenario.rule"].create(rule)
        return scenario

    def _world(self):
        """``{what: how it is}``: each table, sequences whose numbers people see, the files, what a commit would do."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        world = {}
        for (table,) in self.env.cr.fetchall():
            self.env.cr.execute(
                SQL("SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM %s AS t", SQL.identifier(table))
            )
            world[table] = self.env.cr.fetchone()
        self.env.cr.execute(r"SELECT sequencename, last_value FROM pg_sequences WHERE sequencename ~ '^ir_sequence_\d'")
        world["numbers"] = self.env.cr.fetchall()
        files = Path(config.filestore(self.env.cr.dbname))
        world["files"] = sorted(str(path) for path in files.rglob("*") if path.is_file())
        world["after the commit"] = {
            when: (len(getattr(self.env.cr, when)._funcs), sorted(map(str, getattr(self.env.cr, when).data)))
            for when in ("precommit", "postcommit", "postrollback")
        }
        return world

    def _assert_unchanged(self, before):
        self.env.invalidate_all()
        after = self._world()
        self.assertEqual({what: after[what] for what in before if after[what] != before[what]}, {})
        self.assertEqual(after.keys(), before.keys())

    def test_simulation_forecast_and_back_test_leave_no_trace(self):
        scenario = self._story()
        self._enroll(scenario, self.people[:3])
        for _day in range(6):
            self.forward(days=1)
        begin, end = (Datetime.to_string(MONDAY + timedelta(days=days)) for days in (-1, 1))
        scenario._open_draft()
        runs = {
            "simulation": lambda: scenario.simulate("res.partner", self.people[4].id, [{"do": "finish"}]),
            "an example": lambda: scenario.simulate("res.partner", 0, [{"do": "execute"}] * 3),
            "forecast": lambda: scenario.forecast("domain", domain=self.domain, rates=LIVELY),
            "forecast of a draft": lambda: scenario.forecast("recent", rates=SILENT, draft=True),
            "first day": scenario.forecast_first_day,
            "back-test": lambda: scenario.back_test(begin, end),
        }
        before = self._world()
        for name, run in runs.items():
            with self.subTest(name):
                run()
                self._assert_unchanged(before)

    def test_a_step_of_another_addon_that_means_harm(self):
        """Whatever it tries is refused, in a walk of one and in a crowd's."""
        scenario = self._make_scenario(("score", {"score_points": 1}, "Foreign"), ("pause", {"pause_days": 1}, "Rest"))
        target = Path(config.filestore(self.env.cr.dbname)) / "marketing_test_harm"
        attempts = {
            "commit": lambda env: env.cr.commit(),
            "rollback": lambda env: env.cr.rollback(),
            "cursor": lambda env: env.registry.cursor(),
            "network": lambda _env: socket.create_connection(("127.0.0.1", 9), timeout=1),
            "program": lambda _env: subprocess.run(["true"], check=False),
            "file": lambda _env: target.write_text("harm"),
            "thread": lambda _env: threading.Thread(target=print).start(),
        }
        refused = []

        def harm(step, decisions, enrollments):
            self.assertTrue(is_dry(step.env))
            for name, attempt in attempts.items():
                try:
                    attempt(step.env)
                except Sealed:
                    refused.append(name)
            decisions.advance(enrollments)

        before = self._world()
        with patch.object(self.env.registry["marketing.scenario.step"], "_execute_score", harm):
            scenario.simulate("res.partner", self.people[0].id, [{"do": "finish"}])
            scenario.forecast("domain", domain=self.domain, rates=SILENT)
        self.assertEqual(refused, [*attempts] * 2)
        self.assertFalse(target.exists())
        self._assert_unchanged(before)
