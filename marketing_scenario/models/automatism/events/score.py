from odoo import fields, models

from ..occasions import POINTS


class AutomatismScore(models.Model):
    """Score reached: the threshold is crossed upward (S14). Payload: ``from``, ``to``.

    The score lives on the person: the record is the contact, or the lead that has none.
    """

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("score_reached", "Score reached")], ondelete={"score_reached": "cascade"}
    )
    score_value = fields.Integer("Points to reach", default=100)

    def _describe_event_score_reached(self):
        return {
            "models": ("res.partner", "crm.lead"),
            "sentence": self.env._("the score of a person reaches %(points)s", points=self.score_value),
        }

    def _matches_score_reached(self, events):
        def crossed(event):
            payload = event.payload or {}
            return payload.get("from", 0) < self.score_value <= payload.get("to", 0)

        return events.filtered(crossed)

    def _occasions_score_reached(self, enrollment):
        return [{"label": self.env._("gets points"), "asks": POINTS}]

    def _play_score_reached(self, enrollment, of):
        for target, _enrollment_id in enrollment._pairs():
            target._add_score(of, self.env._("Simulation"))

    def _happened_score_reached(self, model):
        return [("marketing_own_score", ">=", self.score_value)]
