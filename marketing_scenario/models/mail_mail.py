"""What leaves for a scenario's mail: the personal links in its plain text too, and a header mail programs can read."""

from odoo import api, models
from odoo.tools import html2plaintext

from odoo.addons.base.models.ir_mail_server import IdentificationFieldsNoFoldPolicy


class LinkHeaderPolicy(IdentificationFieldsNoFoldPolicy):
    """Writes List-Unsubscribe on one line: Python would encode a long address, which RFC 2369 does not allow."""

    def _fold(self, name, value, *args, **kwargs):
        if name.lower() == "list-unsubscribe":
            return f"{name}: {value}{self.linesep}"
        return super()._fold(name, value, *args, **kwargs)


LINK_HEADERS = LinkHeaderPolicy(linesep="\r\n")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        for email in emails if self.mailing_id.marketing_step_id else ():
            # Odoo makes the text before it puts the personal links into the body
            if "/unsubscribe_from_list" in email["body_alternative"]:
                email["body_alternative"] = html2plaintext(email["body"])
        return emails


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _build_email__(self, *args, **kwargs):
        message = super()._build_email__(*args, **kwargs)
        if message["List-Unsubscribe"]:
            message.policy = LINK_HEADERS
        return message
