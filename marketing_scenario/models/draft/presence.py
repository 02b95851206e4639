"""Who else has a tree open for changing, and whether it changed: each screen asks from time to time, nothing more."""

from datetime import timedelta

from odoo import fields, models

from ...tools import definition
from .. import clock
from . import sql

GONE = timedelta(seconds=70)  # the screens look in every 20 seconds; browsers slow hidden tabs down to once a minute


class MarketingScenarioEditor(models.Model):
    """A user who has a scenario open whose tree can be changed: one that is not active, or a draft of changes."""

    _name = "marketing.scenario.editor"
    _description = "Editor of a scenario"
    _log_access = False

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade")
    user_id = fields.Many2one("res.users", required=True, ondelete="cascade", index=True)
    seen_at = fields.Datetime(required=True)

    _one_place = models.UniqueIndex("(scenario_id, user_id)")


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def draft_status(self):
        """What a screen that shows a scenario asks again and again while somebody looks: says who is there, too.

        :return: ``{"count", "changes": what is not published, see _in_words, "others": [names of who else can change
            this tree now, or of an active scenario its draft], "stamp": another one when the tree has changed}``
        """
        if not self.exists():
            return {"count": 0, "changes": [], "others": [], "stamp": "", "gone": True}
        self.ensure_one()
        self.check_access("write")
        now, open_tree = clock.now(self.env), self.draft_id if self.is_locked else self
        if open_tree == self:
            sql.look_in(self.env.cr, self.id, self.env.uid, now)
        others = (
            self.env["marketing.scenario.editor"]
            .sudo()  # sudo: names of colleagues on one tree, which the user may change
            .search([("scenario_id", "=", open_tree.id), ("user_id", "!=", self.env.uid), ("seen_at", ">", now - GONE)])
        )
        return {
            "count": self.change_count,
            "changes": self.changes or [],
            "others": sorted(others.user_id.mapped("name")),
            "stamp": definition.stamp(self._definition()),
            "gone": False,
        }
