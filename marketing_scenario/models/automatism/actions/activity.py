from odoo import api, fields, models


class ActionActivity(models.Model):
    """Create an activity for a colleague (S14)."""

    _inherit = "marketing.automatism.action"

    kind = fields.Selection(selection_add=[("activity", "Create an activity")], ondelete={"activity": "cascade"})
    activity_type_id = fields.Many2one("mail.activity.type", string="Activity type", ondelete="cascade")
    activity_summary = fields.Char("Summary")
    activity_note = fields.Html("Note")
    activity_user_id = fields.Many2one("res.users", string="For", help="Empty: the salesperson of the record.")
    activity_days = fields.Integer("Due in (days)")
    activity_notify = fields.Boolean("Notify by email")

    @api.depends("activity_summary", "activity_type_id.name", "activity_user_id.name", "activity_days")
    def _compute_summary(self):
        return super()._compute_summary()

    def _describe_activity(self):
        what = self.activity_summary or self.activity_type_id.name or ""
        who = self.activity_user_id.name or self.env._("the salesperson")
        return {
            "needs": ["activity_type_id"],
            "summary": self.env._("create the activity “%(activity)s” for %(user)s", activity=what, user=who),
        }

    def _run_activity(self, records):
        values = {
            "activity_type_id": self.activity_type_id.id,
            "summary": self.activity_summary,
            "note": self.activity_note,
        }
        users = {record.id: self.activity_user_id or record.marketing_user_id for record in records}
        activities = records._plan_activities(values, users, self.activity_days)
        if self.activity_notify:
            activities._notify_in_bulk()
