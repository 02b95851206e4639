from odoo import fields, models
from odoo.exceptions import UserError

from .enrollment import DOORS
from .reasons import REASONS


class MarketingScenarioRefusal(models.Model):
    """An entry that was refused, with its reason: never silent (S10, S18)."""

    _name = "marketing.scenario.refusal"
    _description = "Refused entry"
    _inherit = ["marketing.target.visibility"]
    _order = "id desc"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="scenario_id.company_id", store=True)
    target_kind = fields.Selection([("contact", "Contact"), ("account", "Account"), ("lead", "Lead")], string="Kind")
    partner_id = fields.Many2one("res.partner", string="Contact", ondelete="cascade", index="btree_not_null")
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", index="btree_not_null")
    reason = fields.Selection(REASONS, required=True)
    door = fields.Selection(DOORS)
    user_id = fields.Many2one("res.users", string="Asked by")
    at = fields.Datetime("Moment", required=True)
    state = fields.Selection(
        [("open", "Refused"), ("entered", "Entered later"), ("dismissed", "Dismissed")], default="open", required=True
    )

    _open_idx = models.Index("(scenario_id) WHERE state = 'open'")

    def action_enter_now(self):
        """Try again to send the refused records in (S18).

        :raise UserError: nobody could enter; the message says why
        """
        entered = self.browse()
        reasons = set()
        for (scenario, door), refusals in self.grouped(lambda refusal: (refusal.scenario_id, refusal.door)).items():
            for field in ("partner_id", "lead_id"):
                concerned = refusals.filtered(field)
                if not concerned:
                    continue
                enrollments, refused = scenario._enroll_allowed(concerned[field], door or "hand")
                reasons |= set(refused.values())
                went_in = enrollments.sudo()[field]
                entered |= concerned.filtered(lambda r, field=field, went_in=went_in: r[field] in went_in)
        # sudo: refusals are written by the addon only
        entered.sudo().write({"state": "entered"})
        if not entered and reasons:
            labels = dict(self._fields["reason"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "Nobody could enter: %(reasons)s.", reasons=", ".join(sorted(labels[code] for code in reasons))
                )
            )
        return True

    def action_dismiss(self):
        """Take the rows off the list of open refusals."""
        for records in (self.partner_id, self.lead_id):
            records.check_access("write")
        self.sudo().write({"state": "dismissed"})  # sudo: refusals are written by the addon only
        return True
