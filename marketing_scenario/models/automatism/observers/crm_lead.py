"""Events of leads (S14), noted in the user's transaction."""

from odoo import models

WON_LOST = ("lead_won", "lead_lost")
# what a field is while nothing has happened yet, when that is not empty
NOTHING = {"tag_ids": frozenset(), "won_status": "pending", "type": "lead"}
WATCHED = {"stage_id", "user_id", *NOTHING}


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _marketing_watched(self):
        listened = self.env["marketing.automatism.event"]._listened()
        watched = super()._marketing_watched()
        for field, kinds in (
            ("stage_id", ("lead_stage",)),
            ("user_id", ("lead_assigned",)),
            ("tag_ids", ("lead_tag_added", "tag_added")),
            ("won_status", WON_LOST),
            ("type", ("opportunity_created",)),
        ):
            if not listened.isdisjoint(kinds):
                watched.add(field)
        return watched

    def _marketing_created(self):
        result = super()._marketing_created()
        listened = self.env["marketing.automatism.event"]._listened()
        changes = {"created": True} if "lead_created" in listened else {}
        for field in self._marketing_watched() & WATCHED:
            nothing = NOTHING.get(field, False)
            values = self._marketing_field_values(field)
            changes[field] = {i: (nothing, value) for i, value in values.items() if value != nothing}
        self._marketing_note_changes(changes)
        return result

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        self._marketing_note_changes(changes)
        return result

    def _marketing_note_changes(self, changes):
        """Note all events of one create or write, in one INSERT."""
        notes = [("lead_created", self, None)] if changes.get("created") else []
        for field, kind in (("stage_id", "lead_stage"), ("user_id", "lead_assigned")):
            if changed := changes.get(field):
                each = {i: {"from": old, "to": new} for i, (old, new) in changed.items()}
                reached = self.browse([i for i, (_old, new) in changed.items() if new])
                notes.append((kind, reached, lambda each=each: each))
        if closed := changes.get("won_status"):
            for status in ("won", "lost"):
                became = self.browse([i for i, (_old, new) in closed.items() if new == status])
                notes.append((f"lead_{status}", became, None))
        if types := changes.get("type"):
            became = self.browse([i for i, (_old, new) in types.items() if new == "opportunity"])
            notes.append(("opportunity_created", became, None))
        if tagged := changes.get("tag_ids"):
            notes += self._marketing_tag_notes(*self._marketing_added(tagged))
        self.env["marketing.automatism.event"]._note_all(notes)

    def _marketing_tag_notes(self, records, added):
        """A tag of a lead is an event of its own; conditions wait for ``tag_added`` whatever the record."""
        payload = {i: {"tag_ids": ids} for i, ids in added.items()}
        return [(kind, records, lambda: payload) for kind in ("lead_tag_added", "tag_added")]

    def _marketing_tagged(self, tag):
        result = super()._marketing_tagged(tag)
        notes = self._marketing_tag_notes(self, dict.fromkeys(self.ids, [tag.id]))
        self.env["marketing.automatism.event"]._note_all(notes)
        return result
