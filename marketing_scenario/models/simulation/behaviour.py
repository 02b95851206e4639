"""How people react to messages in a forecast: with what likelihood, how soon, and where that is known from (S55)."""

import heapq
from bisect import bisect_right
from collections import Counter
from datetime import timedelta
from itertools import accumulate

from odoo.exceptions import UserError

from ...tools.draw import LOTS, draw
from . import sql

RATES = ("opened", "clicked", "replied")
ENOUGH = 200  # messages sent, for a rate that was measured to mean something
ASSUMED = {"opened": 35.0, "clicked": 4.0, "replied": 1.0}  # percent of the messages sent
# When those who react do: hours after the message, and how many of them.
DELAYS = (0.5, 2, 8, 24, 48)
PARTS = tuple(accumulate((0.35, 0.25, 0.2, 0.15)))


def known_rates(env, scenario, given):
    """Percentages of sent mails that are opened, clicked and answered, and their source.

    :param given: ``{rate: percent}`` typed by a person, or empty
    :return: ``{rate: {"percent", "source": "given" | "scenario" | "company" | "assumed"}}``
    :raise UserError: a percentage that is none
    """
    measured = {"scenario": sql.reactions(env.cr, scenario.id), "company": sql.reactions(env.cr)}
    rates = {}
    for rate in RATES:
        if rate in (given or {}):
            percent = given[rate]
            if type(percent) not in (int, float) or not 0 <= percent <= 100:
                raise UserError(env._("rates: “%(percent)s” is no percentage between 0 and 100.", percent=percent))
            rates[rate] = {"percent": percent, "source": "given"}
            continue
        for source, counts in measured.items():
            if counts["sent"] >= ENOUGH:
                rates[rate] = {"percent": round(100 * counts[rate] / counts["sent"], 1), "source": source}
                break
        else:
            rates[rate] = {"percent": ASSUMED[rate], "source": "assumed"}
    return rates


class Behaviour:
    """What is still to come of the messages sent so far."""

    types = ("mail",)  # of the messages that it tells something about

    def __init__(self, seed, rates):
        """:param seed: the same people react alike to the same messages each time: two forecasts with one seed differ
            by what was changed only
        :param rates: see ``known_rates``
        """
        self.seed = seed
        self.share = {rate: known["percent"] / 100 for rate, known in rates.items()}
        self.coming = []  # heap of (moment, number, kind of reaction, mailing trace id)
        self.told = Counter()  # (step id, run id) → messages of the step that this run got so far
        self.lots = {}  # mailing trace id → what decides on the link that is clicked

    def expect(self, messages, now):
        """Decide for mails that were just sent who will react, how and when.

        Who clicks or answers has opened; the three shares are of all that were sent.

        :param messages: ``sql.NewMessage`` of each
        """
        for message in messages:
            nth = self.told[message.step_id, message.enrollment_id]
            self.told[message.step_id, message.enrollment_id] += 1
            whose = f"{self.seed}-{message.step_id}-{message.model}-{message.res_id}-{nth}"
            luck = draw(whose) / LOTS
            kinds = [rate for rate in RATES if luck < self.share[rate]]
            if kinds:
                hours = DELAYS[bisect_right(PARTS, draw(f"{whose}-when") / LOTS)]
                for kind in kinds:
                    self.will(kind, now + timedelta(hours=hours), message.id)
                if "clicked" in kinds:
                    self.lots[message.id] = draw(f"{whose}-link")

    def will(self, kind, moment, trace_id):
        """A reaction is to come."""
        heapq.heappush(self.coming, (moment, len(self.coming), kind, trace_id))

    def link(self, trace_id, links):
        """Which of the tracked links of its mail is clicked, each alike.

        :param links: ``[(link id, address, label)]``, not empty
        :return: the id of the link, or None: none of them
        """
        return links[self.lots[trace_id] % len(links)][0]

    def next_at(self):
        """The moment of the next reaction, or None."""
        return self.coming[0][0] if self.coming else None

    def due(self, now):
        """``{kind: [mailing trace ids]}`` of what happens until ``now``; it is no longer to come."""
        found = {}
        while self.coming and self.coming[0][0] <= now:
            _moment, _number, kind, trace_id = heapq.heappop(self.coming)
            found.setdefault(kind, []).append(trace_id)
        return found
