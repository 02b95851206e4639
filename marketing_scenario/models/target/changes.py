"""Changes of targets that matter here, compared once per write for all who want to know."""

from odoo import models


class MarketingScenarioTarget(models.AbstractModel):
    """Each model calls ``_marketing_before`` and ``_marketing_after`` around its ``write``. While no one watches
    any of the written fields, that costs nothing; else it reads what ``write`` reads anyway."""

    _inherit = "marketing.scenario.target"

    # field → the written fields that can change it
    _marketing_triggers = {}

    def _marketing_watched(self):
        """Hook: names of the fields whose changes someone wants to know now; each concern adds its own."""
        return set()

    def _marketing_watched_by_name(self):
        """Hook: names of fields that only writing themselves changes, and whose changes someone wants to know now."""
        return frozenset()

    def _marketing_changed(self, changes):
        """Hook: ``{field: {record id: (old, new)}}``; only real changes, relations as ids."""

    def _marketing_created(self):
        """Hook: these records are new."""

    def _marketing_before(self, vals):
        """Values to compare with, ``{field: {record id: value}}``; empty when nothing watched is written."""
        triggers = {field for field, sources in self._marketing_triggers.items() if not vals.keys().isdisjoint(sources)}
        watched = triggers and triggers & self._marketing_watched()
        watched |= self._marketing_watched_by_name() & vals.keys()
        return {field: self._marketing_field_values(field) for field in watched}

    def _marketing_after(self, before):
        """Compare, and tell ``_marketing_changed``."""
        changes = {}
        for field, old in before.items():
            new = self._marketing_field_values(field)
            changed = {i: (old[i], new[i]) for i in new if old.get(i) != new[i]}
            if changed:
                changes[field] = changed
        if changes:
            self._marketing_changed(changes)

    def _marketing_field_values(self, field):
        kind = self._fields[field].type
        if kind == "many2many":
            return {record.id: frozenset(record[field].ids) for record in self}
        if kind == "many2one":
            return {record.id: record[field].id for record in self}
        return {record.id: record[field] for record in self}

    def _marketing_added(self, changes):
        """``{record id: ids added}`` from the changes of a many2many field, and the records that got some."""
        added = {i: sorted(new - old) for i, (old, new) in changes.items() if new - old}
        return self.browse(added), added
