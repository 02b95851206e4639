from odoo import fields, models


class AutomatismActivity(models.Model):
    """Activity of a type created or done (S14). Payload: ``type_id``, ``user_id``."""

    _inherit = "marketing.automatism"

    event_type = fields.Selection(
        selection_add=[("activity_created", "Activity created"), ("activity_done", "Activity done")],
        ondelete={"activity_created": "cascade", "activity_done": "cascade"},
    )
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Activity type", ondelete="cascade", help="Empty: any type."
    )

    def _describe_event_activity_created(self):
        kind = self.activity_type_id.name
        created = self.env._("an activity “%(type)s” is created", type=kind) if kind else ""
        return {
            "models": ("res.partner", "crm.lead"),
            "about": {"type_id": self.activity_type_id.ids},
            "sentence": created or self.env._("an activity is created"),
        }

    def _describe_event_activity_done(self):
        kind = self.activity_type_id.name
        done = self.env._("an activity “%(type)s” is done", type=kind) if kind else ""
        return {
            "models": ("res.partner", "crm.lead"),
            "about": {"type_id": self.activity_type_id.ids},
            "sentence": done or self.env._("an activity is done"),
        }

    def _occasions_activity_done(self, enrollment):
        records = [*enrollment._targets().values(), enrollment.lead_id.partner_id]
        return [
            {
                "of": activity.id,
                "label": self.env._(
                    "the activity “%(activity)s” is done", activity=activity.summary or activity.activity_type_id.name
                ),
            }
            for activity in self.env["mail.activity"].concat(*(record.activity_ids for record in records))
        ]

    def _play_activity_done(self, enrollment, of):
        self.env["mail.activity"].browse(of)._action_done()

    def _happened_activity_created(self, model):
        return self._having_activity(model, [])

    def _happened_activity_done(self, model):
        return self._having_activity(model, [("active", "=", False)])

    def _having_activity(self, model, domain):
        domain = [("res_model", "=", model), *domain]
        if self.activity_type_id:
            domain.append(("activity_type_id", "=", self.activity_type_id.id))
        activities = self.env["mail.activity"].with_context(active_test=False).search(domain)
        return [("id", "in", activities.mapped("res_id"))]
