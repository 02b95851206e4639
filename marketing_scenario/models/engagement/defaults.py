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
        codes = {"en_US", *(code for code, _name in self.env["res.lang"].get_installed())}
        texts = {code: self.with_context(lang=code)._first_texts() for code in codes}
        for point in self:
            for name in ("title", "submit_label", "thank_you", "consent_text"):
                # as read, since what is stored of Html is spelled otherwise
                if self._plain(point[name]) == self._plain(proposed[name]):
                    point._store_in_languages(name, {code: texts[code][name] for code in codes})
            for field in point.field_ids:
                if field.label == proposed.get(field.key):
                    for code in codes - {self.env.lang}:
                        field.with_context(lang=code).label = texts[code][field.key]

    def _store_in_languages(self, name, texts):
        """Store a text of one form in several languages.

        :param name: translated field
        :param texts: {language code: text}, English among them
        """
        field = self._fields[name]
        if not callable(field.translate):
            for code, text in texts.items():
                self.with_context(lang=code)[name] = text
            return
        # Html is translated sentence by sentence, and its sentences are looked up by the English ones. Written in
        # another language, the text would replace the English sentences, in whatever language it was created.
        english = texts["en_US"]
        self.with_context(lang="en_US")[name] = english
        terms = field.get_trans_terms(english)
        self.update_field_translations(
            name,
            {
                code: dict(zip(terms, field.get_trans_terms(text), strict=True))
                for code, text in texts.items()
                if code != "en_US"
            },
        )
