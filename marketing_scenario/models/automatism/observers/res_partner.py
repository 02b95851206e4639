"""Events of contacts and accounts (S14), noted in the user's transaction."""

from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _marketing_watched(self):
        listened = self.env["marketing.automatism.event"]._listened()
        watched = super()._marketing_watched()
        if "tag_added" in listened:
            watched.add("category_id")
        if "account_status" in listened:
            watched.add("account_status_id")
        return watched

    def _marketing_created(self):
        result = super()._marketing_created()
        changes = {}
        for field in self._marketing_watched() & {"category_id", "account_status_id"}:
            nothing = frozenset() if field == "category_id" else False
            values = self._marketing_field_values(field)
            changes[field] = {i: (nothing, value) for i, value in values.items() if value}
        self._marketing_note_changes(changes)
        return result

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        self._marketing_note_changes(changes)
        return result

    def _marketing_note_changes(self, changes):
        """Note all events of one create or write, in one INSERT."""
        events, notes = self.env["marketing.automatism.event"], []
        if status := changes.get("account_status_id"):
            each = {i: {"from": old, "to": new} for i, (old, new) in status.items()}
            notes.append(("account_status", self.browse(each), lambda: each))
        if tagged := changes.get("category_id"):
            records, added = self._marketing_added(tagged)
            payload = {i: {"tag_ids": ids} for i, ids in added.items() if events._hears_tag(ids)}
            notes.append(("tag_added", records.browse(payload), lambda: payload))
        events._note_all(notes)

    def _marketing_tagged(self, tag):
        result = super()._marketing_tagged(tag)
        events = self.env["marketing.automatism.event"]
        if events._hears_tag(tag.ids):
            events._note("tag_added", self, {"tag_ids": tag.ids})
        return result
