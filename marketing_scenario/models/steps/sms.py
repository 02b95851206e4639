from odoo import api, fields, models

from ...tools import sms_parts


class StepSms(models.Model):
    """SMS (S21, S32, R45): to opted-in mobiles, in legal hours, through Odoo's SMS queue."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": "cascade"})
    sms_body = fields.Text("SMS message", help="Merge fields as {{ object.marketing_first_name ||| you }}.")
    sms_sender_name = fields.Char(
        "SMS sender name", size=11, help="At most 11 letters and digits; used by providers that support it."
    )
    sms_stop = fields.Selection(
        [("link", "Link to the opt-out page"), ("text", "Own text"), ("none", "None (the provider adds it)")],
        string="STOP mention",
        default="link",
        required=True,
    )
    sms_stop_text = fields.Char("Own STOP mention", help="Such as: STOP 36111")
    sms_size = fields.Char("Size", compute="_compute_sms_size", help="Merge fields are counted as 10 characters.")

    _sms_sender_name_valid = models.Constraint(
        "CHECK (sms_sender_name IS NULL OR sms_sender_name ~ '^[A-Za-z0-9 ]{3,11}$')",
        "The sender name of an SMS has 3 to 11 letters and digits, without accents.",
    )

    @api.depends("sms_body", "sms_stop", "sms_stop_text")
    @api.depends_context("lang")
    def _compute_sms_size(self):
        for step in self:
            parts = sms_parts.count(step._sms_sample())
            step.sms_size = self.env._(
                "%(count)s SMS (%(length)s characters, %(encoding)s)",
                count=parts.count,
                length=parts.length,
                encoding=parts.encoding,
            )

    def _describe_sms(self):
        return {
            "label": self.env._("SMS"),
            "family": "message",
            "icon": "fa-mobile",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "sms",
            "summary": (self.sms_body or "").replace("\n", " ")[:60],
        }

    def _validate_sms(self):
        return self._sms_issues()

    def _openings(self, enrollments, moment):
        if self.step_type != "sms":
            return super()._openings(enrollments, moment)
        return self._sms_openings(enrollments, moment)

    def _execute_sms(self, run, enrollments):
        traces = self.env["marketing.scenario.channel.sms"]._queue(
            self, enrollments, self.sms_body, sender_name=self.sms_sender_name, stop=self._sms_stop()
        )
        run.advance_each(traces)
        run.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_mobile")

    def _sms_stop(self):
        return {"link": "link", "text": self.sms_stop_text}.get(self.sms_stop, False)
