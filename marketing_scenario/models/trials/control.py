"""The control group (S58): by lot, some of those who enter are held out, and followed beside the others.

Who is held out is decided at the entry (``entry/sql.py``). Here is what became of both groups: people, not runs,
counted from their first entry on, and only those who came since the share was last changed. Who was held out and walks
later counts as walking, so nobody is in both.
"""

from odoo import api, fields, models
from odoo.tools import format_datetime
from odoo.tools.misc import formatLang

from ...tools import proportions
from .. import clock
from . import sql


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    control_percent = fields.Integer(
        "Control group (%)",
        help="Of those who enter, chosen by lot: they walk nowhere and get nothing; the others are compared with them.",
    )
    control_since = fields.Datetime("Control group since", copy=False, readonly=True)
    control_figures = fields.Json("Figures of the comparison", copy=False, readonly=True)
    control_report = fields.Html("Comparison", compute="_compute_control_report", sanitize=False)
    control_told = fields.Char("Beside the control group", compute="_compute_control_told")

    _control_percent_valid = models.Constraint(
        "CHECK (control_percent BETWEEN 0 AND 50)", "The control group is 0 to 50 percent of those who enter."
    )

    @api.model_create_multi
    def create(self, vals_list):
        scenarios = super().create(vals_list)
        scenarios.filtered("control_percent").control_since = clock.now(self.env)
        return scenarios

    def write(self, vals):
        if "control_percent" in vals:
            anew = self.filtered(lambda scenario: scenario.control_percent != (vals["control_percent"] or 0))
            if anew:
                # compared are people who came under one share
                super(MarketingScenario, anew).write({"control_since": clock.now(self.env), "control_figures": False})
        return super().write(vals)

    def _tried(self):
        """Hook: the scenario in which people are, of which this one is a copy."""
        return self

    @api.model
    def _cron_compare(self):
        """Count anew what became of both groups, of each scenario that has a control group."""
        for scenario in self.search([("control_percent", ">", 0), ("state", "!=", "draft")]):
            scenario._count_control()

    def action_compare(self):
        """Count now, instead of at the next hour."""
        self.ensure_one()
        self.check_access("write")
        scenario = self._tried()
        scenario.check_access("write")
        scenario._count_control()
        return True

    def _count_control(self):
        now = clock.now(self.env)
        self.env.flush_all()
        rates = self._rates_to(self._control_currency())
        figures = sql.compare_groups(self.env.cr, self.id, self.control_since or now, rates)
        self._add_outcomes(figures)
        self.control_figures = {**figures, "at": fields.Datetime.to_string(now)}

    @api.model
    def _rates_to(self, currency):
        """``{company id: today's rate from its currency to this one}``"""
        today = clock.now(self.env).date()
        companies = self.env["res.company"].sudo().search([])  # sudo: currencies only
        return {
            company.id: company.currency_id._get_conversion_rate(company.currency_id, currency, company, today)
            for company in companies
        }

    def _control_currency(self):
        return (self.company_id or self.env.company).currency_id

    def _add_outcomes(self, figures):
        """Hook: another outcome adds its count of people to ``figures["walked"]`` and ``figures["held"]``."""

    def _outcome_labels(self):
        """Hook: ``{key of a figure: how it reads}``, in order: shares of the people of each group."""
        return {"won": self.env._("Won an opportunity"), "opted_out": self.env._("Opted out")}

    # -- in words -------------------------------------------------------------------------------------------------

    @api.depends("control_figures")
    @api.depends_context("lang")
    def _compute_control_report(self):
        for scenario in self:
            scenario.control_report = scenario._tried()._render_control()

    @api.depends("control_figures")
    @api.depends_context("lang")
    def _compute_control_told(self):
        for scenario in self:
            rows = scenario._tried()._control_rows()
            scenario.control_told = (
                self.env._(
                    "%(outcome)s: %(difference)s beside the control group (%(range)s)",
                    outcome=rows[0]["label"],
                    difference=rows[0]["difference"],
                    range=rows[0]["range"],
                )
                if rows
                else False
            )

    def _render_control(self):
        figures = self.control_figures
        if not figures:
            return False
        walked, held = figures["walked"], figures["held"]
        at = fields.Datetime.to_datetime(figures["at"])
        return self.env["ir.qweb"]._render(
            "marketing_scenario.control_report",
            {
                "walked": walked["people"],
                "held": held["people"],
                "rows": self._control_rows(),
                "counted": self.env._(
                    "Those who entered since %(since)s, as of %(at)s; counted every hour.",
                    since=format_datetime(self.env, self.control_since),
                    at=format_datetime(self.env, at),
                ),
            },
        )

    def _control_rows(self):
        """What is compared, the goal first; nothing while one of the groups is empty."""
        walked, held = (self.control_figures or {}).get("walked"), (self.control_figures or {}).get("held")
        if not (walked and held and walked["people"] and held["people"]):
            return []
        rows = []
        for key, label in self._outcome_labels().items():
            if key not in walked:
                continue  # nobody has counted it yet
            shares = self._shares_row(walked[key], walked["people"], held[key], held["people"])
            rows.append({"outcome": key, "label": label, **shares})
        sides = ((side["revenue"], side["variance"], side["people"]) for side in (walked, held))
        span = proportions.difference_of_means(*next(sides), *next(sides))
        currency = self._control_currency()
        rows.append(
            {
                "outcome": "revenue",
                "label": self.env._("Revenue won per person (%(currency)s)", currency=currency.symbol or currency.name),
                "walked": self._number(walked["revenue"], 2),
                "held": self._number(held["revenue"], 2),
                "difference": self._signed(walked["revenue"] - held["revenue"], 2),
                "range": self._range(*span, 2) if span else self.env._("too few people"),
                "proved": bool(span) and (span[0] > 0 or span[1] < 0),
            }
        )
        return rows

    def _shares_row(self, count, total, held_count, held_total):
        """Shares of the people of both groups, their difference and its range, as they are read."""
        low, high = proportions.newcombe(count, total, held_count, held_total)
        share, held = count / total, held_count / held_total
        return {
            "walked": f"{self._number(share * 100)} %",
            "held": f"{self._number(held * 100)} %",
            "difference": self.env._("%(number)s points", number=self._signed((share - held) * 100)),
            "range": self._range(low * 100, high * 100),
            "proved": low > 0 or high < 0,
        }

    def _number(self, value, digits=1):
        return formatLang(self.env, value, digits=digits)

    def _signed(self, value, digits=1):
        return ("+" if value > 0 else "") + self._number(value, digits)

    def _range(self, low, high, digits=1):
        return self.env._("%(low)s to %(high)s", low=self._signed(low, digits), high=self._signed(high, digits))
