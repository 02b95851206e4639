from odoo import fields, models

from .. import clock


class StepActivity(models.Model):
    """Activity on the record, for a colleague (S27, R59): planned, or created and closed at once."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("activity", "Activity")], ondelete={"activity": "cascade"})
    activity_type_id = fields.Many2one(
        "mail.activity.type",
        string="Activity type",
        ondelete="restrict",
        domain="[('res_model', 'in', (False, 'res.partner', 'crm.lead'))]",
    )
    activity_summary = fields.Char("Title", help="Tells the colleague why this is to be done.")
    activity_note = fields.Html("Note")
    activity_assign = fields.Selection(
        [
            ("salesperson", "Salesperson of the record"),
            ("fixed", "Always the same user"),
            ("field", "User in a field of the record"),
        ],
        string="For",
        default="salesperson",
        required=True,
        help="The salesperson is the record's, else its contact's, else its account's.",
    )
    activity_user_id = fields.Many2one(
        "res.users", "User", domain=[("share", "=", False)], help="Fallback when the record has no user."
    )
    activity_user_field = fields.Selection(selection="_activity_user_fields", string="Field")
    activity_days = fields.Integer("Due in (days)", help="0 is the same day.")
    activity_notify = fields.Boolean("Notify the user", help="By email or in Odoo, as the user prefers.")
    activity_close = fields.Boolean("Close at once", help="Created and closed: a note of what happened.")

    _activity_days_not_negative = models.Constraint(
        "CHECK (coalesce(activity_days, 0) >= 0)",
        "An activity cannot be due before it is created: give 0 days or more.",
    )

    def _describe_activity(self):
        return {
            "family": "action",
            "place": 20,
            "icon": "fa-calendar-check-o",
            "plans_activity": True,
            "outcomes": [("next", self.env._("Next"))],
            "summary": " · ".join(filter(None, [self.activity_type_id.name, self.activity_summary])),
        }

    def _validate_activity(self):
        issues = []
        kind = self.activity_type_id.res_model
        if not self.activity_type_id:
            issues.append(
                self._issue("no_activity_type", self.env._("no activity type. Choose one."), field="activity_type_id")
            )
        elif kind and set(self.scenario_id._target_models()) != {kind}:
            message = self.env._(
                "the type “%(type)s” is not for all records of the scenario.", type=self.activity_type_id.name
            )
            issues.append(self._issue("wrong_activity_type", message, field="activity_type_id"))
        if self.activity_assign == "fixed" and not self.activity_user_id.active:
            message = self.env._("no active user. Choose who gets the activity.")
            issues.append(self._issue("no_user", message, field="activity_user_id"))
        if self.activity_assign == "field" and not self.activity_user_field:
            message = self.env._("no field. Choose the field that holds the user.")
            issues.append(self._issue("no_field", message, field="activity_user_field"))
        return issues

    def _execute_activity(self, decisions, enrollments):
        values = {
            "activity_type_id": self.activity_type_id.id,
            "summary": self.activity_summary or self.activity_type_id.summary or self.name,
            "note": self.activity_note or self.activity_type_id.default_note,
        }
        activities = self.env["mail.activity"].sudo()  # see _plan_activities
        for records in enrollments._targets().values():
            users = {record.id: self._activity_user(record) for record in records}
            own = {
                record_id: {"marketing_enrollment_id": enrollment_id, "marketing_step_id": self.id}
                for enrollment_id, record_id in enrollments._ids_of(records)
            }
            activities += records._plan_activities(values, users, self.activity_days, own)
        if self.activity_notify:
            activities._notify_in_bulk()
        if self.activity_close:
            activities._close_in_bulk()
        decisions.advance(enrollments)

    def _activity_user_fields(self):
        """The fields of the targets that hold a user."""
        named = {}
        for model in ("crm.lead", "res.partner"):
            for field in self.env[model]._fields.values():
                if field.comodel_name == "res.users" and field.type == "many2one" and not field.groups:
                    named.setdefault(field.name, field._description_string(self.env))
        return sorted(named.items(), key=lambda item: item[1] or item[0])

    def _activity_user(self, record):
        user = self.env["res.users"]
        if self.activity_assign == "salesperson":
            user = record.marketing_user_id
        elif self.activity_assign == "field" and self.activity_user_field in record._fields:
            user = record[self.activity_user_field]
        return user or self.activity_user_id or self.scenario_id.user_id


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_inherit(self, sources):
        """Odoo hands over what is planned; what was done belongs to the survivor as well (S3)."""
        result = super()._marketing_inherit(sources)
        done = [("res_model", "=", self._name), ("res_id", "in", sources.ids), ("active", "=", False)]
        self.env["mail.activity"].search(done).write({"res_id": self.id})
        return result


class MailActivity(models.Model):
    """Which run planned an activity, and when it was done: Odoo keeps the day only."""

    _inherit = "mail.activity"

    marketing_enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment",
        string="Scenario enrollment",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The run in which this activity was planned.",
    )
    marketing_step_id = fields.Many2one(
        "marketing.scenario.step", string="Scenario step", index="btree_not_null", ondelete="set null", copy=False
    )
    marketing_done_at = fields.Datetime("Done on", copy=False, readonly=True)

    def write(self, vals):
        if vals.get("active") is False:
            fresh = self.filtered("active")
            super(MailActivity, fresh).write({"marketing_done_at": clock.now(self.env)})
        return super().write(vals)

    def unlink(self):
        """An activity that goes without being done is cancelled: its run tells so."""
        # sudo: a colleague who cancels need not see the run
        for step, activities in self.sudo().filtered("active").grouped("marketing_step_id").items():
            if step:
                activities.marketing_enrollment_id._trace("cancelled", step=step)
        return super().unlink()
