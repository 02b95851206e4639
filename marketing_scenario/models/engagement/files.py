"""Files that visitors send: which are taken, judged by their content too, and where they are kept (S13)."""

import base64
import binascii
from dataclasses import dataclass

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.mimetypes import guess_mimetype

from ...tools.file_types import FILE_TYPES, MEGABYTE, ending
from .field import LIMITS, plain_text

MAX_MEGABYTES = 20


@dataclass(frozen=True)
class Upload:
    """A file as posted."""

    name: str
    data: bytes

    @property
    def extension(self):
        return ending(self.name)

    @classmethod
    def from_json(cls, value):
        """:return: the file of ``{"name": …, "content": base64}``; ``value`` itself when it is not one"""
        if not (isinstance(value, dict) and set(value) == {"name", "content"}):
            return value
        if not all(isinstance(part, str) for part in value.values()):
            return value
        try:
            return cls(value["name"], base64.b64decode(value["content"], validate=True))
        except (binascii.Error, ValueError):
            return value


class EngagementField(models.Model):
    _inherit = "marketing.engagement.field"

    kind = fields.Selection(selection_add=[("file", "File")], ondelete={"file": "cascade"})
    file_types = fields.Char(
        "File types",
        default="pdf, jpg, png",
        help="Endings of the files taken, separated by commas. The content is checked, too.",
    )
    file_size = fields.Integer("Largest file (MB)", default=5)

    _file_size_range = models.Constraint(
        f"CHECK (kind != 'file' OR file_size BETWEEN 1 AND {MAX_MEGABYTES})",
        f"A file may have 1 to {MAX_MEGABYTES} MB.",
    )

    @api.constrains("kind", "file_types", "maps_to")
    def _check_file(self):
        for field in self.filtered(lambda field: field.kind == "file"):
            if field.maps_to != "none":
                raise ValidationError(
                    self.env._("Field “%(label)s”: a file fills nothing; it is attached.", label=field.label)
                )
            strange = [name for name in field._extensions() if name not in FILE_TYPES]
            if strange or not field._extensions():
                raise ValidationError(
                    self.env._(
                        "Field “%(label)s”: file types are some of %(known)s, separated by commas.",
                        label=field.label,
                        known=", ".join(FILE_TYPES),
                    )
                )

    def _extensions(self):
        words = (self.file_types or "").replace(";", ",").split(",")
        return [word.strip().lstrip(".").lower() for word in words if word.strip()]

    def _accept(self):
        """:return: the endings as browsers and people read them"""
        return ", ".join(f".{name}" for name in self._extensions())

    def _file_hint(self):
        """:return: what the visitor is told beside the button"""
        return self.env._("%(types)s, %(size)s MB at most", types=self._accept(), size=self.file_size)

    def _clean_upload(self, value):
        """Check one posted file.

        :param value: an ``Upload``, or what was posted instead
        :return: (its name, error sentence or False)
        """
        self.ensure_one()
        if not value:
            return "", self.required and self.env._("Please choose a file.")
        if not isinstance(value, Upload):
            return "", self.env._("A file is expected here.")
        name = plain_text(value.name.replace("\\", "/").rpartition("/")[2])[-LIMITS["file"] :]
        if value.extension not in self._extensions():
            return name, self.env._("This file cannot be taken. Possible: %(types)s", types=self._accept())
        if len(value.data) > self.file_size * MEGABYTE:
            return name, self.env._("This file is too large: %(size)s MB at most.", size=self.file_size)
        if not value.data:
            return name, self.env._("This file is empty.")
        if guess_mimetype(value.data) not in FILE_TYPES[value.extension]:
            return name, self.env._(
                "The content of this file is not what its name says (.%(type)s).", type=value.extension
            )
        return name, False


class EngagementPoint(models.Model):
    _inherit = "marketing.engagement.point"

    def _file_bytes(self):
        """:return: how much larger than others a post of this form may be"""
        return sum(field.file_size for field in self.field_ids if field.kind == "file") * MEGABYTE


class EngagementSubmission(models.Model):
    _inherit = "marketing.engagement.submission"

    attachment_ids = fields.Many2many(
        "ir.attachment", "marketing_submission_attachment_rel", string="Files", readonly=True, copy=False
    )

    def _keep_files(self, uploads):
        """Store what came with this submission: with itself, until it is known whose it is.

        :param uploads: {key of the field: ``Upload``}, checked
        """
        self.ensure_one()
        if uploads:
            self.attachment_ids = self.env["ir.attachment"].create(
                [
                    {
                        "name": self.values[key],
                        "raw": upload.data,
                        "mimetype": FILE_TYPES[upload.extension][0],
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for key, upload in uploads.items()
                ]
            )

    def _hand_over_files(self, record):
        """Attach the files to the record that this submission made or found."""
        self.attachment_ids.write({"res_model": record._name, "res_id": record.id})

    def _forget(self):
        self.attachment_ids.unlink()
        return super()._forget()
