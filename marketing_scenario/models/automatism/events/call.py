from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ... import clock

CALL_BACK = timedelta(days=1)  # when a simulation calls back


class AutomatismCall(models.Model):
    """A call of a call campaign was made (S14, S27). Payload: ``outcome``, ``campaign_id``, ``call_id``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(selection_add=[("call_done", "Call made")], ondelete={"call_done": "cascade"})
    call_campaign_id = fields.Many2one(
        "marketing.phoning.campaign", string="Call campaign", ondelete="cascade", help="Empty: any campaign."
    )
    call_outcome = fields.Selection("_call_outcomes", string="Outcome of the call", help="Empty: any outcome.")

    @api.model
    def _call_outcomes(self):
        return self.env["marketing.phoning.call"]._fields["outcome"]._description_selection(self.env)

    def _describe_event_call_done(self):
        outcome = dict(self._fields["call_outcome"]._description_selection(self.env)).get(self.call_outcome)
        sentence = (
            self.env._("a call ends with “%(outcome)s”", outcome=outcome) if outcome else self.env._("a call is made")
        )
        return {
            "models": ("res.partner", "crm.lead"),
            "about": {
                "outcome": [self.call_outcome] if self.call_outcome else [],
                "campaign_id": self.call_campaign_id.ids,
            },
            "sentence": sentence,
        }

    def _occasions_call_done(self, enrollment):
        mine = Domain("enrollment_id", "=", enrollment.id) & Domain("state", "in", ("todo", "callback"))
        return [
            {
                "of": f"{call.id}-{outcome}",
                "label": self.env._(
                    "the call of “%(campaign)s” ends with “%(outcome)s”", campaign=call.campaign_id.name, outcome=label
                ),
            }
            for call in self.env["marketing.phoning.call"].search(mine)
            for outcome, label in self._call_outcomes()
        ]

    def _play_call_done(self, enrollment, of):
        call_id, outcome = of.split("-")
        call = self.env["marketing.phoning.call"].browse(int(call_id))
        call.callback_at = call.callback_at or clock.now(self.env) + CALL_BACK  # asked for by one of the outcomes
        call._note_outcome(outcome)

    def _happened_call_done(self, model):
        domain = [("state", "!=", "todo")]
        if self.call_outcome:
            domain.append(("outcome", "=", self.call_outcome))
        if self.call_campaign_id:
            domain.append(("campaign_id", "=", self.call_campaign_id.id))
        field = self.env[model]._marketing_column
        return [("id", "in", self.env["marketing.phoning.call"].search(domain)[field].ids)]
