"""With known behaviour, the forecast is what the real run then does: person by person, moment by moment (S55)."""

from unittest.mock import patch

from odoo.tests import TransactionCase, tagged

from ...models.simulation import sql
from .known_behaviour import Story

SEEDS = range(4)  # ``dev fuzz`` plays others


@tagged("post_install", "-at_install")
class TestKnownBehaviour(TransactionCase):
    maxDiff = None

    def test_what_is_foretold_comes_about(self):
        for seed in SEEDS:
            with self.subTest(seed), self.env.cr.savepoint(flush=False) as savepoint:
                story = Story(self.env, seed)
                foretold = story.foretold()
                with patch.object(sql, "has_immediate_keys", return_value=True):
                    self.assertEqual(story.foretold(), foretold, "in the real tables")
                idle = story.idle()
                simulated = idle and story.simulated(idle)
                lived = story.lived()
                for person in story.people:
                    self.assertEqual(foretold.get(person.id), lived.get(person.id), person.name)
                names = {step.id: step.name for step in (story.scenario + story.other).step_ids}
                path = [(row[0], row[4]) for run in lived.get(idle.id, ()) for row in run[3] if row[1] != "entered"]
                self.assertEqual([(names[step], at) for step, at in simulated], path, "the simulation of one")
                savepoint.rollback()
                self.env.transaction.clear()
                self.registry.clear_all_caches()

    def test_nobody_clicks_in_a_mail_without_links(self):
        story = Story(self.env, 31687)  # which asks about a click in such a mail
        foretold = story.foretold()
        self.assertEqual(foretold, story.lived())
