from odoo import fields, models
from odoo.fields import Domain

from ...tools import schedule


class RuleActivityDone(models.Model):
    """An activity of a type was done on the record, or on a lead's contact (S24)."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("activity_done", "Activity done")], ondelete={"activity_done": "cascade"})
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Activity", ondelete="cascade", help="Empty: any activity."
    )
    activity_since = fields.Selection(
        [("entry", "Since the entry into the scenario"), ("ever", "Ever")], string="Done", default="entry"
    )

    def _describe_activity_done(self):
        name = self.activity_type_id.name or self.env._("an activity")
        if self.activity_since == "ever":
            summary = self.env._("%(activity)s was done", activity=name)
        else:
            summary = self.env._("%(activity)s was done since entry", activity=name)
        return {
            "icon": "fa-check-square-o",
            "events": ["activity_done"],
            "summary": summary,
        }

    def _match_activity_done(self, enrollments):
        last = self._last_done(enrollments)
        zones = enrollments._zones()
        matched = []
        for target, enrollment_id in enrollments._pairs():
            keys = [(target._name, target.id)]
            if target._name == "crm.lead" and target.partner_id:
                keys.append(("res.partner", target.partner_id.id))
            done = max((last[key] for key in keys if key in last), default=None)
            entered = schedule.to_local(enrollments.browse(enrollment_id).entered_at, zones[enrollment_id]).date()
            if done and (self.activity_since == "ever" or done >= entered):
                matched.append(enrollment_id)
        return enrollments.browse(matched)

    def _last_done(self, enrollments):
        """``{(model, record id): day of the last activity done}``."""
        partners = enrollments.partner_id | enrollments.lead_id.partner_id
        domain = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", partners.ids)
        domain |= Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", enrollments.lead_id.ids)
        domain &= Domain("active", "=", False) & Domain("date_done", "!=", False)
        if self.activity_type_id:
            domain &= Domain("activity_type_id", "=", self.activity_type_id.id)
        # sudo: the engine judges facts; nothing of the activities is shown
        rows = self.env["mail.activity"].sudo()._read_group(domain, ["res_model", "res_id"], ["date_done:max"])
        return {(model, res_id): day for model, res_id, day in rows}
