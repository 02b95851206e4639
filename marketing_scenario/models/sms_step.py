"""What surrounds an SMS step: legal hours, the check before activation, its mailings, its length."""

import re

import phonenumbers

from odoo import models
from odoo.exceptions import UserError

from odoo.addons.sms.tools.sms_api import SmsApi

from ..tools import schedule
from .email_content import KIND_SAMPLES

MERGE_FIELD = re.compile(r"\{\{.*?\}\}", re.DOTALL)
LINK_SAMPLE = re.compile(r"https?://\S+")


def country_of(number):
    """ISO code of the country of an E.164 number, or None."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number or "", None))
    except phonenumbers.NumberParseException:
        return None


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _sms_openings(self, enrollments, moment):
        """As ``_openings``, within the legal hours of the country of each number (S32)."""
        zones = enrollments._zones()
        openings, cache = {}, {}
        for target, enrollment_id in enrollments._pairs():
            company = target.marketing_company_id
            key = zones[enrollment_id], company, country_of(target.marketing_phone)
            if key not in cache:
                cache[key] = schedule.next_joint_opening(moment, key[0], self._sms_windows(company, key[2], moment))
            openings[enrollment_id] = cache[key]
        return openings

    def _sms_windows(self, company, country, moment):
        own = self.window_id or self.scenario_id.window_id or company.marketing_window_id
        windows = [own._as_schedule(company)] if own else []
        legal = schedule.legal_sms_window(country, moment, company._marketing_holidays())
        return windows + [legal] if legal else windows

    def _sms_issues(self):
        """Findings before activation (S40)."""
        issues = []
        if not (self.sms_body or "").strip():
            issues.append(self._issue("no_body", self.env._("the message is empty. Write one.")))
        if self.sms_stop == "text" and not self.sms_stop_text:
            issues.append(self._issue("no_stop", self.env._("the STOP mention is empty. Write it or choose the link.")))
        company = self.scenario_id.company_id or self.env.company
        moment = self.env["marketing.scenario.engine"]._now()
        try:
            windows = self._sms_windows(company, company.country_id.code, moment)
            schedule.next_joint_opening(moment, company.partner_id.tz, windows)
        except schedule.NeverOpens:
            message = self.env._("its sending window is never open within the legal hours. Choose another window.")
            issues.append(self._issue("never_opens", message))
        if not self._has_sms_provider(company):
            message = self.env._(
                "there is no SMS provider yet. Register one in Settings, SMS; messages wait until then."
            )
            issues.append(self._issue("no_provider", message, level="warning"))
        return issues + self._sms_merge_issues()

    def _sms_merge_issues(self):
        issues = []
        for kind in self.scenario_id._kinds():
            model, domain = KIND_SAMPLES[kind]
            # sudo: the engine renders with all rights; any record shows a broken merge field
            sample = self.env[model].sudo().search(domain, limit=1)
            try:
                with self.env.cr.savepoint():
                    self.env["marketing.scenario.channel.sms"].sudo()._render(self.sms_body, sample)
            except UserError as error:
                issues.append(self._issue(f"merge_field_{kind}", str(error)))
        return issues

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

    def _mail_text_fields(self):
        return super()._mail_text_fields() | {"sms_body"}

    def _mail_text_values(self):
        if self.step_type != "sms":
            return super()._mail_text_values()
        # subject: where the mail channel looks for placeholders that need a template editor
        return {"subject": self.sms_body or self.name, "body_plaintext": self.sms_body}

    def _mailing_values(self, model):
        values = super()._mailing_values(model)
        if self.step_type == "sms":
            values |= {"mailing_type": "sms", "subject": self.name}
        return values
