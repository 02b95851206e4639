from odoo import fields, models

from ..occasions import RECORD


class EventLeadStage(models.Model):
    """A lead reached, left or changed its stage (S14). Payload: ``from``, ``to`` (ids)."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("lead_stage", "Lead reaches a stage")],
        ondelete={"lead_stage": "cascade"},
    )
    lead_stage_from_id = fields.Many2one("crm.stage", string="From stage", ondelete="cascade", help="Empty: any.")
    lead_stage_to_id = fields.Many2one("crm.stage", string="Stage", ondelete="cascade", help="Empty: any.")

    def _describe_event_lead_stage(self):
        source, target = self.lead_stage_from_id.name, self.lead_stage_to_id.name
        if source and target:
            sentence = self.env._("a lead goes from “%(before)s” to “%(after)s”", before=source, after=target)
        elif source:
            sentence = self.env._("a lead leaves the stage “%(stage)s”", stage=source)
        elif target:
            sentence = self.env._("a lead reaches the stage “%(stage)s”", stage=target)
        else:
            sentence = self.env._("a lead changes its stage")
        about = {"from": self.lead_stage_from_id.ids, "to": self.lead_stage_to_id.ids}
        return {"models": ("crm.lead",), "about": about, "sentence": sentence}

    def _occasions_lead_stage(self, enrollment):
        if not enrollment.lead_id:
            return []
        return [{"label": self.env._("the lead reaches the stage"), "asks": RECORD, "model": "crm.stage"}]

    def _play_lead_stage(self, enrollment, of):
        enrollment.lead_id.stage_id = of

    def _happened_lead_stage(self, model):
        return [("stage_id", "=", self.lead_stage_to_id.id)] if self.lead_stage_to_id else []
