"""Two people on one step: the second to save is told what the first one wrote, and overwrites nothing (S54)."""

import hashlib

from odoo import fields, models
from odoo.exceptions import UserError, ValidationError

from ...tools import definition
from ..channels.languages import designed_language


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def web_save(self, vals, specification, next_id=None):
        """As ever; with ``marketing_seen`` in the context, ``{field: value when the form was loaded}``, what somebody
        else has changed since is not overwritten.

        :raise UserError: somebody has; both values are named
        """
        seen = self.env.context.get("marketing_seen")
        step = self.with_context(marketing_seen=None)
        if seen is not None and self:
            step._check_not_overtaken(vals, seen)
        return super(MarketingScenarioStep, step).web_save(vals, specification, next_id=next_id)

    def _check_not_overtaken(self, vals, seen):
        self.check_access("write")
        _latest(self, seen)
        if lines := self._overtaken(vals, seen):
            raise self._overtaken_error(lines)

    def _overtaken_error(self, lines):
        return UserError(
            "\n".join(
                [
                    self.env._(
                        "“%(step)s” was changed by somebody else while you had it open. Nothing was saved.",
                        step=self.name,
                    ),
                    *(f"• {line}" for line in lines),
                    self.env._("Note what you want to keep of yours, and enter it again on what is there now."),
                ]
            )
        )


class MarketingScenarioPart(models.AbstractModel):
    _inherit = "marketing.scenario.part"

    def _overtaken(self, vals, seen):
        """Sentences on the fields in ``vals`` that are no longer as ``seen``; rows of lines are looked through."""
        sentences = []
        for name in vals.keys() & seen.keys() & self._fields.keys():
            field = self._fields[name]
            if field.type in ("one2many", "many2many"):
                sentences += self._overtaken_rows(field, vals[name], seen[name])
            elif not definition.same(self._as_loaded(field, self[name]), seen[name]):
                sentences.append(self._overtaken_sentence(field, self[name], vals[name]))
        return sentences

    def _overtaken_rows(self, field, commands, seen):
        """:param seen: ``{"ids": ids of the rows, "rows": {id: {field: value}}}``"""
        rows = self[field.name]
        if set(rows.ids) != set(seen.get("ids", ())):
            names = ", ".join(rows.mapped("display_name")) or self.env._("empty")
            return [
                self.env._(
                    "%(field)s: rows were added or removed; they are now: %(rows)s",
                    field=field._description_string(self.env),
                    rows=names,
                )
            ]
        changed = {command[1]: command[2] for command in commands if command[0] == 1}
        loaded = seen.get("rows", {})
        return [
            sentence
            for row in rows
            if row.id in changed and str(row.id) in loaded and hasattr(row, "_overtaken")
            for sentence in row._overtaken(changed[row.id], loaded[str(row.id)])
        ]

    def _overtaken_sentence(self, field, theirs, mine):
        return self.env._(
            "%(field)s: now %(theirs)s, yours %(mine)s",
            field=field._description_string(self.env),
            theirs=self._loaded_in_words(field, theirs),
            mine=self._loaded_in_words(field, mine),
        )

    def _as_loaded(self, field, value):
        """The value of a field as the browser has it."""
        if field.type == "many2one":
            return value.id or None
        if field.type in ("date", "datetime"):
            return field.to_string(value) if value else None
        return str(value) if field.type == "html" and value else value or None

    def _loaded_in_words(self, field, value):
        if field.type == "many2one":
            record = self.env[field.comodel_name].browse(value.id if isinstance(value, models.BaseModel) else value)
            value = {"id": record.id, "name": record.display_name} if record else None
        return self.env["marketing.scenario"]._value_in_words(field, value)


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    # What is stored of a text is not what was typed (images become files), and a designer is not loaded again after a
    # save: {language: [what the browser that saved last shows, what became of it]}, as digests
    marketing_shown = fields.Json(copy=False)

    def web_save(self, vals, specification, next_id=None):
        """As that of a step: who designs a mail overwrites nothing that somebody else designed meanwhile."""
        seen = self.env.context.get("marketing_seen")
        mailing = self.with_context(marketing_seen=None)
        if seen is None or not mailing.marketing_step_id or "body_arch" not in vals:
            return super(MailingMailing, mailing).web_save(vals, specification, next_id=next_id)
        _latest(mailing, seen)
        typed = str(vals["body_arch"] or "")
        mailing._check_not_overtaken(typed, str(seen.get("body_arch") or ""))
        result = super(MailingMailing, mailing).web_save(vals, specification, next_id=next_id)
        shown = [_digest(typed), _digest(mailing._designed())]
        mailing.marketing_shown = {**(mailing.marketing_shown or {}), str(designed_language(self.env)): shown}
        return result

    def _check_not_overtaken(self, mine, seen):
        theirs = self._designed()
        shown = (self.marketing_shown or {}).get(str(designed_language(self.env)))
        if seen not in (theirs, str(self.body_arch or "")) and shown != [_digest(seen), _digest(theirs)]:
            step = self._marketing_step()
            text = step._fields[step._own_field("body")]
            raise step._overtaken_error([step._overtaken_sentence(text, theirs, mine)])

    def _designed(self):
        """What is designed here, in the language of who designs it."""
        return str(self._marketing_step()._mail_text()["body_arch"] or "")


def _latest(record, seen):
    """Wait for who is saving this record, and look at it as it is then."""
    if not isinstance(seen, dict):
        raise ValidationError(record.env._("marketing_seen: the values of the form when it was loaded are expected."))
    record.lock_for_update()
    record.invalidate_recordset()


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()
