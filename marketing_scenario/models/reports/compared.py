"""How those who walk do beside the control group, in any report (S58)."""

from odoo import api, fields, models
from odoo.fields import Domain

FIGURES = ("walked_rate", "held_rate", "difference", "difference_from", "difference_to")


class MarketingReportCompared(models.AbstractModel):
    """A report of people, whose figures may stand beside what the control group shows.

    These figures are those of ``marketing.report.control``, asked by what a group of rows has in common. Where the
    people behind are others than those of the comparison there is none: one message has no control group of its own.
    """

    _name = "marketing.report.compared"
    _description = "Figures beside the control group"
    _inherit = ["marketing.report"]
    _auto = False
    _compared_by = ()  # fields that say the same of a person there
    _compared_over = ()  # fields of a moment that the comparison has not: it is that of all people since it began

    control_told = fields.Char(related="scenario_id.control_told")
    # of a group of people only
    walked_rate = fields.Float("Goal rate of those who walk (%)", readonly=True, aggregator="avg")
    held_rate = fields.Float("Goal rate of the control group (%)", readonly=True, aggregator="avg")
    difference = fields.Float(
        "Difference (points)",
        readonly=True,
        aggregator="max",
        help="Of the people since the control group began, each once: goal rate of those who walk, less that of the "
        "control group.",
    )
    difference_from = fields.Float("From (95 %)", readonly=True, aggregator="max")
    difference_to = fields.Float("To (95 %)", readonly=True, aggregator="max")

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        asked, own = self._asked(aggregates)
        rows = super()._read_group(domain, groupby, own, *args, **kwargs)
        return self._beside(rows, domain, groupby, aggregates, asked) if asked else rows

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        asked, own = self._asked(aggregates)
        found = super()._read_grouping_sets(domain, grouping_sets, own, *args, **kwargs)
        if not asked:
            return found
        return [
            self._beside(rows, domain, groupby, aggregates, asked)
            for groupby, rows in zip(grouping_sets, found, strict=True)
        ]

    def _asked(self, aggregates):
        """Of these, those of the comparison, and the report's own: at least one, or there would be no groups."""
        theirs = FIGURES if self._compared_by else ()
        asked = [spec for spec in aggregates if spec.partition(":")[0] in theirs]
        if not asked:
            return [], aggregates
        return asked, [spec for spec in aggregates if spec not in asked] or ["__count"]

    def _beside(self, rows, domain, groupby, aggregates, asked):
        """``rows`` of the report's own aggregates, with those of the comparison, ``asked``, in their places."""
        found, size = {}, len(groupby)
        domain = Domain(domain).map_conditions(
            lambda leaf: Domain.TRUE if leaf.field_expr in self._compared_over else leaf
        )
        named = [leaf.field_expr for leaf in domain.iter_conditions()] + [spec.split(":")[0] for spec in groupby]
        if all(name.split(".")[0] in self._compared_by for name in named):
            control = self.env["marketing.report.control"]
            for row in control._read_group(domain, groupby, asked):
                found[row[:size]] = dict(zip(asked, row[size:], strict=True))
        beside = []
        for row in rows:
            mine, theirs = iter(row[size:]), found.get(row[:size], {})
            told = (theirs.get(spec, False) if spec in asked else next(mine) for spec in aggregates)
            beside.append((*row[:size], *told))
        return beside
