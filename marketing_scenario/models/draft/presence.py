"""Who else has a draft open right now: each screen says so from time to time, nothing more."""

from datetime import timedelta

from odoo import fields, models

from .. import clock
from . import sql

GONE = timedelta(seconds=70)  # the screens look in every 20 seconds; browsers slow hidden tabs down to once a minute


class MarketingScenarioEditor(models.Model):
    """A user who has the draft of a scenario open."""

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
        """What the bar above a draft shows, asked again and again while somebody looks: says who is there, too.

        :return: ``{"count", "changes": see _in_words, "others": [names of who else has it open]}``
        """
        if not self.exists():
            return {"count": 0, "changes": [], "others": [], "gone": True}
        self.ensure_one()
        self.check_access("write")
        now, draft = clock.now(self.env), self if self.original_id else self.draft_id
        if self.original_id:
            sql.look_in(self.env.cr, self.id, self.env.uid, now)
        others = (
            self.env["marketing.scenario.editor"]
            .sudo()  # sudo: names of colleagues on one draft, which the user may change
            .search([("scenario_id", "=", draft.id), ("user_id", "!=", self.env.uid), ("seen_at", ">", now - GONE)])
        )
        return {
            "count": self.change_count,
            "changes": self.changes or [],
            "others": sorted(others.user_id.mapped("name")),
            "gone": False,
        }
