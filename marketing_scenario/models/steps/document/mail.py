"""What surrounds a document step: its reports, its text, its mails, the PDF itself."""

import re

from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError

from ...channels.content import MailContent

BUTTON = Markup(
    '<p style="margin: 24px 0;"><a t-att-href="marketing_document_url or \'#\'" '
    'style="background-color: #875A7B; border-radius: 4px; color: #ffffff; padding: 10px 18px; text-decoration: none;">'
    "%s</a></p>"
)
MODELS = {"res.partner": "document_partner_report", "crm.lead": "document_lead_report"}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _document_reports(self, model):
        # sudo: a manager chooses a document by its name, without rights on reports
        reports = self.env["ir.actions.report"].sudo().search([("model", "=", model), ("report_type", "=", "qweb-pdf")])
        return [(report.report_name, report.name) for report in reports]

    def _document_partner_reports(self):
        return self._document_reports("res.partner")

    def _document_lead_reports(self):
        return self._document_reports("crm.lead")

    def _document_pdf(self, target, report_name, company):
        """:return: the PDF of one target
        :raise UserError: the report is gone, or wkhtmltopdf is missing
        """
        # sudo: the document is made for its addressee, no matter who asks
        reports = self.env["ir.actions.report"].sudo().with_company(company).with_context(lang=target.marketing_lang)
        report = reports.search([("report_name", "=", report_name), ("model", "=", target._name)], limit=1)
        if not report:
            raise UserError(self.env._("The report “%(report)s” does not exist any more.", report=report_name))
        return report._render_qweb_pdf(report.report_name, target.ids)[0]

    def _document_file_name(self):
        name = re.sub(r"[^\w .-]", "_", self.document_link_text or self.name or "document").strip(" .")
        return f"{name or 'document'}.pdf"

    def _document_content(self, addresses):
        """``MailContent`` with the link of each enrollment in ``addresses`` = ``{enrollment id: address}``."""
        sender = self._document_sender()
        return MailContent(
            text=self._document_text,
            email_from=self._mail_sender(),
            author_id=sender.user_id.partner_id.id or self.scenario_id.user_id.partner_id.id,
            closing=lambda lang: BUTTON % self.with_context(lang=lang)._document_link_label(),
            vouched=self._vouched_texts(),
            email_cc=self.document_cc or "",
            values={i: {"marketing_document_url": url} for i, url in addresses.items()},
        )

    def _missing_document(self):
        # the body is never empty: it ends with the link
        return self._missing_in_mail(self.document_subject, BUTTON)

    def _document_text(self, lang):
        step = self.with_context(lang=lang)
        return step.document_subject, step.document_body, False

    def _document_link_label(self):
        return self.document_link_text or self.env._("Open the document")

    def _document_sender(self):
        return self.document_sender_id or self.env["marketing.sender"]._default_for(self.scenario_id.company_id)

    def _document_links(self, enrollments):
        """One new link per enrollment whose kind has a document: ``{enrollment id: (link, address)}``."""
        values = []
        expires_at = self.env["marketing.document.link"]._expiry(self.document_valid_days)
        is_file = self.document_source == "file"
        for target, enrollment_id in enrollments._pairs():
            document = self.document_file_name if is_file else self[MODELS[target._name]]
            if document:
                values.append(
                    {
                        "step_id": self.id,
                        "enrollment_id": enrollment_id,
                        target._marketing_column: target.id,
                        "company_id": (target.marketing_company_id or self.env.company).id,
                        "is_file": is_file,
                        "report_name": document,
                        "file_name": document if is_file else self._document_file_name(),
                        "expires_at": expires_at,
                    }
                )
        links = self.env["marketing.document.link"]._issue(values)
        return {link.enrollment_id.id: (link, address) for link, address in links}

    def _document_issues(self):
        """Findings before activation (S40)."""
        issues = self._mail_issues(self._document_content({}), self.document_sender_id)
        if self.document_source == "file":
            if not self.document_file:
                issues.append(
                    self._issue("no_file", self.env._("there is no file. Choose one."), field="document_file")
                )
            return issues
        return issues + self._document_report_issues()

    def _document_report_issues(self):
        issues = []
        for model in self.scenario_id._target_models():
            known = dict(self._document_reports(model))
            if not self[MODELS[model]]:
                label = self.env._("leads") if model == "crm.lead" else self.env._("contacts and accounts")
                message = self.env._("no document for %(kind)s. Choose one.", kind=label)
                issues.append(self._issue("no_report", message, field=MODELS[model]))
            elif self[MODELS[model]] not in known:
                issues.append(
                    self._issue(
                        "no_report",
                        self.env._("its document does not exist any more. Choose another."),
                        field=MODELS[model],
                    )
                )
        state = self.env["ir.actions.report"].get_wkhtmltopdf_state()
        if state in ("install", "broken"):
            message = self.env._(
                "PDF documents need the program wkhtmltopdf on the server. Install it (on Debian and Ubuntu: "
                "apt-get install wkhtmltopdf) and restart Odoo."
            )
            issues.append(self._issue("no_wkhtmltopdf", message))
        elif state == "workers":
            message = self.env._("PDF documents need at least two workers: start Odoo with --workers=2 or more.")
            issues.append(self._issue("workers", message, level="warning"))
        return issues

    @api.model
    def _rendered_fields(self):
        return {**super()._rendered_fields(), "document_subject": "inline", "document_body": "qweb"}

    @api.model
    def _sender_name_fields(self):
        return [*super()._sender_name_fields(), "document_sender_name"]

    def _mail_text_document(self):
        body = self.document_body
        return {"subject": self.document_subject or self.name, "body_arch": body, "body_html": body}

    def _mail_sender_document(self):
        return self._from_address(self._document_sender(), self.document_sender_name)

    def _needs_run_document(self):
        """The personal link belongs to somebody's run."""
        return True

    def _mail_content_document(self, _record):
        return self._document_content({})

    def _finish_mail_document(self, mail, emails):
        """The document as an attachment is fetched when the mail leaves, not while the engine works."""
        if not self.document_attach:
            return
        link = mail.env["marketing.document.link"].search(
            [("mailing_trace_id", "in", mail.mailing_trace_ids.ids), ("revoked", "=", False)], limit=1
        )
        if link:
            content, name, mimetype = link._content()
            for email in emails:
                email["attachments"].append((name, content, mimetype))
