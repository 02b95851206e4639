from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...channels.addresses import is_address_list


class StepDocument(models.Model):
    """Document (S22, R46): a PDF merged for the person, reached by a personal link in a mail."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("document", "Document")], ondelete={"document": "cascade"})
    document_subject = fields.Char("Subject of the document mail", translate=True)
    document_body = fields.Html(
        "Message of the document mail", translate=True, sanitize="email_outgoing", sanitize_output_method="html"
    )
    document_partner_report = fields.Selection(
        selection="_document_partner_reports", string="Document for contacts and accounts"
    )
    document_lead_report = fields.Selection(selection="_document_lead_reports", string="Document for leads")
    document_link_text = fields.Char("Text of the link", translate=True, help="Empty: Open the document.")
    document_valid_days = fields.Integer("Link valid for (days)", default=90, help="0: for ever.")
    document_attach = fields.Boolean("Attach it as well", help="The PDF is made when the mail leaves.")
    document_sender_id = fields.Many2one(
        "marketing.sender",
        "Sender of the document",
        domain="[('state', '=', 'validated')]",
        help="Empty: the company's default.",
    )
    document_sender_name = fields.Char("Sender name of the document", help="Empty: the name of the sender.")
    document_cc = fields.Char("Copy to", help="Addresses that get a copy of each mail, with its personal link.")

    _document_valid_days_not_negative = models.Constraint(
        "CHECK (coalesce(document_valid_days, 0) >= 0)", "A link is valid for 0 days (for ever) or more."
    )

    def _describe_document(self):
        reports = [self.document_partner_report, self.document_lead_report]
        names = dict(self._document_partner_reports() + self._document_lead_reports()) if any(reports) else {}
        return {
            "family": "message",
            "place": 40,
            "icon": "fa-file-pdf-o",
            "outcomes": [("next", self.env._("Next"))],
            "channel": "email",
            "summary": (self.document_file_name or "")
            if self.document_source == "file"
            else " / ".join(dict.fromkeys(names.get(report, report) for report in reports if report)),
        }

    @api.constrains("document_cc")
    def _check_document_cc(self):
        for step in self:
            if step.document_cc and not is_address_list(step.document_cc):
                raise ValidationError(
                    self.env._(
                        "%(step)s: “Copy to” must hold email addresses with commas between them, not “%(value)s”.",
                        step=step.name,
                        value=step.document_cc,
                    )
                )

    def _validate_document(self):
        return self._document_issues()

    def _execute_document(self, decisions, enrollments):
        links = self._document_links(enrollments)
        served = enrollments.browse([i for i in enrollments.ids if i in links])
        decisions.skip(enrollments - served, "not_for_kind")
        content = self._document_content({i: address for i, (_link, address) in links.items()})
        traces = self.env["marketing.scenario.channel.mail"]._queue(self, served, content) if served else {}
        for enrollment_id, (link, _address) in links.items():
            link.mailing_trace_id = traces.get(enrollment_id)
        decisions.advance_each(traces)
        decisions.skip(served.filtered(lambda enrollment: enrollment.id not in traces), "no_email")
