"""Score of a person (S4): one number, every change a row."""

from collections import Counter

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
        changes = {}  # each of several records of one person counts
        for record in self:
            holder = record._score_holder()
            counts = changes.setdefault(holder._name, Counter())
            counts[holder.id] += 1
        for model, counts in changes.items():
            holders = self.env[model].browse(sorted(counts))
            holders.flush_recordset(["marketing_own_score"])
            scores = sql.change_score(
                self.env.cr,
                model,
                {holder.id: 1 if reset else counts[holder.id] for holder in holders},
                None if reset else points,
                reason,
                source or None,
                clock.now(self.env),
                self.env.uid,
            )
            holders._forget_scores()
            holders._score_changed(scores)

    def _forget_scores(self):
        self.invalidate_recordset(["marketing_own_score", "marketing_score_line_ids"])
        self.modified(["marketing_own_score"])

    def _score_changed(self, scores):
        """Hook: ``{id: (score before, new score)}`` of the records whose score just changed (qualification, events)."""

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
        # before the contact takes over what is known of the lead
        if any(lead.marketing_own_score for lead in sources):
            (self + sources).flush_recordset(["marketing_own_score"])
            sql.inherit_score_lines(self.env.cr, sources.ids, self.id)
            (self + sources).invalidate_recordset(["marketing_own_score", "marketing_score_line_ids"])
        return super()._marketing_inherit(sources)

    def _marketing_hand_over(self):
        """The points of a lead are its contact's from now on, with their history (S4, S51)."""
        result = super()._marketing_hand_over()
        contacts = self.partner_id
        self.flush_recordset(["marketing_own_score", "partner_id"])
        contacts.flush_recordset(["marketing_own_score"])
        scores = sql.hand_over_score(self.env.cr, self.ids)
        if scores:
            self._forget_scores()
            contacts._forget_scores()
            contacts.browse(scores)._score_changed(scores)
        return result


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _get_summable_fields(self):
        return [*super()._get_summable_fields(), "marketing_own_score"]

    def _update_values(self, src_partners, dst_partner):
        # sudo: who may merge contacts (asked by the wizard) keeps their score without being allowed to set one
        return super()._update_values(src_partners.sudo(), dst_partner.sudo())
