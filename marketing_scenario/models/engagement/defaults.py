"""What a new form starts with: texts and fields, in every installed language (S13, S49)."""

from markupsafe import Markup

from odoo import fields, models

# (key, kind, what it fills, required): what a new form starts with.
FIRST_FIELDS = [
    ("first_name", "text", "first_name", False),
    ("last_name", "text", "last_name", False),
    ("email", "email", "email", True),
    ("company", "text", "company_name", False),
    ("phone", "phone", "phone", False),
    ("consent", "consent", "none", False),
]


class EngagementFirst(models.Model):
    _inherit = "marketing.engagement.point"

    def _first_texts(self):
        """:return: {key: text} a new form starts with, in the language of ``self``."""
        return {
            "title": self.env._("Keep in touch"),
            "submit_label": self.env._("Send"),
            "thank_you": Markup("<p>%s</p>") % self.env._("Thank you! We have received your answers."),
            "consent_text": Markup("<p>%s</p>")
            % self.env._(
                "I agree to receive information and offers from %(company)s. I can withdraw my consent at any time.",
                company=self.env.company.name,
            ),
            "first_name": self.env._("First name"),
            "last_name": self.env._("Last name"),
            "email": self.env._("Email"),
            "company": self.env._("Company"),
            "phone": self.env._("Phone"),
            "consent": self.env._("Stay informed"),
        }

    def _first_fields(self):
        texts = self._first_texts()
        return [
            fields.Command.create(
                {
                    "key": key,
                    "kind": kind,
                    "maps_to": target,
                    "required": required,
                    "label": texts[key],
                    "sequence": (index + 1) * 10,
                }
            )
            for index, (key, kind, target, required) in enumerate(FIRST_FIELDS)
        ]

    def _translate_first_texts(self):
        """Store the texts left as proposed in every installed language: the page speaks the visitor's (S49)."""
        proposed = self._first_texts()
        for code, _name in self.env["res.lang"].get_installed():
            if code == self.env.lang:
                continue
            texts = self.with_context(lang=code)._first_texts()
            for point in self:
                for name in ("title", "submit_label", "thank_you", "consent_text"):
                    if point[name] == proposed[name] != texts[name]:
                        point.with_context(lang=code)[name] = texts[name]
                for field in point.field_ids:
                    if field.label == proposed.get(field.key) != texts.get(field.key):
                        field.with_context(lang=code).label = texts[field.key]
