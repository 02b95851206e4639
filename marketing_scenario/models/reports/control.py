"""Those who walk beside the control group, to be counted by anything (S58)."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..enrollment.states import DOORS
from ..goals import sql
from . import sql as figures_sql

BY = ("user_id", "lang", "source_id", "target_kind")
# of whom a figure of the comparison is made
OUTCOMES = {"goal": "reached", "won": "won", "revenue": "revenue", "opted_out": "opted_out"}
OF_GROUP = ("difference", "difference_from", "difference_to")


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_compared_people(self, side=False, outcome=False):
        """The people of the scenario and of its control group, whom the comparison counts.

        :param side: ``walked`` or ``held``: of this group only
        :param outcome: of whom a figure is made: key of ``OUTCOMES``
        :raise UserError: there is no such figure
        """
        self.ensure_one()
        self.check_access("read")
        scenario = self._tried()
        title = self.env._("With and without “%(scenario)s”", scenario=scenario.name)
        if outcome and outcome not in OUTCOMES:
            raise UserError(self.env._("outcome: one of %(known)s is expected.", known=", ".join(OUTCOMES)))
        mine = [("scenario_id", "=", scenario.id)]
        mine += [("side", "=", side)] if side else []
        mine += [(OUTCOMES[outcome], ">", 0)] if outcome else []
        return self.env["marketing.report.control"]._action_rows(title, mine, "side")

    def compare_by(self, by):
        """Who reached a goal with and without the scenario, by what people have in common.

        :param by: field of the report: salesperson, language, source or kind
        :return: ``[{"key", "label", "people", "held_people", "walked", "held", "difference", "range", "proved"}]``; the
            last five where there are people on both sides
        :raise UserError: nothing is compared by that
        """
        self.ensure_one()
        self.check_access("read")
        if by not in BY:
            raise UserError(self.env._("by: one of %(known)s is expected.", known=", ".join(BY)))
        report = self.env["marketing.report.control"]
        mine = [("scenario_id", "=", self._tried().id)]
        groups = {}
        for key, side, people, reached in report._read_group(mine, [by, "side"], ["people:sum", "reached:sum"]):
            groups.setdefault(key, {"walked": (0, 0), "held": (0, 0)})[side] = (reached, people)
        field = report._fields[by]
        labels = dict(field._description_selection(self.env)) if field.type == "selection" else {}
        rows = []
        for key, sides in groups.items():
            (_reached, people), (_held_reached, held_people) = sides["walked"], sides["held"]
            rows.append(
                {
                    "key": key if labels else key.id,
                    "label": (labels.get(key) if labels else key.display_name) or self.env._("Unknown"),
                    "people": people,
                    "held_people": held_people,
                    **(self._shares_row(*sides["walked"], *sides["held"]) if people and held_people else {}),
                }
            )
        return sorted(rows, key=lambda row: (-row["people"] - row["held_people"], row["label"]))


class MarketingReportControl(models.Model):
    """A row a person of a scenario that has a control group, of those whom the scenario compares: since the share was
    last changed, once, however often they entered."""

    _name = "marketing.report.control"
    _description = "With and without the scenario"
    _inherit = ["marketing.report.compared"]
    _auto = False
    _order = "entered_at desc, id desc"

    side = fields.Selection([("walked", "Walk"), ("held", "Control group")], "Group", readonly=True)
    entered_at = fields.Datetime("Entered on", readonly=True)
    door = fields.Selection(DOORS, "Entered by", readonly=True)
    target_kind = fields.Selection(
        [("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], "Kind", readonly=True
    )
    lang = fields.Selection(lambda self: self.env["res.lang"].get_installed(), "Language", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    source_id = fields.Many2one("utm.source", readonly=True)
    people = fields.Integer(readonly=True)
    reached = fields.Integer("Reached a goal", readonly=True)
    goal_rate = fields.Float("Goal rate", readonly=True, aggregator="avg")
    days = fields.Float("Days to the goal", readonly=True, aggregator="avg")
    value = fields.Monetary("Value of goals", readonly=True)
    value_each = fields.Float("Value of goals per person", readonly=True, aggregator="avg")
    currency_id = fields.Many2one("res.currency", readonly=True)
    won = fields.Integer("Won an opportunity", readonly=True)
    revenue = fields.Float("Revenue won", digits=(16, 2), readonly=True, help="In the currency of your company.")
    opted_out = fields.Integer(readonly=True)

    def _rows(self):
        rates = self.env["marketing.scenario"]._rates_to(self.env.company.currency_id)
        return sql.compared_people(rates)

    def _read_group_select(self, aggregate_spec, query):
        name = aggregate_spec.partition(":")[0]
        if name in OF_GROUP:
            return figures_sql.difference(self._table, name)
        return super()._read_group_select(aggregate_spec, query)
