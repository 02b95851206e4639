from unittest.mock import patch

from odoo.tests import tagged

from ...models.automatism import process
from ..automatism_common import AutomatismCase


@tagged("post_install", "-at_install")
class TestManyAutomatisms(AutomatismCase):
    """Hundreds of automations: a batch ends in time, and who listens to something else costs nothing."""

    def _scoring(self, count):
        action = {"kind": "score", "score_points": 1}
        return [self._make_automatism("tag_added", action, tag_id=self.tag.id) for _number in range(count)]

    def test_a_batch_ends_in_time_and_the_next_goes_on_with_the_others(self):
        automatisms = self._scoring(3)
        people = self.contact + self._make_contact("Other")
        people.write({"category_id": [(4, self.tag.id)]})
        with patch.object(process, "MOST_SECONDS", -1):
            for done in (1, 2):
                self.assertEqual(self.process(), 2)
                self.assertEqual([a.fired_count for a in automatisms], [2] * done + [0] * (3 - done))
                self.assertEqual(len(self.events()), 2, "the events wait for the automations that have not seen them")
            self.contact.category_id = [(3, self.tag.id)]
            self.contact.category_id = [(4, self.tag.id)]
            self.assertEqual(self.process(), 3, "a younger event is taken with them")
            while self.process():
                pass
        self.assertEqual([a.fired_count for a in automatisms], [3, 3, 3])
        self.assertEqual(len(automatisms[0].log_ids), 3)

    def test_events_of_another_kind_wait_when_time_is_up(self):
        first = self._make_automatism("tag_added", {"kind": "score", "score_points": 1})
        second = self._make_automatism("mail_opened", {"kind": "score", "score_points": 1})
        self.contact.category_id = self.tag
        self.env["marketing.automatism.event"]._note("mail_opened", self.contact)
        with patch.object(process, "MOST_SECONDS", -1):
            self.process()
            self.assertEqual((first.fired_count, second.fired_count), (1, 0))
            self.process()
        self.assertEqual((first.fired_count, second.fired_count), (1, 1))
        self.assertFalse(self.events())

    def test_listeners_to_something_else_cost_nothing(self):
        self._scoring(1)

        def cost():
            contact = self._make_contact("Somebody")
            contact.category_id = self.tag
            self.env.flush_all()
            self.env.invalidate_all()
            return self.statements(self.process)

        alone = cost()
        others = self.env["res.partner.category"].create([{"name": f"Other {number}"} for number in range(30)])
        for other in others:
            self._make_automatism("tag_added", {"kind": "score", "score_points": 1}, tag_id=other.id)
        self.assertLessEqual(cost() - alone, 2)

    def test_statements_do_not_follow_the_number_of_events(self):
        self._scoring(2)
        costs = []
        for count in (2, 60):
            people = self.env["res.partner"].create([{"name": f"P{number}"} for number in range(count)])
            people.write({"category_id": [(4, self.tag.id)]})
            self.env.flush_all()
            self.env.invalidate_all()
            costs.append(self.statements(self.process))
        self.assertEqual(*costs)
