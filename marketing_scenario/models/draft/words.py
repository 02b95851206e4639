"""Changes in words, for people: each field as its own description names it, in the language of who reads."""

import re

from odoo import models
from odoo.tools import format_date, format_datetime, html2plaintext

from ...tools.words import quoted

STYLES = re.compile(r"<style.*?</style>", re.DOTALL)  # the designer keeps them in the text
LONGEST = 60  # characters of a text that are shown


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _in_words(self, changes):
        """:param changes: as ``tools.definition.compare`` returns them
        :return: list of ``{"kind", "text", "details": [texts], "step": ref or False, "icon"}``
        """
        return [getattr(self, f"_words_{change['kind']}")(change) for change in changes]

    def _words_setting(self, change):
        detail = change["details"][0]
        return {
            "kind": "setting",
            "icon": "fa-cog",
            "step": False,
            "text": self.env._("Settings: %(change)s", change=self._detail_in_words("marketing.scenario", detail)),
            "details": [],
        }

    def _words_added(self, change):
        return self._words_step(
            change,
            "fa-plus",
            self.env._(
                "“%(step)s” (%(type)s) is added after “%(parent)s”",
                step=change["name"],
                type=self._type_in_words(change),
                parent=change["parent"],
            ),
        )

    def _words_removed(self, change):
        text = self.env._("“%(step)s” (%(type)s) is removed", step=change["name"], type=self._type_in_words(change))
        return self._words_step(change, "fa-trash-o", text)

    def _words_moved(self, change):
        text = self.env._(
            "“%(step)s” is moved: it comes after “%(parent)s” now", step=change["name"], parent=change["parent"]
        )
        return self._words_step(change, "fa-arrows", text)

    def _words_changed(self, change):
        model = "marketing.scenario.step"
        words = self._words_step(change, "fa-pencil", self.env._("“%(step)s” is changed", step=change["name"]))
        return {**words, "details": [self._detail_in_words(model, detail) for detail in change["details"]]}

    def _words_step(self, change, icon, text):
        return {"kind": change["kind"], "icon": icon, "step": change["ref"], "text": text, "details": []}

    def _type_in_words(self, change):
        types = dict(self.env["marketing.scenario.step"]._fields["step_type"]._description_selection(self.env))
        return types.get(change["type"], change["type"])

    def _detail_in_words(self, model, detail):
        field = self.env[model]._fields.get(detail["field"])
        if not field:  # of an addon that is gone
            return detail["field"]
        label = field._description_string(self.env)
        if "line" not in detail:
            old, new = (self._value_in_words(field, detail[side]) for side in ("old", "new"))
            if old == new:  # long texts that begin alike
                return self.env._("%(field)s: another text", field=label)
            return self.env._("%(field)s: %(old)s → %(new)s", field=label, old=old, new=new)
        line = self._line_in_words(field.comodel_name, detail["values"])
        if detail["line"] == "added":
            return self.env._("%(field)s: added %(line)s", field=label, line=line)
        if detail["line"] == "removed":
            return self.env._("%(field)s: removed %(line)s", field=label, line=line)
        inner = "; ".join(self._detail_in_words(field.comodel_name, part) for part in detail["details"])
        return self.env._("%(field)s, %(line)s: %(changes)s", field=label, line=line, changes=inner)

    def _line_in_words(self, model, values):
        """A rule or a case by what it says: its name, else each setting."""
        fields = self.env[model]._fields
        if "name" in values:
            return quoted(self.env, values["name"])
        told = (
            self._value_in_words(fields[name], value)
            for name, value in values.items()
            if name in fields and fields[name].type not in ("integer", "float")
        )
        return quoted(self.env, " · ".join(told))

    def _value_in_words(self, field, value):
        if isinstance(value, dict) and "languages" in value:
            texts = value["languages"]
            value = texts.get(self.env.lang) or next(iter(texts.values()), None)
        if field.type == "boolean":
            return self.env._("yes") if value else self.env._("no")
        if value in (None, False, "", []):
            return "0" if field.type in ("integer", "float", "monetary") else self.env._("empty")
        if field.type == "many2one":
            return self._step_in_words(value["step"]) if "step" in value else value["name"]
        if field.type == "many2many":
            return ", ".join(item["name"] for item in value)
        if field.type == "selection":
            return str(dict(field._description_selection(self.env)).get(value, value))
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "datetime":
            return format_datetime(self.env, value)
        if field.type in ("float", "monetary"):
            return f"{value:g}"
        if field.type == "integer":
            return str(value)
        text = html2plaintext(STYLES.sub("", value)) if field.type == "html" else str(value)
        text = " ".join(text.split())
        return quoted(self.env, f"{text[:LONGEST]}…" if len(text) > LONGEST else text)

    def _step_in_words(self, ref):
        step = self.env["marketing.scenario.step"].search(
            ["|", ("id", "=", ref), ("original_id", "=", ref)], limit=1, order="id desc"
        )
        return quoted(self.env, step.name) if step else self.env._("a step that is gone")
