from odoo import api, fields, models
from odoo.tools import format_date


class CrmLead(models.Model):
    _inherit = "crm.lead"

    marketing_came_through = fields.Char(
        "Came through",
        compute="_compute_marketing_came_through",
        help="The last message of a scenario before the opportunity was created; else before it was won.",
    )

    @api.depends("type", "partner_id", "won_status")
    @api.depends_context("lang")
    def _compute_marketing_came_through(self):
        # sudo: names of a scenario and of its step, for all who see the opportunity
        touches = self.env["marketing.report.touch"].sudo()
        for lead in self:
            mine = [("opportunity_id", "=", lead._origin.id)]
            wanted = lead.type == "opportunity" and lead._origin
            told = ["scenario_id", "step_id", "sent_at"]
            order = "fact, sent_at desc, id desc"
            touch = touches.search_fetch(mine, told, order=order, limit=1) if wanted else touches
            lead.marketing_came_through = (
                self.env._(
                    "scenario “%(scenario)s”, “%(message)s” of %(date)s",
                    scenario=touch.scenario_id.name,
                    message=touch.step_id.name,
                    date=format_date(self.env, touch.sent_at),
                )
                if touch
                else False
            )
