"""Images pasted into a one-to-one mail travel inside it (R40), as a person's mail program would send them."""

import re

from odoo import api, models

HEADER = "X-Marketing-Inline"  # from mail.mail to the MIME builder; never leaves the server
IMAGE = re.compile(r"""src=(["'])[^"']*?/web/image/(\d+)[^"']*\1""")


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _prepare_outgoing_list(self, mail_server=False, doc_to_followers=None):
        emails = super()._prepare_outgoing_list(mail_server=mail_server, doc_to_followers=doc_to_followers)
        if self.mailing_id.marketing_step_id.step_type != "one_to_one":
            return emails
        for email in emails:
            ids = {int(image_id) for _quote, image_id in IMAGE.findall(str(email["body"]))}
            images = self.env["ir.attachment"].search(self._inline_domain(ids))
            email["body"] = IMAGE.sub(
                lambda match, own=set(images.ids): f'src="cid:image-{match[2]}"' if int(match[2]) in own else match[0],
                str(email["body"]),
            )
            if images:
                email["headers"][HEADER] = ",".join(map(str, images.ids))
        return emails

    def _inline_domain(self, ids):
        """Only images uploaded to a step, or public ones: a text cannot fetch other files by their number."""
        return [
            ("id", "in", list(ids)),
            ("mimetype", "=like", "image/%"),
            "|",
            ("res_model", "=", "marketing.scenario.step"),
            ("public", "=", True),
        ]


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    @api.model
    def _build_email__(self, *args, headers=None, **kwargs):  # noqa: PLW3201 Odoo's own name
        headers = dict(headers or {})
        image_ids = headers.pop(HEADER, None)
        message = super()._build_email__(*args, headers=headers, **kwargs)
        part = message.get_body(("html",)) if image_ids else None
        if part:
            # sudo: the mail queue runs for the system; _inline_domain chose the images
            for image in self.env["ir.attachment"].sudo().browse(map(int, image_ids.split(","))).exists():
                maintype, _slash, subtype = image.mimetype.partition("/")
                part.add_related(
                    image.raw, maintype, subtype, cid=f"<image-{image.id}>", filename=image.name, disposition="inline"
                )
        return message
