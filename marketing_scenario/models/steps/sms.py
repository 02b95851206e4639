import re
from functools import partial

from odoo import api, fields, models

from odoo.addons.sms.tools.sms_api import SmsApi

from ...tools import legal_hours, schedule, sms_parts
from .. import clock
from ..gates.sms_hours import SmsHours
from ..scenario.check import ask_once

MERGE_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
LINK_SAMPLE = re.compile(r"https?://\S+")


class StepSms(models.Model):
    """SMS (S21, S32, R45): to opted-in mobiles, in legal hours, through Odoo's SMS queue."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("sms", "SMS")], ondelete={"sms": "cascade"})
    sms_body = fields.Text(
        "SMS message", translate=True, help="Merge fields as {{ object.marketing_first_name ||| you }}."
    )
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
            "family": "message",
            "place": 30,
            "icon": "fa-mobile",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "sms",
            "summary": self._in_words((self.sms_body or "").replace("\n", " "))[:60],
        }

    def _validate_sms(self):
        return self._sms_issues() + self._sms_merge_issues()

    def _execute_sms(self, decisions, enrollments):
        traces = self.env["marketing.scenario.channel.sms"]._queue(
            self, enrollments, self._sms_text, sender_name=self.sms_sender_name, stop=self._sms_stop()
        )
        decisions.advance_each(traces)
        decisions.skip(enrollments.filtered(lambda enrollment: enrollment.id not in traces), "no_mobile")

    def _varied_sms(self):
        return ("sms_body",)

    def _sms_text(self, lang):
        return self.with_context(lang=lang)._said("sms_body")

    def _sms_stop(self):
        return {"link": "link", "text": self.sms_stop_text}.get(self.sms_stop, False)

    @api.model
    def _rendered_fields(self):
        return {**super()._rendered_fields(), "sms_body": "inline"}

    def _mail_text_sms(self):
        return {"mailing_type": "sms", "body_plaintext": self._said("sms_body")}

    def _openings_sms(self, enrollments, moment):
        """As ``_openings``, within the legal hours of the country of each number (S32)."""
        zones = enrollments._zones()
        openings, windows, hours = {}, {}, SmsHours(moment)
        for target, enrollment_id in enrollments._pairs():
            company = target.marketing_company_id
            if company not in windows:
                windows[company] = self._sms_windows(company)
            openings[enrollment_id] = hours.opening(
                target.marketing_phone, zones[enrollment_id], company, windows[company]
            )
        return openings

    def _sms_windows(self, company):
        own = self.window_id or self.scenario_id.window_id or company.marketing_window_id
        return (own._as_schedule(company),) if own else ()

    def _sms_issues(self):
        """Findings before activation (S40)."""
        issues = self._missing()
        if self.sms_stop == "text" and not self.sms_stop_text:
            message = self.env._("the STOP mention is empty. Write it or choose the link.")
            issues.append(
                self._issue("no_stop", message, field="sms_stop_text", remedy=self.env._("Use the link to opt out"))
            )
        company = self.scenario_id.company_id or self.env.company
        moment = clock.now(self.env)
        try:
            holidays = ask_once(self.env, ("holidays", company.id), company._marketing_holidays)
            legal = legal_hours.window(company.country_id.code, moment, holidays)
            schedule.next_joint_opening(moment, company._marketing_zone(), [*self._sms_windows(company), legal])
        except schedule.NeverOpens:
            message = self.env._("its sending window is never open within the legal hours. Choose another window.")
            issues.append(self._issue("never_opens", message, field="window_id"))
        if not ask_once(self.env, ("SMS provider", company.id), partial(self._has_sms_provider, company)):
            message = self.env._(
                "there is no SMS provider yet. Register one in Settings, SMS; messages wait until then."
            )
            issues.append(self._issue("no_provider", message, level="warning"))
        return issues

    def _sms_merge_issues(self):
        # sudo: the engine renders with all rights
        sms = self.env["marketing.scenario.channel.sms"].sudo()
        texts = [self._sms_text(lang) for lang in self._tongues()]
        return self._text_issues(lambda record: [sms._render(self, text, record) for text in texts])

    def _missing_sms(self):
        if (self._said("sms_body") or "").strip():
            return []
        return [self._issue("no_body", self.env._("the message is empty. Write one."), field="sms_body")]

    def _mend_no_stop(self):
        self.sms_stop = "link"

    def _has_sms_provider(self, company):
        """Whether something will send: an addon's provider, an own address for the service, or a registered account."""
        # sudo: a manager of scenarios has no right on accounts and parameters; only yes or no leaves this method
        step = self.sudo()
        if company.sudo()._get_sms_api_class() is not SmsApi or step.env["ir.config_parameter"].get_param(
            "sms.endpoint"
        ):
            return True
        return step.env["iap.account"].search_count(
            [("service_name", "=", "sms"), ("state", "=", "registered")], limit=1
        )

    def _sms_sample(self):
        """The text with sample values, to count its length."""
        text = MERGE_FIELD.sub("x" * 10, self.sms_body or "")
        base = self.get_base_url()
        text = LINK_SAMPLE.sub(f"{base}/r/abc/s/12345", text)
        stop = self._sms_stop()
        if stop and text:
            mailing = f"{base}/sms/1234/abc"
            text += "\n" + (self.env["sms.composer"]._get_unsubscribe_info(mailing) if stop == "link" else stop)
        return text


class MarketingScenarioVariant(models.Model):
    _inherit = "marketing.scenario.variant"

    sms_body = fields.Text("SMS message", translate=True)
