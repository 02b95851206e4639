"""How refused entries read: before confirming, and in the notification after it (S10, S15)."""

from collections import Counter

from odoo import models


def summarize(env, refusals, total, separator=", "):
    """``{record id: reason}`` as text: the reason alone when everybody has the same, else each with its count."""
    labels = dict(env["marketing.scenario.refusal"]._fields["reason"]._description_selection(env))
    counts = Counter(refusals.values())
    if len(counts) == 1 and total == 1:
        return labels[next(iter(counts))]
    return separator.join(f"{labels.get(code, code)}: {count}" for code, count in counts.most_common())


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _refusals_for(self, records):
        """As ``_entry_refusals``, for records the current user chose: those they may not change are refused too."""
        if not records:
            return {}
        allowed = records._filtered_access("write")
        # sudo: the preview must say what the engine will do; nothing but the reason codes leaves this method
        refusals = self.sudo()._entry_refusals(allowed) if allowed else {}
        return refusals | dict.fromkeys((records - allowed).ids, "no_access")

    def _notify_entry(self, enrollments, refused):
        """Notification on what became of an entry; closes the dialog it came from."""
        if refused:
            message = self.env._(
                "%(entered)s entered, %(refused)s refused (%(reasons)s).",
                entered=len(enrollments),
                refused=len(refused),
                reasons=summarize(self.env, refused, len(enrollments) + len(refused)),
            )
        else:
            message = self.env._("%(entered)s entered.", entered=len(enrollments))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "title": self.name,
                "message": message,
                "type": "warning" if refused else "success",
                "sticky": bool(refused),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
