"""The placeholders of a text, checked for each kind of target before activation, in words for people (S40).

First what can be read off the text: a field that a kind does not have, one that means something else there, a
placeholder that is sent as typed. Then the text is rendered for one record of each kind.
"""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ...tools import placeholders

KIND_SAMPLES = {
    "contact": ("res.partner", [("is_company", "=", False)]),
    "account": ("res.partner", [("is_company", "=", True)]),
    "lead": ("crm.lead", []),
}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _text_issues(self, sources, render):
        """Findings on the placeholders of this step's message.

        :param sources: list of ``(text, language)``, language as in ``tools.placeholders``
        :param render: function ``(record)`` that renders the whole message, or raises
        """
        paths = [path for source, language in sources for path in placeholders.paths(source, language)]
        return [
            *self._stray_issues(sources),
            *self._meaning_issues(paths),
            *(issue for kind in self.scenario_id._kinds() for issue in self._kind_issues(kind, paths, render)),
        ]

    def _stray_issues(self, sources):
        issues = []
        for source, language in sources:
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
                issues.append(self._issue("stray_placeholder", message, level="warning", field="body"))
        return issues

    def _meaning_issues(self, paths):
        """Fields that bear one name on contacts and on leads but hold different things: a lead's name is its title."""
        written_for = self._part("text_model")
        names = {*self.scenario_id._target_models(), *filter(None, [written_for])}
        if len(names) < 2:
            return []
        partner, lead = self.env["res.partner"], self.env["crm.lead"]
        issues = []
        for path in paths:
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
            issues.append(self._issue("other_meaning", message, level="warning", field="body"))
        return issues

    def _kind_issues(self, kind, paths, render):
        model, domain = KIND_SAMPLES[kind]
        kinds = {"contact": self.env._("contacts"), "account": self.env._("accounts"), "lead": self.env._("leads")}
        missing = list(dict.fromkeys(filter(None, (self._missing_name(model, path) for path in paths))))
        if missing:
            message = self.env._(
                "%(kind)s have no field “%(fields)s”: their message would fail. Take it out of the text, or choose a "
                "field that all have.",
                kind=kinds[kind],
                fields="”, “".join(missing),
            )
            return [self._issue(f"merge_field_{kind}", message, field="body")]
        # chosen with the rights of who checks, for what goes wrong may name it
        sample = self.env[model].search(domain, limit=1) if self.env[model].has_access("read") else self.env[model]
        try:
            with self.env.cr.savepoint():
                if sample:
                    render(sample.sudo())  # sudo: the engine renders with all rights
        except (UserError, AccessError) as error:
            message = self.env._("tried for %(kind)s: %(error)s", kind=kinds[kind], error=error)
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
