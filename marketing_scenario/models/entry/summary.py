"""How rejected entries read: before confirming, and in the notification after it (S10, S15)."""

from collections import Counter

from odoo import models

from ..enrollment.states import CONTROL
from ..notice import notice

LOOKED_AT = 2000  # records; more would be waited for after each change of a filter


def summarize(env, rejected, total, separator=", "):
    """``{record id: reason}`` as text: the reason alone when everyone has the same, else each with its count."""
    labels = dict(env["marketing.scenario.refusal"]._fields["reason"]._description_selection(env))
    counts = Counter(rejected.values())
    if len(counts) == 1 and total == 1:
        return labels[next(iter(counts))]
    each = [(labels.get(code, code), count) for code, count in counts.most_common()]
    return separator.join(env._("%(reason)s: %(count)s", reason=reason, count=count) for reason, count in each)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _rejections_for(self, records):
        """As ``_rejections``, for records the current user chose: those they may not change are rejected too."""
        if not records:
            return {}
        allowed = records._filtered_access("write")
        # sudo: the preview must say what the engine will do; nothing but the reason codes leaves this method
        rejected = self.sudo()._rejections(allowed) if allowed else {}
        return rejected | dict.fromkeys((records - allowed).ids, "no_access")

    def _told_unreached(self, records):
        """Whom of these records no message of this scenario could reach as things stand now, by channel and reason.

        :return: a line a channel, or empty
        """
        looked_at = records[:LOOKED_AT]
        templates = {
            "email": self.env._("No email can go to: %(count)s (%(reasons)s)"),
            "sms": self.env._("No SMS can go to: %(count)s (%(reasons)s)"),
            "phone": self.env._("Cannot be called: %(count)s (%(reasons)s)"),
        }
        used = {step._channel() for step in self.step_ids}
        lines = []
        for channel, template in templates.items():
            blocked = looked_at._blocked(channel) if channel in used and looked_at else {}
            if blocked:
                lines.append(template % {"count": len(blocked), "reasons": summarize(self.env, blocked, 0)})
        if lines and len(records) > LOOKED_AT:
            lines.insert(0, self.env._("Of the first %(count)s:", count=LOOKED_AT))
        return "\n".join(lines)

    def _notify_entry(self, enrollments, rejected):
        """Notification on what became of an entry; closes the dialog it came from."""
        told = self._told_entry(enrollments, rejected)
        return notice(told.pop("message"), told.pop("type"), **told)

    def _told_entry(self, enrollments, rejected):
        """What became of an entry, as a notification: ``{"title", "message", "type", "sticky"}``."""
        if rejected:
            message = self.env._(
                "%(entered)s entered, %(rejected)s rejected (%(reasons)s).",
                entered=len(enrollments),
                rejected=len(rejected),
                reasons=summarize(self.env, rejected, len(enrollments) + len(rejected)),
            )
        else:
            message = self.env._("%(entered)s entered.", entered=len(enrollments))
        if held := len(enrollments.filtered(lambda run: run.state == CONTROL)):
            message += " " + self.env._("%(held)s of them are in the control group: they walk nowhere.", held=held)
        return {
            "title": self.name,
            "message": message,
            "type": "warning" if rejected else "success",
            "sticky": bool(rejected),
        }
