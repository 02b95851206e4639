"""The dashboard: figures of a period beside those of the one before, of one scenario or of all (S43, S57)."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Date, Datetime, Domain

from .. import clock
from ..channels.sql import FACTS_TOLD

MOST_DAYS = 366
SUMS = [f"{name}:sum" for name in FACTS_TOLD]


def share(part, whole):
    """``part`` of ``whole``, None where there is nothing to be a part of."""
    return part / whole if whole else None


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_dashboard(self):
        """Open the dashboard of this scenario."""
        self.ensure_one()
        scenario = self.original_id or self
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario.dashboard",
            "name": self.env._("Dashboard of “%(scenario)s”", scenario=scenario.name),
            "params": {"scenario_id": scenario.id},
        }

    @api.model
    def dashboard(self, days=90, scenario_id=False):
        """Figures of the last ``days`` days.

        :param days: 1 to 366
        :param scenario_id: of this scenario; False: of all that the user sees
        :return: dict: ``tiles`` ``{name: figure}``, ``weeks`` ``[{"week", "door", "count", "reached"}]``,
            ``doors``, ``scenarios``, ``messages``: rows of figures; ``controls`` ``[{"id", "name", "html"}]``:
            scenarios beside their control groups; ``door_labels``, ``currency_id``, ``since``
        """
        scenario, board = self._board(days, scenario_id, 0)
        entries, messages, money = board.entries(), board.messages(), board.money()
        compared = scenario or self.browse({row[2].id for row in entries}).sorted("name")
        return {
            "scenario": {"id": scenario.id, "name": scenario.name} if scenario else False,
            "currency_id": self.env.company.currency_id.id,
            "since": Datetime.to_string(board.since),
            "tiles": board.tiles(entries, messages, money),
            "weeks": [
                {"week": Date.to_string(week), "door": door, "count": count, "reached": reached}
                for week, door, _scenario, count, reached, _days, _value in entries
            ],
            "door_labels": dict(self.env["marketing.report.entry"]._fields["door"]._description_selection(self.env)),
            "doors": board.rows(entries, 1, money),
            "scenarios": [] if scenario else board.scenario_rows(entries, money),
            "controls": [
                {"id": one.id, "name": one.name, "html": one.control_report} for one in compared if one.control_report
            ],
            "messages": board.message_rows(messages, money),
        }

    @api.model
    def dashboard_before(self, days=90, scenario_id=False):
        """The tiles of ``dashboard`` for the period before, ``{name: figure}``, and its ``since``. Asked apart, while
        those are shown."""
        board = self._board(days, scenario_id, 1)[1]
        return {**board.totals(), "since": Datetime.to_string(board.since)}

    def _board(self, days, scenario_id, ago):
        """:param ago: how many periods before the one that ends now"""
        if not isinstance(days, int) or not 1 <= days <= MOST_DAYS:
            raise UserError(self.env._("days: a whole number from 1 to %(most)s is expected.", most=MOST_DAYS))
        scenario = self.browse(scenario_id or ())
        scenario.check_access("read")
        until = clock.now(self.env) - ago * timedelta(days=days)
        return scenario, _Board(self.env, scenario, until - timedelta(days=days), until)


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def action_dashboard(self):
        """Open the dashboard of the scenario where it tells of this step: who goes on, and what is clicked."""
        self.ensure_one()
        self.check_access("read")
        action = self.scenario_id.action_dashboard()
        action["params"]["step_id"] = self._walked().id
        return action


class _Board:
    """Figures of one period, asked with the rights of the user: each method is one question."""

    def __init__(self, env, scenario, since, until):
        self.env, self.since, self.until = env, since, until
        self.mine = Domain("scenario_id", "=", scenario.id) if scenario else Domain.TRUE
        # Odoo adds up money in the currency of rate 1
        currency = env.company.currency_id
        self.rate = currency._get_rates(env.company, Date.context_today(env.company))[currency.id]

    def _ask(self, model, moment, groupby, aggregates):
        within = Domain(moment, ">=", self.since) & Domain(moment, "<", self.until)
        rows = self.env[f"marketing.report.{model}"]._read_group(within & self.mine, groupby, aggregates)
        if self.rate != 1 and aggregates[-1].endswith(":sum_currency"):
            return [(*others, money and money * self.rate) for *others, money in rows]
        return rows

    def entries(self):
        groupby = ["entered_at:week", "door", "scenario_id"]
        return self._ask("entry", "entered_at", groupby, ["__count", "reached:sum", "days:sum", "value:sum_currency"])

    def messages(self):
        return self._ask("message", "sent_at", ["step_id"], SUMS)

    def money(self):
        groupby = ["scenario_id", "step_id", "door"]
        return self._ask("touch", "at", groupby, ["created:sum", "won:sum", "revenue:sum_currency"])

    def totals(self):
        """The tiles alone."""
        entries = self._ask("entry", "entered_at", [], ["__count", "reached:sum", "days:sum", "value:sum_currency"])
        money = self._ask("touch", "at", [], ["created:sum", "won:sum", "revenue:sum_currency"])
        return self.tiles(entries, self._ask("message", "sent_at", [], SUMS), money)

    def tiles(self, entries, messages, money):
        def total(rows, column):
            return sum(row[column] or 0 for row in rows)

        count, reached, days, value = (total(entries, column) for column in (-4, -3, -2, -1))
        told = dict(zip(FACTS_TOLD, (total(messages, i - len(SUMS)) for i in range(len(SUMS))), strict=True))
        return {
            "entries": count,
            "reached": reached,
            "goal_rate": share(reached, count),
            "days": share(days, reached),
            "value": value,
            "sent": told["sent"],
            "open_rate": share(told["opened"], told["delivered"]),
            "click_rate": share(told["clicked"], told["delivered"]),
            "opt_out_rate": share(told["opted_out"], told["delivered"]),
            "created": total(money, -3),
            "won": total(money, -2),
            "revenue": total(money, -1),
        }

    def rows(self, entries, column, money):
        """Entries, goals and money by door (column 1) or scenario (column 2)."""
        found = {}
        nothing = dict.fromkeys(("entries", "reached", "value", "won", "revenue"), 0)
        for row in entries:
            figures = found.setdefault(row[column], dict(nothing))
            figures["entries"] += row[-4]
            figures["reached"] += row[-3] or 0
            figures["value"] += row[-1] or 0
        for scenario, _step, door, _created, won, revenue in money:
            # what is won in the period may be of those who entered before
            if won or revenue:
                figures = found.setdefault(door if column == 1 else scenario, dict(nothing))
                figures["won"] += won or 0
                figures["revenue"] += revenue or 0
        rows = [
            {
                "key": key.id if column == 2 else key or "",
                "name": key.name if column == 2 else "",
                "goal_rate": share(figures["reached"], figures["entries"]),
                **figures,
            }
            for key, figures in found.items()
        ]
        return sorted(rows, key=lambda row: -row["entries"])

    def scenario_rows(self, entries, money):
        """As ``rows``, each with what its control group shows."""
        rows = self.rows(entries, 2, money)
        scenarios = self.env["marketing.scenario"]
        return [{**row, "below": scenarios.browse(row["key"]).control_told or ""} for row in rows]

    def message_rows(self, messages, money):
        earned = {}
        for _scenario, step, _door, created, won, revenue in money:
            sums = earned.setdefault(step, [0, 0, 0])
            for number, value in enumerate((created, won, revenue)):
                sums[number] += value or 0
        told = {step: [value or 0 for value in figures] for step, *figures in messages}
        # what comes in the period may be of messages that left before
        for step, sums in earned.items():
            if any(sums):
                told.setdefault(step, [0] * len(FACTS_TOLD))
        rows = []
        for step, figures in told.items():
            created, won, revenue = earned.get(step, (0, 0, 0))
            rows.append(
                {
                    "step_id": step.id,
                    "name": step.name,
                    "scenario": step.scenario_id.name,
                    "position": (step.scenario_id.name or "", step.position),
                    "has_mail": step._channel() == "email",
                    **dict(zip(FACTS_TOLD, figures, strict=True)),
                    "created": created,
                    "won": won,
                    "revenue": revenue,
                }
            )
        return sorted(rows, key=lambda row: row["position"])
