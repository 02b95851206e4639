"""What an activation would do at once, in one line (S7, S40, S55)."""

import random
from datetime import timedelta

from odoo import models
from odoo.tools import split_every

from .. import clock
from .behaviour import known_rates
from .forecast import CROWD
from .total import Total

FIRST = timedelta(days=1)
SAMPLE = 1_000  # one line is asked for while somebody looks


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def forecast_first_day(self):
        """What happens within a day of an activation, or of the publication of this draft, if nobody enters by hand,
        form or automation: those who wait here go on, those whom a dynamic query finds enter. A dry run.

        :return: a sentence
        """
        return self._first_day_in_words(*self._walk_first_day(self._first_day_crowds()))

    def forecast_overdue(self):
        """What those whose moment has passed would do at once if they were run now. A dry run.

        :return: a sentence
        """
        # sudo: figures only; all who are late run when the scenario does
        runs = self.env["marketing.scenario.enrollment"].sudo().search(self._overdue_domain())
        people, total = self._walk_first_day([("inside", runs)], timedelta(minutes=1))
        count = self._of_all(total.reached, people, total)
        return self.env._("%(count)s of them would get a message now.", count=count)

    def _first_day_crowds(self):
        """``[(as what they walk: see ``_walk_crowd``, records)]``"""
        scenario = self.original_id or self
        # sudo: figures only, of all who wait, and of what enters with the rights of each query's own user
        runs = self.env["marketing.scenario.enrollment"].sudo()
        if scenario == self:
            until = clock.now(self.env) + FIRST
            due = [("scenario_id", "=", self.id), ("state", "=", "running"), ("next_run_at", "<=", until)]
            yield "inside", runs.search(due)
        for query in scenario.sudo().query_ids:
            if query.last_run_at or query.enter_existing:
                yield "domain", self.env[query.model_name].browse(query._matching())

    def _walk_first_day(self, crowds, horizon=FIRST):
        """:return: ``(how many people, what became of those who walked)``"""
        self._check_one_asked()
        self.check_access("write")
        chance = random.Random(self.id)  # noqa: S311 no secret
        rates = known_rates(self.env, self.original_id or self, None)
        total, people = Total(), 0
        for who, records in crowds:
            people += len(records)
            ids = records.ids if len(records) <= SAMPLE else chance.sample(records.ids, SAMPLE)
            for some in split_every(CROWD, ids):
                self._walk_crowd(records.browse(some), who, rates, total, horizon)
        return people, total

    def _of_all(self, count, people, total):
        """A count of those who walked, as one of all for whom they stand."""
        return str(count) if total.walked in (0, people) else f"≈ {round(count * people / total.walked)}"

    def _first_day_in_words(self, people, total):
        if not people:
            return self.env._("Nobody enters on their own: people come in by hand, by a form or by an automation.")
        told = total.told(self.env)
        count = self._of_all(total.reached, people, total)
        words = self.env._("%(count)s people would get a message within a day", count=count)
        if reasons := [*told["blocked"], *told["rejected"]]:
            blocked = self._of_all(sum(reason["count"] for reason in reasons), people, total)
            listed = ", ".join(
                f"{self._of_all(one['count'], people, total)} {one['reason'][:1].lower()}{one['reason'][1:]}"
                for one in reasons[:3]
            )
            return self.env._("%(words)s; %(count)s not: %(reasons)s.", words=words, count=blocked, reasons=listed)
        return f"{words}."
