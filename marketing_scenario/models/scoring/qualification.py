"""What a changed score sets off (S4): events, and the qualification of the person and their leads, once."""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from .. import clock

MANAGER = "marketing_scenario.group_scenario_manager"


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_qualification_score = fields.Integer(
        "Qualification score", default=100, help="Score at which a lead becomes qualified."
    )
    marketing_qualify_converts = fields.Boolean(
        "A qualified lead becomes an opportunity",
        help="When the score of a lead reaches the qualification score, it is converted.",
    )

    def write(self, vals):
        before = {company: company.marketing_qualification_score for company in self}
        result = super().write(vals)
        for company, score in before.items():
            new = company.marketing_qualification_score
            if new > 0 and (score <= 0 or new < score):
                company._qualify_who_has_enough()
        return result

    def _qualify_who_has_enough(self):
        """After the threshold came down: who has reached it already need not wait for their next point.

        As with points gained: persons without a company count for the company of the user who acts.
        """
        self.ensure_one()
        companies = [self.id, False] if self == self.env.company else [self.id]
        for model in ("res.partner", "crm.lead"):
            # sudo: who may change the threshold need not see everybody it concerns
            persons = self.env[model].sudo()
            domain = Domain("company_id", "in", companies) & Domain("marketing_qualified", "=", False)
            domain &= Domain("marketing_score", ">=", self.marketing_qualification_score)
            if model == "crm.lead":
                domain &= Domain("partner_id", "=", False) & Domain("won_status", "=", "pending")
            persons.search(domain)._set_qualified()


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    marketing_qualified = fields.Boolean("Qualified by score", readonly=True, copy=False)
    marketing_qualified_date = fields.Datetime("Qualified on", readonly=True, copy=False)

    def _score_changed(self, scores):
        result = super()._score_changed(scores)
        notes = [("score_changed", self, lambda: {i: {"to": new} for i, (_old, new) in scores.items()})]
        gained = {i: (old, new) for i, (old, new) in scores.items() if new > old}
        if gained:
            gainers = self.browse(gained)
            notes.append(
                ("score_reached", gainers, lambda: {i: {"from": old, "to": new} for i, (old, new) in gained.items()})
            )
            gainers._qualify({i: new for i, (_old, new) in gained.items()})
        self.env["marketing.automatism.event"]._note_all(notes)
        return result

    def _qualify(self, scores):
        """Flag those of these persons whose score has reached their company's threshold, and qualify their leads."""
        # sudo: the thresholds are settings; flags are written by the addon only
        companies = self.env["res.company"].sudo().search([])
        thresholds = {company.id: company.marketing_qualification_score for company in companies}
        lowest = min((value for value in thresholds.values() if value > 0), default=0)
        high = self.sudo().browse([i for i in self.ids if lowest and scores.get(i, 0) >= lowest])
        default = self.env.company.id

        def reached(record):
            threshold = thresholds[record.company_id.id or default]
            return 0 < threshold <= scores[record.id]

        qualified = high.filtered(reached)
        if qualified:
            qualified._set_qualified()

    def _set_qualified(self):
        """Set flag and date on those of these records that have not got them yet; return them."""
        fresh = self.filtered(lambda record: not record.marketing_qualified)
        if fresh:
            now = clock.now(self.env)
            fresh.write({"marketing_qualified": True, "marketing_qualified_date": now})
        return fresh


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _set_qualified(self):
        fresh = super()._set_qualified()
        # a lead made after its contact was qualified is so from the next change of the score on
        self.env["crm.lead"].sudo().search(
            [
                ("partner_id", "in", self.ids),
                ("won_status", "=", "pending"),
                ("marketing_qualified", "=", False),
            ]
        )._set_qualified()
        return fresh


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _set_qualified(self):
        fresh = super()._set_qualified()
        if fresh:
            fresh._message_log_batch(
                bodies={
                    lead.id: self.env._("Qualified: the score has reached %(score)s.", score=lead.marketing_score)
                    for lead in fresh
                }
            )
            converting = fresh.filtered(
                lambda lead: lead.type == "lead" and (lead.company_id or lead.env.company).marketing_qualify_converts
            )
            for partner, leads in converting.grouped("partner_id").items():
                leads.convert_opportunity(partner)
        return fresh


class MarketingScenario(models.Model):
    """The qualification score is edited in place on the page of the scenarios (S4, S6)."""

    _inherit = "marketing.scenario"

    @api.model
    def qualification_score(self):
        """``{"score": points, "editable": bool}`` of the current company."""
        return {
            "score": self.env.company.sudo().marketing_qualification_score,  # sudo: a figure all users may see
            "editable": self.env.user.has_group(MANAGER),
        }

    @api.model
    def set_qualification_score(self, score):
        """Change the score at which a lead becomes qualified, in the current company.

        :param score: whole number of points, at least 1
        :raise AccessError: the user is no manager
        :raise UserError: not a whole number of at least 1
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only a manager of marketing scenarios changes the qualification score."))
        if type(score) is not int or not 1 <= score < 2**31:
            raise UserError(self.env._("The qualification score is a whole number of at least 1."))
        # sudo: a scenario manager is not a settings administrator, but this number is theirs
        self.env.company.sudo().marketing_qualification_score = score
        return score


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    marketing_qualification_score = fields.Integer(related="company_id.marketing_qualification_score", readonly=False)
    marketing_qualify_converts = fields.Boolean(related="company_id.marketing_qualify_converts", readonly=False)
