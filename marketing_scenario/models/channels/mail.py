"""The mail channel: turns a step's text into queued mails. The only place that knows mail.mail (S19, R36)."""

from collections import defaultdict

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools.mail import generate_tracking_message_id

from ...tools.one_line import one_line
from .addresses import company_line, named_address
from .render import MailText


class MarketingScenarioChannelMail(models.AbstractModel):
    _name = "marketing.scenario.channel.mail"
    _description = "Marketing scenario mail channel"

    @api.model
    def _queue(self, step, enrollments, content):
        """Queue one mail per enrollment in the caller's transaction; Odoo's mail queue sends them (S45).

        Never commits, sends or fetches anything; the number of SQL statements does not follow the number of mails.

        :param step: the message step (its mailings hold the statistics)
        :param enrollments: those who may get it (consent and window were asked)
        :param content: a ``MailContent``
        :return: ``{enrollment id: mailing.trace id}``; those without an address are left out
        :raise UserError: the text cannot be rendered (names the record)
        """
        # Mails, traces and link trackers belong to the system: the person who runs a step need not see them.
        channel = self.sudo()
        targets = [(enrollment.id, model, res_id) for (model, res_id), enrollment in enrollments._by_target().items()]
        rendered = [mail for mail in channel._render(step, targets, content) if mail["email"]]
        if not rendered:
            return {}
        mails = channel.env["mail.mail"].create(channel._mail_values(step, rendered, content))
        traces = channel._create_traces(mails, rendered)
        channel.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return dict(zip((mail["enrollment_id"] for mail in rendered), traces.ids, strict=True))

    @api.model
    def _sample(self, step, record):
        """The mail of ``step`` as ``record`` would get it; nothing is written, no link tracked.

        :return: ``(MailContent, rendered mail)``
        :raise UserError: the step sends no mail, or its text cannot be rendered
        """
        content = step._part("mail_content", record)
        if not content:
            raise UserError(self.env._("“%(step)s” sends no mail.", step=step.name))
        # sudo: rendered as the engine does, for a record the caller may read
        return content, self.sudo()._render(step, [(False, record._name, record.id)], content, track=False)[0]

    @api.model
    def _send_sample(self, step, record, address, is_test=True):
        """Send the mail of ``step``, made for ``record``, to ``address`` alone and at once: no trace, no statistics.

        :param is_test: the subject says that it is one
        :raise UserError: it could not be rendered, or could not leave; says why
        """
        content, mail = self._sample(step, record)
        # sudo: mails belong to the system
        sample = (
            self.env["mail.mail"]
            .sudo()
            .create(
                {
                    "subject": self.env._("[Test] %(subject)s", subject=mail["subject"])
                    if is_test
                    else mail["subject"],
                    "body_html": mail["body"],
                    "email_from": one_line(content.of("email_from", False)),
                    "email_to": address,
                    "attachment_ids": [
                        (4, attachment_id) for attachment_id in content.of("attachment_ids", False) or ()
                    ],
                    "auto_delete": True,
                }
            )
        )
        sample.send()
        if left := sample.exists().filtered(lambda queued: queued.state == "exception"):
            raise UserError(
                self.env._("The mail could not be sent: %(reason)s", reason=left.failure_reason or left.failure_type)
            )

    @api.model
    def _render(self, step, targets, content, track=True):
        """Render the mail for each target without queueing anything.

        :param targets: list of ``(enrollment id or False, model, record id)``
        :param track: False: links stay as they are and nothing at all is written
        :return: list of dicts enrollment_id, record, company, mailing, email, subject, content, and body: the document
            that leaves
        :raise UserError: the text cannot be rendered (names the record)
        """
        result = []
        own = self.with_context(marketing_scenario_company_id=step.scenario_id.company_id.id)
        for (model, lang, company), rows in own._groups(step, targets).items():
            channel = own.with_company(company).with_context(lang=lang)
            mailing = step.sudo()._mail_mailing(model) if track else self.env["mailing.mailing"]
            text = MailText(
                channel.env,
                model,
                content.text(lang),
                step.get_base_url(),
                vouched=content.vouched,
                closing=content.closing(lang),
                track=mailing._marketing_short_links if track else None,
                layout=content.layout,
                footer=channel._footer() if content.footer else Markup(),
            )
            records = channel.env[model].browse([res_id for _enrollment_id, res_id in rows])
            said = [
                text.render(record, content.values.get(enrollment_id))
                for (enrollment_id, _res_id), record in zip(rows, records, strict=True)
            ]
            bodies = text.shorten_dynamic([body for _subject, body in said])
            for (enrollment_id, _res_id), record, (subject, _body), body in zip(
                rows, records, said, bodies, strict=True
            ):
                result.append(
                    {
                        "enrollment_id": enrollment_id,
                        "record": record,
                        "company": company,
                        "mailing": mailing,
                        "email": record.marketing_email_normalized,
                        "subject": subject,
                        "content": body,
                        "body": text.document(subject, body),
                    }
                )
        return result

    def _groups(self, step, targets):
        """``{(model, language, company): [(enrollment id, record id)]}``: a text is compiled once a group."""
        groups = defaultdict(list)
        language = self._language()
        records = {
            model: dict(zip(ids, self.env[model].browse(ids), strict=True))
            for model in {model for _id, model, _res_id in targets}
            if (ids := [res_id for _id, own, res_id in targets if own == model])
        }
        for enrollment_id, model, res_id in targets:
            record = records[model][res_id]
            groups[model, language(record), record.marketing_company_id].append((enrollment_id, res_id))
        return groups

    def _language(self):
        """A function ``(record)`` → the active language in which to write to it."""
        languages = {code for code, _name in self.env["res.lang"].get_installed()}
        fallback = self.env.lang if self.env.lang in languages else self.env.user.lang or "en_US"
        return lambda record: record.marketing_lang if record.marketing_lang in languages else fallback

    def _footer(self):
        values = {"company_line": company_line(self.env.company)}
        return self.env["ir.qweb"]._render("marketing_scenario.mail_footer", values, minimal_qcontext=True)

    def _mail_values(self, step, rendered, content):
        replies = self._replies(rendered, content)
        values = []
        for mail in rendered:
            attachment_ids = content.of("attachment_ids", mail["enrollment_id"]) or ()
            enrollment, record, company = mail["enrollment_id"], mail["record"], mail["company"]
            own_reply = content.of("reply_to", enrollment)
            reply_to = own_reply or replies[record._name, record.id] or content.of("email_from", enrollment)
            tag = "reply_to" if own_reply else f"{record.id}-{record._name}"
            message_id = mail["message_id"] = generate_tracking_message_id(tag)
            name = record.marketing_person_name or record.marketing_company_name
            values.append(
                {
                    "marketing_message": "step",
                    "mailing_id": mail["mailing"].id,
                    "model": record._name,
                    "res_id": record.id,
                    "message_type": "email_outgoing",
                    "message_id": message_id,
                    "references": message_id,  # kept by providers that change the Message-Id
                    "subject": mail["subject"],
                    "body_html": mail["body"],
                    "body": mail["content"] if content.log_body else self._log_line(step),
                    # one line each: Odoo's own reply address holds the record's name, too
                    "email_from": one_line(content.of("email_from", enrollment)),
                    "email_to": named_address(name, mail["email"]),
                    "email_cc": one_line(content.email_cc),
                    "reply_to": one_line(reply_to),
                    "reply_to_force_new": bool(own_reply),
                    "author_id": content.of("author_id", enrollment),
                    "record_company_id": company.id,
                    "record_alias_domain_id": company.alias_domain_id.id,
                    "mail_server_id": mail["mailing"].mail_server_id.id,
                    "headers": repr(self._headers(record, company)),
                    "attachment_ids": [(4, attachment_id) for attachment_id in attachment_ids],
                    "scheduled_date": content.scheduled_at.get(enrollment),
                    "state": "outgoing",
                    "auto_delete": True,
                    # the message stays on the record: a reply finds it, the salesperson sees it (R44)
                    "is_notification": True,
                }
            )
        return values

    def _log_line(self, step):
        return Markup("<p>%s</p>") % self.env._("Received the mailing “%(name)s”", name=step.name or "")

    def _headers(self, record, company):
        headers = {"X-Odoo-Objects": f"{record._name}-{record.id}"}
        if company.bounce_email:
            headers["Return-Path"] = company.bounce_email
        return headers

    def _replies(self, rendered, content):
        """``{(model, id): reply address}`` of Odoo's own: the document's alias, else the company's catchall."""
        by_model = defaultdict(dict)
        authors = {}
        for mail in rendered:
            enrollment, record = mail["enrollment_id"], mail["record"]
            if not content.of("reply_to", enrollment):
                by_model[record._name][record.id] = content.of("email_from", enrollment)
                authors[record._name, record.id] = content.of("author_id", enrollment) or mail["company"].partner_id.id
        replies = defaultdict(str)
        for model, defaults in by_model.items():
            addresses = (
                self.env[model]
                .browse(defaults)
                ._notify_get_reply_to_batch(
                    defaults=defaults, author_ids={res_id: authors[model, res_id] for res_id in defaults}
                )
            )
            replies.update({(model, res_id): address for res_id, address in addresses.items()})
        return replies

    def _create_traces(self, mails, rendered):
        return self.env["mailing.trace"].create(
            [
                {
                    "trace_type": "mail",
                    "mail_mail_id": queued.id,
                    "email": mail["email"],
                    "message_id": mail["message_id"],
                    "model": mail["record"]._name,
                    "res_id": mail["record"].id,
                    "mass_mailing_id": mail["mailing"].id,
                    "campaign_id": mail["mailing"].campaign_id.id,
                    "marketing_enrollment_id": mail["enrollment_id"],
                }
                for queued, mail in zip(mails, rendered, strict=True)
            ]
        )
