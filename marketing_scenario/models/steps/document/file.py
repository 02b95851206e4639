"""A document that is a file, the same for all (S22): a brochure, a price list."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools.mimetypes import guess_mimetype

from ....tools.file_types import FILE_TYPES, MEGABYTE, ending

MAX_MEGABYTES = 10  # many mail servers refuse larger mails


class StepDocumentFile(models.Model):
    _inherit = "marketing.scenario.step"

    document_source = fields.Selection(
        [("report", "Report made for each person"), ("file", "File, the same for all")],
        "Document is a",
        default="report",
        required=True,
    )
    document_file = fields.Binary("Document file", help="Who opens a link later gets the file as it is then.")
    document_file_name = fields.Char("Name of the document file")

    @api.constrains("document_file", "document_file_name")
    def _check_document_file(self):
        problems = [problem for step in self if (problem := step._document_file_problem())]
        if problems:
            raise ValidationError("\n".join(problems))

    def _document_file_problem(self):
        if not self.document_file:
            return ""
        name, content = self.document_file_name or "", self._document_file_content()
        known = FILE_TYPES.get(ending(name))
        if not known:
            return self.env._(
                "“%(name)s” cannot be sent. Choose a file of one of these types: %(types)s.",
                name=name,
                types=", ".join(FILE_TYPES),
            )
        if len(content) > MAX_MEGABYTES * MEGABYTE:
            return self.env._("“%(name)s” is too large: %(size)s MB at most.", name=name, size=MAX_MEGABYTES)
        if guess_mimetype(content) not in known:
            return self.env._(
                "The content of “%(name)s” is not what its name says. Save it again in its program.", name=name
            )
        return ""

    def _document_file_content(self):
        return base64.b64decode(self.with_context(bin_size=False).document_file or b"")

    def _document_file_served(self):
        """:return: the file as ``(bytes, name, MIME type)``
        :raise UserError: there is none any more
        """
        # sudo: the file is shown to its addressee, no matter who asks
        step = self.sudo()
        if not step.document_file:
            raise UserError(self.env._("The step “%(step)s” has no file any more.", step=step.name))
        name = step.document_file_name
        return step._document_file_content(), name, FILE_TYPES[ending(name)][0]
