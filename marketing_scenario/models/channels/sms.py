"""The SMS channel: turns a step's text into queued SMS. The only place that knows sms.sms (S21, R45)."""

import re
from uuid import uuid4

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mail import TEXT_URL_REGEX
from odoo.tools.urls import urljoin

from odoo.addons.sms.tools.sms_tools import sms_content_to_rendered_html

from ...tools.mail_links import Link
from .render import SmsText


class MarketingScenarioChannelSms(models.AbstractModel):
    _name = "marketing.scenario.channel.sms"
    _description = "Marketing scenario SMS channel"

    @api.model
    def _queue(self, step, enrollments, text, sender_name=False, stop=False):
        """Queue one SMS per enrollment in the caller's transaction; Odoo's SMS queue sends them (S45).

        :param step: the SMS step (its mailings hold the statistics)
        :param enrollments: those who may get it: consent, mobile number and hours were asked
        :param text: language code → text with merge fields ``{{ object.field ||| default }}``
        :param sender_name: shown by providers that support it
        :param stop: ``link``, a text of one's own, or False: how the message says how to opt out
        :return: ``{enrollment id: mailing.trace id}``
        :raise UserError: the text cannot be rendered (names the record)
        """
        # sudo: SMS, traces and link trackers belong to the system, the person who runs a step need not see them
        channel = self.sudo()
        mail = channel.env["marketing.scenario.channel.mail"]
        targets = [(enrollment.id, model, res_id) for (model, res_id), enrollment in enrollments._by_target().items()]
        queued = {}
        for (model, lang, company), rows in mail._groups(step, targets).items():
            own = channel.with_company(company).with_context(lang=lang)
            queued |= own._queue_group(step, model, rows, text(lang), sender_name, stop)
        return queued

    @api.model
    def _send_sample(self, step, record, number):
        """Send the SMS of ``step``, made for ``record``, at once: no trace, no statistics.

        :raise UserError: it could not be rendered, or could not leave; says why
        """
        # sudo: SMS belong to the system
        channel = self.sudo()
        language = channel.env["marketing.scenario.channel.mail"]._language()
        [text] = channel._render(step, step._sms_text(language(record)), record.sudo())
        if stop := step._sms_stop():
            # the link to opt out belongs to a message that is counted
            text = f"{text}\n{stop}" if stop != "link" else text
        sms = channel.env["sms.sms"].create(
            {"number": number, "body": text, "marketing_sender_name": step.sms_sender_name, "state": "outgoing"}
        )
        sms._send(unlink_failed=False, unlink_sent=False)
        if sms.state == "error":
            labels = dict(sms._fields["failure_type"]._description_selection(self.env))
            reason = labels.get(sms.failure_type, sms.failure_type)
            sms.unlink()
            raise UserError(self.env._("The SMS could not be sent: %(reason)s", reason=reason))

    def _queue_group(self, step, model, rows, body, sender_name, stop):
        records = self.env[model].browse([res_id for _enrollment_id, res_id in rows])
        mailing = step.sudo()._mail_mailing(model)
        texts = self._render(step, body, records)
        messages = records._message_log_batch(
            bodies={record.id: sms_content_to_rendered_html(text) for record, text in zip(records, texts, strict=True)},
            message_type="sms",
        )
        texts = self._shorten(mailing, texts)
        codes = [self.env["mailing.trace"]._get_random_code() for _record in records]
        if stop:
            texts = [
                f"{text}\n{self._stop_mention(mailing, code, stop)}" for text, code in zip(texts, codes, strict=True)
            ]
        sms = self.env["sms.sms"].create(
            [
                {
                    "uuid": uuid4().hex,
                    "number": record.marketing_phone,
                    "body": text,
                    "partner_id": record.id if model == "res.partner" else record.partner_id.id,
                    "mail_message_id": message.id,
                    "mailing_id": mailing.id,
                    "marketing_message": "step",
                    "marketing_sender_name": sender_name,
                    "state": "outgoing",
                }
                for record, text, message in zip(records, texts, messages, strict=True)
            ]
        )
        for text, queued in zip(sms._update_body_short_links().values(), sms, strict=True):
            if queued.body != text:
                queued.body = text
        traces = self._create_traces(mailing, sms, records, codes, rows)
        return dict(zip((enrollment_id for enrollment_id, _res_id in rows), traces.ids, strict=True))

    def _render(self, step, body, records):
        """The text for each record, in order; values are inserted, never evaluated."""
        text = SmsText(self.env, records._name, body, vouched=bool(step._vouched_texts()))
        return [text.render(record) for record in records]

    def _shorten(self, mailing, texts):
        """Track the links of all texts with one look-up."""
        urls = list(dict.fromkeys(url for text in texts for url in re.findall(TEXT_URL_REGEX, text)))
        if not urls:
            return texts
        short = mailing._marketing_short_links([Link(None, url, "", "text") for url in urls])
        return [re.sub(TEXT_URL_REGEX, lambda match: short[match[0], ""], text) for text in texts]

    def _stop_mention(self, mailing, code, stop):
        if stop != "link":
            return stop
        return self.env["sms.composer"]._get_unsubscribe_info(
            urljoin(mailing.get_base_url(), f"/sms/{mailing.id}/{code}")
        )

    def _create_traces(self, mailing, sms, records, codes, rows):
        traces = self.env["mailing.trace"].create(
            [
                {
                    "trace_type": "sms",
                    "sms_id_int": queued.id,
                    "sms_number": queued.number,
                    "sms_code": code,
                    "model": record._name,
                    "res_id": record.id,
                    "mass_mailing_id": mailing.id,
                    "campaign_id": mailing.campaign_id.id,
                    "marketing_enrollment_id": enrollment_id,
                }
                for queued, record, code, (enrollment_id, _res_id) in zip(sms, records, codes, rows, strict=True)
            ]
        )
        self.env["sms.tracker"].create(
            [{"sms_uuid": queued.uuid, "mailing_trace_id": trace.id} for queued, trace in zip(sms, traces, strict=True)]
        )
        return traces
