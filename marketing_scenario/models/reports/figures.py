"""Reports are SQL views: figures of all, people only of whom one sees (S43, S48)."""

from datetime import datetime

from odoo import api, fields, models

from .. import clock
from . import sql

BOUNDS = (">=", ">", "<=", "<")
MOST_SPANS = 200
SPANS = {"hour", "day", "week", "month", "quarter", "year"}
COUNTS = ("count", "count_distinct")


class Figures:
    """In the context of a read: figures are asked that name nobody. No one outside the server can say so."""

    def __init__(self, hours=None):
        """:param hours: of these rows are read, of all others the counters; None: rows of all hours"""
        self.hours = hours


class MarketingReport(models.AbstractModel):
    """What the reports share. Their rows are seen by those who see the person; figures, grouped by anything that names
    no person, are those of all rows of one's companies.

    A report that is counted hour by hour names its moment, what it can be asked about, and how its averages are made.
    """

    _name = "marketing.report"
    _description = "Figures of scenarios"
    _inherit = ["marketing.target.visibility"]
    _auto = False
    _log_access = False
    _rec_name = "scenario_id"
    _people = ("enrollment_id",)  # fields that lead to a person
    _moment = None  # the field that says when
    _counted_by = ()  # fields that the counters know
    _sums = ()  # figures that are added up
    _averages = {}  # {field: (sum of the part, sum of the whole)}

    scenario_id = fields.Many2one("marketing.scenario", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    enrollment_id = fields.Many2one("marketing.scenario.enrollment", "Person", readonly=True)

    @property
    def _table_query(self):
        hours = self._hours()
        return self._rows() if hours is None else self._counted(hours)

    def _rows(self):
        """The query of all rows."""
        raise NotImplementedError

    def _counted(self, hours):
        """The query of the counters, with the rows of these hours."""
        raise NotImplementedError

    def _hours(self):
        asked = self.env.context.get("marketing_figures")
        return asked.hours if isinstance(asked, Figures) else None

    def _visible_domain(self):
        if isinstance(self.env.context.get("marketing_figures"), Figures):
            return fields.Domain.TRUE
        return self._may_read(self._people[0])

    @api.model
    def _action_rows(self, title, domain, grouped):
        """The rows of ``domain`` as a list, grouped as the filter ``group_<grouped>`` says; also as pivot and graph."""
        views = ("list", "pivot", "graph")
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(f"marketing_scenario.{self._table}_action"),
            "display_name": title,
            "view_mode": ",".join(views),
            "views": [(False, view) for view in views],
            "domain": domain,
            "context": {f"search_default_group_{grouped}": 1},
        }

    @api.model
    def _read_group(self, domain, groupby=(), aggregates=(), *args, **kwargs):
        asked = self._for(domain, groupby, aggregates)
        return super(MarketingReport, asked)._read_group(domain, groupby, aggregates, *args, **kwargs)

    @api.model
    def _read_grouping_sets(self, domain, grouping_sets, aggregates=(), *args, **kwargs):
        asked = self._for(domain, [spec for specs in grouping_sets for spec in specs], aggregates)
        return super(MarketingReport, asked)._read_grouping_sets(domain, grouping_sets, aggregates, *args, **kwargs)

    def _read_group_select(self, aggregate_spec, query):
        if self._hours() is None:
            return super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "__count":
            return sql.rows_counted(self._table)
        name, _colon, how = aggregate_spec.partition(":")
        if how == "avg":
            return sql.average(self._table, *self._averages[name])
        return super()._read_group_select(aggregate_spec, query)

    def _for(self, domain, groupby, aggregates):
        """This model, asked for the figures of all when nothing in the question leads to a person, and asked for the
        counters when they know all that the question is about."""
        sql.with_memory(self.env.cr)
        domain = fields.Domain(domain)
        told = [spec.partition(":")[::2] for spec in aggregates if spec != "__count"]
        named = [leaf.field_expr for leaf in domain.iter_conditions()]
        named += [spec.split(":")[0] for spec in groupby]
        named += [name for name, how in told if how not in COUNTS]
        closed = {"id", *self._people}
        if any(name.split(".")[0] in closed for name in named):
            return self
        counted = self._is_counted(domain, groupby, told)
        hours = self._live_hours(domain) if counted else None
        return self.with_context(marketing_figures=Figures(hours))

    def _is_counted(self, domain, groupby, told):
        """Whether the counters of hours can answer."""
        if not self._moment:
            return False
        known = {self._moment, *self._counted_by}
        named = [leaf.field_expr for leaf in domain.iter_conditions()] + [spec.split(":")[0] for spec in groupby]
        spans = {spec.partition(":")[2] or "month" for spec in groupby if spec.split(":")[0] == self._moment}
        return (
            all(name.split(".")[0] in known for name in named)
            and all(self._is_summed(name, how) for name, how in told)
            and (not spans or spans <= SPANS and self._has_whole_hours())
            and all(leaf.operator in BOUNDS and isinstance(leaf.value, datetime) for leaf in self._bounds_of(domain))
        )

    def _is_summed(self, name, how):
        if name in self._counted_by:
            return how.endswith("_distinct")
        return name in self._averages if how == "avg" else name in self._sums and how in ("sum", "sum_currency")

    def _has_whole_hours(self):
        """Whether the days of the user begin with an hour of the counters: not so in India."""
        noon = clock.now(self.env)
        return all(
            not self.env.tz.utcoffset(noon.replace(month=month, day=1, hour=12)).seconds % 3600 for month in (1, 7)
        )

    def _bounds_of(self, domain):
        leaves = domain.optimize_full(self).iter_conditions()
        return [leaf for leaf in leaves if leaf.field_expr.split(".")[0] == self._moment]

    def _live_hours(self, domain):
        """Hours of which rows are read: something changed there, or the question is about a part of them.

        :return: None when they are so many, here and there, that all rows are read sooner
        """
        self.env.flush_all()
        cut = {leaf.value.replace(minute=0, second=0, microsecond=0) for leaf in self._bounds_of(domain)}
        hours = cut.union(sql.stale_hours(self.env.cr))
        return hours if len(sql.spans(hours)) <= MOST_SPANS else None

    def action_open_run(self):
        """The path of the person behind a row."""
        return self.enrollment_id.action_open()
