"""The placeholders of a text, checked for each kind of target before activation, in words for people (S40).

First what can be read off the text: a field that a kind does not have, one that means something else there, a
placeholder that is sent as typed. Then the text is rendered for one record of each kind.
"""

from collections import defaultdict

from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools.i18n import format_list

from ...tools import placeholders
from ...tools.words import quoted
from ..scenario.check import UNTRIED

KIND_SAMPLES = {
    "contact": ("res.partner", [("is_company", "=", False)]),
    "account": ("res.partner", [("is_company", "=", True)]),
    "lead": ("crm.lead", []),
}


# of what a message says (`_mail_text`): the field of the step, and how placeholders are written in it
TEXTS = {
    "subject": ("subject", "inline"),
    "preview": ("preview", "inline"),
    "body_html": ("body", "qweb"),
    "body_plaintext": ("body", "inline"),
}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _text_issues(self, render):
        """Findings on the placeholders of this step's message.

        :param render: function ``(record)`` that renders the whole message, or raises
        """
        texts = self._texts()
        read = self._read_paths(texts)
        lacking = self._lacking_fields(read)
        issues = [*self._stray_issues(texts), *self._meaning_issues(read), *self._lacking_issues(lacking)]
        if not self.env.context.get(UNTRIED):
            for kind in self.scenario_id._kinds():
                if not any(kind in kinds for _field, _names, kinds in lacking):
                    issues += self._kind_issues(kind, render)
        return issues

    def _texts(self):
        """``[(field, language, text)]`` of what this message says, in each language that is spoken; ``language``: as in
        ``tools.placeholders``."""
        versions = [self.with_context(lang=lang)._part("mail_text") or {} for lang in self._tongues()]
        told = [(*TEXTS[key], text) for said in versions for key, text in said.items() if key in TEXTS and text]
        return list(dict.fromkeys(told))

    def _stray_issues(self, texts):
        issues = []
        for field, language, source in texts:
            for text in placeholders.stray(source, language):
                if language == "qweb":
                    message = self.env._(
                        "“%(text)s” stands in the message as you see it here: it is not replaced. Delete it, type / "
                        "and choose “Dynamic Placeholder”.",
                        text=text,
                    )
                else:
                    message = self.env._(
                        "“%(text)s” is not replaced: a placeholder begins with {{ and ends with }}. Insert it anew.",
                        text=text,
                    )
                issues.append(self._issue("stray_placeholder", message, level="warning", field=field))
        return issues

    def _meaning_issues(self, read):
        """Fields that bear one name on contacts and on leads but hold different things: a lead's name is its title."""
        written_for = self._part("text_model")
        names = {*self.scenario_id._target_models(), *filter(None, [written_for])}
        if len(names) < 2:
            return []
        partner, lead = self.env["res.partner"], self.env["crm.lead"]
        issues = []
        for text_field, path in read:
            name = path.partition(".")[0]
            fields = partner._fields.get(name), lead._fields.get(name)
            if name.startswith("marketing_") or not all(fields):
                continue
            # compared as the developers wrote them: a translation may make one word of two
            if fields[0].string == fields[1].string and fields[0].type == fields[1].type:
                continue
            message = self.env._(
                "“object.%(name)s” is “%(partner)s” on contacts and accounts, but “%(lead)s” on leads. Use a field "
                "that means the same on all, such as the full name.",
                name=name,
                partner=fields[0]._description_string(self.env),
                lead=fields[1]._description_string(self.env),
            )
            issues.append(self._issue("other_meaning", message, level="warning", field=text_field))
        return issues

    def _read_paths(self, texts):
        """``[(field, path)]``: what the texts read of a record, each path once."""
        read = {}
        for field, language, source in texts:
            for path in placeholders.paths(source, language):
                read.setdefault(path, field)
        return [(field, path) for path, field in read.items()]

    def _lacking_fields(self, read):
        """``[(field of the step, names in its text, kinds that have no fields of these names)]``"""
        lacking = defaultdict(dict)
        for kind in self.scenario_id._kinds():
            for field, path in read:
                if name := self._missing_name(KIND_SAMPLES[kind][0], path):
                    lacking[field, name].setdefault(kind)
        groups = defaultdict(list)
        for (field, name), kinds in lacking.items():
            groups[field, tuple(kinds)].append(name)
        return [(field, names, kinds) for (field, kinds), names in groups.items()]

    def _lacking_issues(self, lacking):
        return [
            self._issue(
                "merge_field",
                self.env._(
                    "in “%(text)s”: %(kinds)s have no field %(fields)s, their message would fail. Take it out of the "
                    "text, or choose a field that all have.",
                    text=self._fields[self._own_field(field)]._description_string(self.env),
                    kinds=format_list(self.env, [self._kind_words()[kind] for kind in kinds]),
                    fields=format_list(self.env, [quoted(self.env, name) for name in names]),
                ),
                field=field,
            )
            for field, names, kinds in lacking
        ]

    def _kind_words(self):
        return {"contact": self.env._("contacts"), "account": self.env._("accounts"), "lead": self.env._("leads")}

    def _kind_issues(self, kind, render):
        model, domain = KIND_SAMPLES[kind]
        # chosen with the rights of who checks, for what goes wrong may name it
        sample = self.env[model].search(domain, limit=1) if self.env[model].has_access("read") else self.env[model]
        try:
            with self.env.cr.savepoint():
                if sample:
                    render(sample.sudo())  # sudo: the engine renders with all rights
        except (UserError, AccessError) as error:
            message = self.env._("tried for %(kind)s: %(error)s", kind=self._kind_words()[kind], error=error)
            return [self._issue(f"merge_field_{kind}", message, field="body")]
        return []

    def _missing_name(self, model, path):
        """The first name on a path that its model does not have, or None; what is no field (a method) is not judged."""
        records = self.env[model]
        for name in path.split("."):
            field = records._fields.get(name)
            if not field:
                return None if hasattr(records, name) else name
            if not field.comodel_name:
                return None
            records = self.env[field.comodel_name]
        return None
