"""What is said to recipients, each in their language (S11): a text has as many languages as it was written in."""

from odoo import api, models

from ..scenario.check import ask_once

LANGUAGE = "marketing_language"  # in the context: the one language in which a text is read and written


def active_languages(env):
    """Codes of the active languages, that of the user first."""
    return sorted((code for code, _name in env["res.lang"].get_installed()), key=lambda code: code != env.lang)


def designed_language(env):
    """The language of the text that is designed; the words around it are in that of who designs."""
    return env.context.get(LANGUAGE) or env.lang


def in_languages(record, name):
    """``{language: what a field says in it}``; a language without a text of its own has the English one."""
    own = record.with_context(prefetch_langs=True)
    return {code: own.with_context(lang=code)[name] for code in active_languages(record.env)}


class MarketingScenarioWorded(models.AbstractModel):
    """A step, or another version of its message: holds texts for recipients."""

    _name = "marketing.scenario.worded"
    _description = "Texts in several languages"

    @api.model
    def _rendered_fields(self):
        """Hook: the fields that are evaluated for each recipient, as ``{field: language}``.

        Language: ``qweb`` (HTML), ``inline`` (one text with ``{{ }}``), or None for a field that only chooses the text.
        """
        return {}

    @api.model
    def _made_of(self):
        """Hook: ``{field: the field of which its text is made}``."""
        return {}

    def _translated(self):
        return [name for name in self._rendered_fields() if name in self._fields and self._fields[name].translate]

    def write(self, vals):
        """A text that says the same in all languages is one text: who corrects it corrects it for everybody.

        What is made of another text is alike only where that one is: a mail designed in one language says nothing of
        the others, which go on with theirs. With ``LANGUAGE`` in the context only that language is written.
        """
        if language := self.env.context.get(LANGUAGE):
            elsewhere = self._elsewhere(vals, language)
            result = super(MarketingScenarioWorded, self.with_context(lang=language)).write(vals)
            for record, name, texts in elsewhere:
                record.update_field_translations(name, texts)
            return result
        languages = active_languages(self.env)
        texts = [name for name in self._translated() if name in vals] if len(languages) > 1 else ()
        alike = {
            name: self.filtered(lambda record, name=name: len(set(in_languages(record, name).values())) == 1)
            for name in texts
        }
        made = {name: source for name, source in self._made_of().items() if name in alike}
        apart = {}
        for name, source in made.items():
            several = self.filtered(lambda record, own=source: len(set(in_languages(record, own).values())) > 1)
            apart[name] = several & alike[name]
            alike[name] -= several
        result = super().write(vals)
        for name, records in apart.items():
            for record in records:
                record.update_field_translations(name, dict.fromkeys(languages[1:], ""))
        for name, records in alike.items():
            for language in languages if records else ():
                super(MarketingScenarioWorded, records.with_context(lang=language)).write({name: vals[name]})
        return result

    def _elsewhere(self, names, language):
        """``[(record, field, {language: text})]``: what the texts of these names say in the other languages."""
        told = []
        for name in set(self._translated()) & set(names):
            for record in self.with_context(**{LANGUAGE: False}):
                texts = {code: str(text or "") for code, text in in_languages(record, name).items()}
                texts.pop(language, None)
                told.append((record, name, texts))
        return told

    def _update_field_translations(self, field_name, translations, digest=None, source_lang=""):
        """A text that comes as a translation is cleaned as one that is written."""
        field = self._fields[field_name]
        if field.translate is True:
            translations = {
                code: field.convert_to_cache(text, self) if isinstance(text, str) else text
                for code, text in translations.items()
            }
        return super()._update_field_translations(field_name, translations, digest, source_lang)

    def _tongues(self):
        """The active languages in which the texts differ, that of the user first; it alone when all are alike."""
        return ask_once(self.env, ("languages", self._name, self.id, self.env.lang), self._read_tongues)

    def _read_tongues(self):
        texts = [in_languages(self, name) for name in self._translated()]
        known = {}
        for code in active_languages(self.env):
            known.setdefault(tuple(text[code] for text in texts), code)
        return list(known.values())


class MarketingScenarioStep(models.Model):
    _name = "marketing.scenario.step"
    _inherit = ["marketing.scenario.step", "marketing.scenario.worded"]

    def _is_alike(self):
        """Whether the mail of this step says the same in all languages."""
        return len({str(self._part("mail_view", code) or "") for code in active_languages(self.env)}) <= 1
