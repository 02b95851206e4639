from datetime import timedelta
from unittest.mock import patch

from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestOperations(ScenarioCase):
    def test_lanes_are_made_and_taken_away(self):
        engine = self.env["marketing.scenario.engine"]
        first = engine._lanes()
        engine._set_lane_count(3)
        lanes = engine._lanes()
        self.assertEqual((len(lanes), lanes[0]), (3, first))
        self.assertEqual(len(set(lanes.mapped("cron_name"))), 3)
        engine._set_lane_count(0)
        self.assertEqual(engine._lanes(), first, "the first lane always stays")

    def test_settings_change_the_number_of_lanes(self):
        settings = self.env["res.config.settings"].create({})
        self.assertEqual(settings.marketing_lane_count, 1)
        settings.marketing_lane_count = 2
        settings.execute()
        self.assertEqual(len(self.env["marketing.scenario.engine"]._lanes()), 2)

    def test_full_batch_calls_the_other_lanes(self):
        self.env["marketing.scenario.engine"]._set_lane_count(2)
        second = self.env["marketing.scenario.engine"]._lanes()[1]
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        self._enroll(scenario, self.contact + self._make_contact("B"))
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", second.id)])
        with (
            patch("odoo.addons.marketing_scenario.models.engine.engine.BATCH_SIZE", 2),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("marketing_scenario.ir_cron_run_due").method_direct_trigger()
        self.assertTrue(self.env["ir.cron.trigger"].search([("cron_id", "=", second.id)]) - triggers)

    def test_finished_runs_go_after_the_retention(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        old = self._enroll(scenario, self.contact)
        self.run_due()
        self.forward(days=1)
        young = self._enroll(scenario, self._make_contact("Young"))
        self.forward(days=30)
        self.assertEqual(old.state, "done")
        vacuum = self.env["marketing.scenario.enrollment"]._gc_finished_runs
        self.assertEqual(vacuum(), (0, False), "without a setting everything is kept")
        self.env["ir.config_parameter"].set_param("marketing_scenario.retention_days", "30")
        traces = old.trace_ids
        self.forward(hours=1)
        self.assertEqual(vacuum(), (1, False))
        self.assertFalse(old.exists() or traces.exists())
        self.assertTrue(young.exists())

    def test_owner_hears_of_errors_once(self):
        contacts = self.contact + self._make_contact("B")
        tag = self.env["res.partner.category"].create({"name": "T"})
        scenario = self._make_scenario(("tag", {"tag_id": tag.id}, "mark"), reentry="finished")
        step = type(self.env["marketing.scenario.step"])

        def fail(self, run, group):
            run.fail(group, "broken")

        messages = scenario.message_ids
        with patch.object(step, "_execute_tag", fail), mute_logger("odoo.addons.mail.models.mail_mail"):
            first = self._enroll(scenario, contacts[0])
            self.run_due()
            second = self._enroll(scenario, contacts[1])
            self.run_due()
        news = scenario.message_ids - messages
        self.assertEqual(len(news), 1)
        self.assertIn(scenario.user_id.partner_id, news.partner_ids)
        self.assertEqual((first | second).mapped("error_message"), ["broken"] * 2)
        (first | second).action_resume()
        self.assertFalse(scenario.errors_notified_at, "a new error would be told again")

    def test_health_opens_for_a_manager_who_administers_nothing(self):
        manager = new_test_user(self.env, "op_manager", groups="marketing_scenario.group_scenario_manager")
        for user, sees_lanes in ((manager, False), (self.env.ref("base.user_admin"), True)):
            health = self.env["marketing.scenario.health"].with_user(user)
            page = Form(health.browse(health.action_open()["res_id"]))
            self.assertEqual((page.is_late, "lane_ids" in page._view["fields"]), (False, sees_lanes), user.login)

    def test_health_tells_what_is_late_and_alerts_once(self):
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "wait"))
        self._enroll(scenario, self.contact)
        self.set_now(MONDAY + timedelta(hours=2))
        page = self.env["marketing.scenario.health"].create({})
        self.assertEqual((page.due_count, page.late_minutes, page.is_late), (1, 120, True))
        health = self.env["marketing.scenario.health"]
        with patch.object(type(self.env["mail.thread"]), "message_notify", autospec=True) as notify:
            health._cron_alert()
            health._cron_alert()
            told = notify.call_count
            self.run_due()
            health._cron_alert()
        managers = self.env.ref("marketing_scenario.group_scenario_manager").user_ids.filtered("active")
        self.assertEqual(told, len(managers), "each manager once")
        page = health.create({})
        self.assertEqual((page.due_count, page.is_late), (0, False))
        self.assertEqual(page.next_due_at, MONDAY + timedelta(hours=2, days=1))
