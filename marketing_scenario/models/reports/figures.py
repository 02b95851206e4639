"""Reports are SQL views: figures of all, people only of whom one sees (S43, S48)."""

from odoo import api, fields, models

from . import sql

# In the context of a read: figures are asked that name nobody. No one outside the server can say so.
FIGURES = object()
COUNTS = ("count", "count_distinct")


class MarketingReport(models.AbstractModel):
    """What the reports share. Their rows are seen by those who see the person; figures, grouped by anything that names
    no person, are those of all rows of one's companies."""

    _name = "marketing.report"
    _description = "Figures of scenarios"
    _inherit = ["marketing.target.visibility"]
    _auto = False
    _log_access = False
    _rec_name = "scenario_id"
    _people = ("enrollment_id",)  # fields that lead to a person

    scenario_id = fields.Many2one("marketing.scenario", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    enrollment_id = fields.Many2one("marketing.scenario.enrollment", "Person", readonly=True)

    def _visible_domain(self):
        if self.env.context.get("marketing_figures") is FIGURES:
            return fields.Domain.TRUE
        return self._may_read(self._people[0])

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        asked = self._for(domain, groupby, aggregates)
        return super(MarketingReport, asked)._read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        asked = self._for(domain, [spec for specs in grouping_sets for spec in specs], aggregates)
        return super(MarketingReport, asked)._read_grouping_sets(domain, grouping_sets, aggregates, *args, **kwargs)

    def _for(self, domain, groupby, aggregates):
        """This model, asked for the figures of all when nothing in the question leads to a person."""
        sql.with_memory(self.env.cr)
        named = [leaf.field_expr for leaf in fields.Domain(domain).iter_conditions()]
        named += [spec.split(":")[0] for spec in groupby]
        named += [spec.split(":")[0] for spec in aggregates if ":" in spec and spec.split(":")[1] not in COUNTS]
        closed = {"id", *self._people}
        if any(name.split(".")[0] in closed for name in named):
            return self
        return self.with_context(marketing_figures=FIGURES)

    def action_open_run(self):
        """The path of the person behind a row."""
        return self.enrollment_id.action_open()
