from odoo import fields, models

from .. import clock
from ..conflicts import nightly


class EngagementVisit(models.Model):
    """Views of a form. One row per view, so that visitors never wait for each other; past days become one row each.

    Bears nothing about the visitor.
    """

    _name = "marketing.engagement.visit"
    _description = "Views of a form"
    _inherit = ["marketing.linked"]
    _log_access = False
    _order = "day desc, id"

    point_id = fields.Many2one("marketing.engagement.point", required=True, index=True, ondelete="cascade")
    day = fields.Date(required=True)
    views = fields.Integer(default=1)

    @nightly
    def _gc_merge_days(self):
        past = [("day", "<", clock.now(self.env).date())]
        for point, day, views, count in self._read_group(past, ["point_id", "day:day"], ["views:sum", "__count"]):
            if count > 1:
                rows = self.search([("point_id", "=", point.id), ("day", "=", day)])
                rows[0].views = views
                rows[1:].unlink()
