"""The kinds of action. Adding one: ``_describe_<kind>()`` → words, ``_run_<kind>(records)``, set-based."""

from datetime import timedelta

from odoo import fields, models

from .run import LIVE_STATES


class MarketingAutomatismAction(models.Model):
    _inherit = "marketing.automatism.action"

    def _describe_enroll(self):
        return self.env._("send into “%(scenario)s”", scenario=self.scenario_id.name or "")

    def _run_enroll(self, records):
        automatism = self.automatism_id
        door = "form" if automatism.event_type == "form_filled" else "automatism"
        self.scenario_id._enroll(records, door, origin=automatism.name)

    def _describe_take_out(self):
        if self.scenario_id:
            return self.env._("take out of “%(scenario)s”", scenario=self.scenario_id.name)
        return self.env._("take out of all scenarios")

    def _run_take_out(self, records):
        domain = [(records._marketing_column, "in", records.ids), ("state", "in", LIVE_STATES)]
        if self.scenario_id:
            domain.append(("scenario_id", "=", self.scenario_id.id))
        self.env["marketing.scenario.enrollment"].search(domain)._stop("automatism", self.automatism_id.name)

    def _tag_names(self):
        return " / ".join(dict.fromkeys(tag.name for tag in (self.tag_id, self.tag_lead_id) if tag))

    def _describe_tag_add(self):
        return self.env._("add the tag “%(tag)s”", tag=self._tag_names())

    def _run_tag_add(self, records):
        self._tag(records, "add")

    def _describe_tag_remove(self):
        return self.env._("remove the tag “%(tag)s”", tag=self._tag_names())

    def _run_tag_remove(self, records):
        self._tag(records, "remove")

    def _tag(self, records, action):
        """Leads carry CRM tags, or pass the contact tag on to their contact, as the step Tag does (S27)."""
        if records._name == "crm.lead":
            if self.tag_lead_id:
                records._marketing_tag(self.tag_lead_id, action)
                return
            records = records.partner_id
        if self.tag_id:
            records._marketing_tag(self.tag_id, action)

    def _describe_score(self):
        return self.env._("add %(points)s to the score", points=self.score_points)

    def _run_score(self, records):
        records._add_score(self.score_points, self.env._("Automatism"), self.automatism_id.name)

    def _describe_activity(self):
        what = self.activity_summary or self.activity_type_id.name or ""
        who = self.activity_user_id.name or self.env._("the salesperson")
        return self.env._("create the activity “%(activity)s” for %(user)s", activity=what, user=who)

    def _run_activity(self, records):
        deadline = fields.Date.context_today(
            self, self.env["marketing.scenario.engine"]._now() + timedelta(days=self.activity_days)
        )
        model_id = self.env["ir.model"]._get_id(records._name)
        activities = self.env["mail.activity"].with_context(
            records.env.context, mail_activity_quick_update=not self.activity_notify
        )
        activities.create(
            [
                {
                    "res_model_id": model_id,
                    "res_id": record.id,
                    "activity_type_id": self.activity_type_id.id,
                    "summary": self.activity_summary,
                    "note": self.activity_note,
                    "user_id": (self.activity_user_id or record.marketing_user_id).id,
                    "date_deadline": deadline,
                }
                for record in records
            ]
        )

    def _describe_account_status(self):
        return self.env._("set the account status to “%(status)s”", status=self.account_status_id.name or "")

    def _run_account_status(self, records):
        partners = records.partner_id if records._name == "crm.lead" else records
        partners.commercial_partner_id.account_status_id = self.account_status_id

    def _describe_assign(self):
        return self.env._("assign %(user)s", user=self.assign_user_id.name or "")

    def _run_assign(self, records):
        records.filtered(lambda record: record.user_id != self.assign_user_id).user_id = self.assign_user_id
