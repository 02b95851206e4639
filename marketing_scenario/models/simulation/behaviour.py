"""How people react to messages in a forecast: with what likelihood, how soon, and where that is known from (S55)."""

import heapq
from datetime import timedelta

from odoo.exceptions import UserError

from . import sql

RATES = ("opened", "clicked", "replied")
ENOUGH = 200  # messages sent, for a rate that was measured to mean something
ASSUMED = {"opened": 35.0, "clicked": 4.0, "replied": 1.0}  # percent of the messages sent
# When those who react do: hours after the message, and how many of them.
DELAYS = (0.5, 2, 8, 24, 48)
WEIGHTS = (35, 25, 20, 15, 5)


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

    def __init__(self, random, rates):
        self.random = random
        self.share = {rate: known["percent"] / 100 for rate, known in rates.items()}
        self.coming = []  # heap of (moment, number, kind of reaction, mailing trace id)

    def expect(self, trace_ids, now):
        """Decide for mails that were just sent who will react, how and when.

        Who clicks or answers has opened; the three shares are of all that were sent.
        """
        for trace_id in trace_ids:
            luck = self.random.random()
            kinds = [rate for rate in RATES if luck < self.share[rate]]
            if kinds:
                (hours,) = self.random.choices(DELAYS, WEIGHTS)
                for kind in kinds:
                    entry = (now + timedelta(hours=hours), len(self.coming), kind, trace_id)
                    heapq.heappush(self.coming, entry)

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
