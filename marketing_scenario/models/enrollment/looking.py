"""Who waits for a condition looks again when its facts change in a way that no event tells (S24): another contact,
another account, a merge, a scenario that was off."""

from odoo import models

from .. import clock
from . import sql

LINKS = {"partner_id", "parent_id"}


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _look_again(self):
        """Have those who wait in these scenarios tested again at once: nobody listened while they were off."""
        self.env["marketing.scenario.enrollment"].flush_model()
        if sql.look_again(self.env.cr, sql.waiting_in(self.ids), clock.now(self.env)):
            self.env["marketing.scenario.enrollment"].invalidate_model(["next_run_at"])


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_watched(self):
        watched = super()._marketing_watched()
        if self.env["marketing.scenario"]._ever_activated():
            watched |= LINKS & self._marketing_triggers.keys()
        return watched

    def _marketing_changed(self, changes):
        result = super()._marketing_changed(changes)
        moved = {record_id for field in LINKS & changes.keys() for record_id in changes[field]}
        self.browse(moved)._marketing_look_again()
        return result

    def _marketing_inherit(self, sources):
        result = super()._marketing_inherit(sources)
        if self.env["marketing.scenario"]._ever_activated():
            self._marketing_look_again()
        return result

    def _marketing_look_again(self):
        """Have the runs of these records that wait for a condition tested again at once."""
        enrollments = self.env["marketing.scenario.enrollment"]
        if not self:
            return
        self.env.flush_all()
        if sql.look_again(self.env.cr, sql.waiting_for(self._name, self.ids), clock.now(self.env)):
            enrollments.invalidate_model(["next_run_at"])
            self.env["marketing.scenario.engine"]._wake()
