from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ...models.automatism.firing import DAILY_LIMIT
from ..automatism_common import AutomatismCase
from ..common import MONDAY

FIRING = "odoo.addons.marketing_scenario.models.automatism.firing"


@tagged("post_install", "-at_install")
class TestAutomatismProcessing(AutomatismCase):
    """Errors, retries, loops, the transaction of the user."""

    def failing_score(self, names):
        """Make the score action fail for records with these names."""
        original = type(self.env["marketing.automatism.action"])._run_score

        text = "no score today"

        def run(action, records):
            if set(records.mapped("name")) & names:
                raise UserError(text)
            return original(action, records)

        return patch.object(type(self.env["marketing.automatism.action"]), "_run_score", run)

    def test_the_culprit_alone_is_tried_again(self):
        failing = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        other = self._make_automatism("tag_added", sequence=20)
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(8)])
        people.write({"category_id": [(4, self.tag.id)]})
        with self.failing_score({"P5"}), mute_logger(FIRING):
            self.process()
            self.assertEqual((failing.fired_count, other.fired_count), (7, 8))
            self.assertEqual((failing.error_count, failing.last_error), (1, "no score today"))
            again = self.events()
            self.assertEqual((again.automatism_id, again._records().name), (failing, "P5"))
            self.assertEqual(again.next_try_at, MONDAY + timedelta(minutes=1))
            self.assertEqual(self.process(), 0, "not before its moment")
        self.set_now(MONDAY + timedelta(minutes=2))
        self.process()
        self.assertEqual((failing.fired_count, other.fired_count), (8, 8))
        self.assertFalse(self.events())

    def test_parked_after_five_tries_then_by_hand(self):
        failing = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        self.contact.category_id = self.tag
        with self.failing_score({self.contact.name}), mute_logger(FIRING):
            for _try in range(8):
                self.process()
                self.set_now(self.now + timedelta(days=2))
        parked = self.events()
        self.assertEqual((parked.state, parked.attempts, parked.message), ("error", 6, "no score today"))
        self.assertEqual(failing.parked_count, 1)
        parked.action_retry()
        self.process()
        self.assertEqual(self.contact.marketing_score, 1)
        self.assertFalse(self.events())

    def test_its_maker_hears_of_errors_once_until_all_are_handled(self):
        maker = new_test_user(self.env, "maker", groups="marketing_scenario.group_scenario_manager", lang="en_US")
        failing = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        self.env.cr.execute("UPDATE marketing_automatism SET create_uid = %s WHERE id = %s", [maker.id, failing.id])
        failing.invalidate_recordset()

        def heard():
            found = self.env["mail.message"].search(
                [
                    ("model", "=", failing._name),
                    ("res_id", "=", failing.id),
                    ("partner_ids", "in", maker.partner_id.ids),
                ]
            )
            return [message.subject for message in found if "no score today" in message.body]

        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(6)])
        people.write({"category_id": [(4, self.tag.id)]})
        with self.failing_score({"P1", "P4"}), mute_logger(FIRING):
            self.process()
            self.set_now(MONDAY + timedelta(minutes=2))
            self.process()
        self.assertEqual(heard(), [f"Errors in the automation {failing.name}"])
        self.set_now(MONDAY + timedelta(days=1))
        self.process()
        self.assertFalse(failing.errors_notified_at or self.events())
        later = self.env["res.partner"].create({"name": "P7", "category_id": [(4, self.tag.id)]})
        with self.failing_score({later.name}), mute_logger(FIRING):
            self.process()
        self.assertEqual(len(heard()), 2)

    def test_managers_hear_of_the_errors_of_an_automation_that_came_with_data(self):
        manager = new_test_user(self.env, "boss", groups="marketing_scenario.group_scenario_manager")
        self.assertIn(manager, self._make_automatism("tag_added")._who_hears_of_errors())

    def test_filter_that_breaks_later(self):
        automatism = self._make_automatism("tag_added")
        other = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        self.env.cr.execute(
            "UPDATE marketing_automatism SET domain_partner = %s WHERE id = %s", ["[('gone', '=', 1)]", automatism.id]
        )
        automatism.invalidate_recordset()
        self.contact.category_id = self.tag
        with mute_logger(FIRING):
            self.process()
        self.assertTrue(automatism.last_error)
        self.assertEqual((automatism.fired_count, other.fired_count), (0, 1))

    def test_own_effects_do_not_fire_it_again(self):
        automatism = self._make_automatism("score_reached", {"kind": "score", "score_points": 100}, score_value=10)
        second = self.env["res.partner.category"].create({"name": "Second"})
        tagging = self._make_automatism("tag_added", {"kind": "tag_add", "tag_id": second.id})
        self.contact._add_score(10, "test")
        self.contact.category_id = self.tag
        for _round in range(4):
            self.process()
        self.assertEqual((automatism.fired_count, tagging.fired_count), (1, 1))
        tagging.invalidate_recordset(["log_ids"])
        self.assertEqual(tagging.log_ids.mapped("outcome"), ["blocked", "fired"])
        self.assertEqual(tagging.log_ids[0].reason, "loop")

    def test_two_that_set_off_one_another_end(self):
        other_tag = self.env["res.partner.category"].create({"name": "B"})
        actions = ({"kind": "tag_remove", "tag_id": self.tag.id}, {"kind": "tag_add", "tag_id": other_tag.id})
        back = ({"kind": "tag_remove", "tag_id": other_tag.id}, {"kind": "tag_add", "tag_id": self.tag.id})
        first = self._make_automatism("tag_added", *actions, tag_id=self.tag.id)
        second = self._make_automatism("tag_added", *back, tag_id=other_tag.id)
        self.contact.category_id = self.tag
        rounds = 0
        while self.process():
            rounds += 1
            self.assertLess(rounds, 10)
        self.assertEqual((first.fired_count, second.fired_count), (1, 1))

    def test_daily_limit_for_loops_through_scenarios(self):
        automatism = self._make_automatism("mail_opened", {"kind": "score", "score_points": 1})
        for _number in range(DAILY_LIMIT + 5):
            self.env["marketing.automatism.event"]._note("mail_opened", self.contact)
        self.process()
        self.assertEqual(automatism.fired_count, DAILY_LIMIT)
        automatism.invalidate_recordset(["log_ids"])
        self.assertEqual(set(automatism.log_ids[:5].mapped("reason")), {"too_often"})
        self.set_now(MONDAY + timedelta(days=1, minutes=1))
        self.env["marketing.automatism.event"]._note("mail_opened", self.contact)
        self.process()
        self.assertEqual(automatism.fired_count, DAILY_LIMIT + 1)

    def test_events_go_with_their_transaction(self):
        self._make_automatism("tag_added")
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.contact.category_id = self.tag
            raise ZeroDivisionError
        self.assertFalse(self.events())
        self.contact.invalidate_recordset()
        self.contact.category_id = self.tag
        self.assertEqual(len(self.events()), 1)
        cron = self.env.ref("marketing_scenario.ir_cron_process_events")
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), 1)

    def test_cron_works_through_everything(self):
        automatism = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(7)])
        people.write({"category_id": [(4, self.tag.id)]})
        with (
            patch("odoo.addons.marketing_scenario.models.automatism.process.BATCH_SIZE", 3),
            patch.object(type(self.env["ir.cron"]), "_commit_progress", lambda *_args, **_options: 10),
        ):
            self.env["marketing.automatism.event"]._cron_process()
        self.assertEqual(automatism.fired_count, 7)
        self.assertFalse(self.events())
