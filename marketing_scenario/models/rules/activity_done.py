from odoo import api, fields, models
from odoo.fields import Domain


class RuleActivityDone(models.Model):
    """What became of an activity (S24): of a type on the record or a lead's contact, or of the one a step planned."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("activity_done", "Activity done")], ondelete={"activity_done": "cascade"})
    activity_type_id = fields.Many2one(
        "mail.activity.type", string="Activity", ondelete="cascade", help="Empty: any activity."
    )
    activity_since = fields.Selection(
        [("entry", "Since the entry into the scenario"), ("ever", "Ever")], string="Done", default="entry"
    )
    activity_step_id = fields.Many2one(
        "marketing.scenario.step",
        "Planned by the step",
        ondelete="set null",
        help="Only the activity that this step planned in this run, the last one in a loop. Empty: any on the record.",
    )
    activity_step_ids = fields.Many2many("marketing.scenario.step", compute="_compute_activity_step_ids")
    activity_result = fields.Selection(
        [("done", "was done"), ("cancelled", "was cancelled"), ("over", "was done or cancelled")],
        string="It",
        default="done",
        required=True,
        help="Cancelled: deleted without being done. Asked of the activity of a step.",
    )

    @api.model
    def _asked_step_fields(self):
        return [*super()._asked_step_fields(), "activity_step_id"]

    @api.depends("scenario_id")
    def _compute_activity_step_ids(self):
        for rule in self:
            rule.activity_step_ids = rule.scenario_id.step_ids.filtered(
                lambda step: step.step_type and step._describe().get("plans_activity")
            )

    def _describe_activity_done(self):
        name = self.activity_type_id.name or self.env._("an activity")
        if self.activity_step_id:
            labels = dict(self._fields["activity_result"]._description_selection(self.env))
            summary = self.env._(
                "the activity of “%(step)s” %(result)s",
                step=self.activity_step_id.name,
                result=labels.get(self.activity_result, ""),
            )
        elif self.activity_since == "ever":
            summary = self.env._("%(activity)s was done", activity=name)
        else:
            summary = self.env._("%(activity)s was done since entry", activity=name)
        return {
            "icon": "fa-check-square-o",
            "reads_path": True,
            "events": ["activity_done", "activity_cancelled"],
            "summary": summary,
        }

    def _validate_activity_done(self):
        if self.activity_result != "done" and not self.activity_step_id:
            return [self.env._("a rule asks about a cancelled activity. Choose the step that plans it.")]
        return []

    def _match_activity_done(self, enrollments):
        if self.activity_step_id:
            return self._match_planned_activity(enrollments)
        last = self._last_done(enrollments)
        matched = []
        for target, enrollment_id in enrollments._pairs():
            keys = [(target._name, target.id)]
            if target._name == "crm.lead" and target.partner_id:
                keys.append(("res.partner", target.partner_id.id))
            found = [last[key] for key in keys if key in last]
            entered = enrollments.browse(enrollment_id).entered_at
            if found and (self.activity_since == "ever" or any(done and done >= entered for done in found)):
                matched.append(enrollment_id)
        return enrollments.browse(matched)

    def _last_done(self, enrollments):
        """``{(model, record id): moment of the last activity done}``; False: when is not known."""
        partners = enrollments.partner_id | enrollments.lead_id.partner_id
        domain = Domain("res_model", "=", "res.partner") & Domain("res_id", "in", partners.ids)
        domain |= Domain("res_model", "=", "crm.lead") & Domain("res_id", "in", enrollments.lead_id.ids)
        domain &= Domain("active", "=", False) & Domain("date_done", "!=", False)
        if self.activity_type_id:
            domain &= Domain("activity_type_id", "=", self.activity_type_id.id)
        # sudo: the engine judges facts; nothing of the activities is shown
        rows = self.env["mail.activity"].sudo()._read_group(domain, ["res_model", "res_id"], ["marketing_done_at:max"])
        return {(model, res_id): moment for model, res_id, moment in rows}

    def _match_planned_activity(self, enrollments):
        """Those whose activity, the last that the step planned in this run, came to the result asked for."""
        mine = Domain("enrollment_id", "in", enrollments.ids) & Domain("step_id", "=", self.activity_step_id.id)
        told = Domain("event", "=", "cancelled") | Domain("event", "=", False) & Domain("outcome", "!=", False)
        # sudo: the engine judges facts; nothing of the traces and activities is shown
        traces = self.env["marketing.scenario.trace"].sudo().search(mine & told, order="id")
        latest = {trace.enrollment_id.id: trace.event for trace in traces}
        cancelled = {i for i, event in latest.items() if event == "cancelled"}
        activities = (
            self.env["mail.activity"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("marketing_enrollment_id", "in", enrollments.ids),
                    ("marketing_step_id", "=", self.activity_step_id.id),
                ],
                order="id",
            )
        )
        done = {activity.marketing_enrollment_id.id: not activity.active for activity in activities}
        results = {"done": {i for i, over in done.items() if over} - cancelled, "cancelled": cancelled}
        wanted = results.get(self.activity_result, results["done"] | results["cancelled"])
        return enrollments.filtered(lambda enrollment: enrollment.id in wanted)

    def _copy_references_to(self, copied, copies):
        result = super()._copy_references_to(copied, copies)
        if self.activity_step_id.id in copies:
            copied.activity_step_id = copies[self.activity_step_id.id]
        return result
