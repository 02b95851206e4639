"""Score of a person (S4): one number, every change a row."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .. import clock
from . import sql

READERS = "marketing_scenario.group_scenario_user"  # what marketing knows of a person is not for the person's portal


class MarketingScoreLine(models.Model):
    _name = "marketing.score.line"
    _description = "Score change"
    _inherit = ["marketing.target.visibility"]
    _order = "id desc"

    partner_id = fields.Many2one("res.partner", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    points = fields.Integer(required=True, help="Points added; a reset takes away what was there.")
    reason = fields.Char(required=True)
    source = fields.Char(help="Scenario, form or automation that changed the score.")
    at = fields.Datetime("Moment", required=True)


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_own_score = fields.Integer("Own score", default=0, copy=False, readonly=True, groups=READERS)
    marketing_score = fields.Integer(
        "Score", compute="_compute_marketing_score", search="_search_marketing_score", groups=READERS
    )

    @api.depends("marketing_own_score")
    def _compute_marketing_score(self):
        for record in self:
            record.marketing_score = record._score_holder().marketing_own_score

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("marketing_own_score"):
                self._check_score_written()
        return super().create(vals_list)

    def write(self, vals):
        if "marketing_own_score" in vals:
            self._check_score_written()
        return super().write(vals)

    def _check_score_written(self):
        """Every change of a score is a row of its history.

        :raise AccessError: written as a plain field
        """
        if not self.env.su:
            raise AccessError(self.env._("The score is kept by the system: it changes with its history only."))

    def _search_marketing_score(self, operator, value):
        return [("marketing_own_score", operator, value)]

    def _score_holder(self):
        """The record that carries this target's score: the person."""
        return self

    def _add_score(self, points, reason, source=False):
        """Add points to the persons behind these records, each change a row (S4).

        :param points: may be negative
        :param reason: short text for the history
        """
        self._change_score(points, reason, source, reset=False)

    def _reset_score(self, reason, source=False):
        """Set the score of the persons behind these records to 0, each change a row."""
        self._change_score(0, reason, source, reset=True)

    def _change_score(self, points, reason, source, reset):
        by_model = {}
        for record in self:
            holder = record._score_holder()
            by_model.setdefault(holder._name, set()).add(holder.id)
        for model, ids in by_model.items():
            holders = self.env[model].browse(sorted(ids))
            holders.flush_recordset(["marketing_own_score"])
            scores = sql.change_score(
                self.env.cr,
                model,
                holders.ids,
                None if reset else points,
                reason,
                source or None,
                clock.now(self.env),
                self.env.uid,
            )
            holders.invalidate_recordset(["marketing_own_score", "marketing_score_line_ids"])
            holders.modified(["marketing_own_score"])
            holders._score_changed(scores)

    def _score_changed(self, scores):
        """Hook: ``{id: new score}`` of the records whose score just changed (qualification, events)."""

    def _forget_person(self, person):
        self.env["marketing.score.line"].search([(self._marketing_column, "in", self.ids)]).unlink()
        return super()._forget_person(person)

    def _forgotten_values(self):
        return {
            **super()._forgotten_values(),
            "marketing_own_score": 0,
            "marketing_qualified": False,
            "marketing_qualified_date": False,
        }

    def _person_report(self):
        lines = self.env["marketing.score.line"].search([(self._marketing_column, "in", self.ids)], order="id")
        title = self.env._("Changes of the score")
        return {**super()._person_report(), title: self._report_rows(lines, ("at", "points", "reason", "source"))}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _score_holder(self):
        return self.partner_id or self

    @api.depends("partner_id.marketing_own_score", "marketing_own_score", "partner_id")
    def _compute_marketing_score(self):
        return super()._compute_marketing_score()

    def _search_marketing_score(self, operator, value):
        return [
            "|",
            ("partner_id.marketing_own_score", operator, value),
            "&",
            ("partner_id", "=", False),
            ("marketing_own_score", operator, value),
        ]

    def _marketing_inherit(self, sources):
        result = super()._marketing_inherit(sources)
        if any(lead.marketing_own_score for lead in sources):
            (self + sources).flush_recordset(["marketing_own_score"])
            sql.inherit_score_lines(self.env.cr, sources.ids, self.id)
            (self + sources).invalidate_recordset(["marketing_own_score", "marketing_score_line_ids"])
        return result


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _get_summable_fields(self):
        return [*super()._get_summable_fields(), "marketing_own_score"]

    def _update_values(self, src_partners, dst_partner):
        # sudo: who may merge contacts (asked by the wizard) keeps their score without being allowed to set one
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
