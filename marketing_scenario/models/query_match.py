from odoo import fields, models


class MarketingScenarioQueryMatch(models.Model):
    """Memory of a dynamic query: who matched at the last look. Written by SQL only."""

    _name = "marketing.scenario.query.match"
    _description = "Match of a dynamic query"
    _log_access = False

    query_id = fields.Many2one("marketing.scenario.query", required=True, ondelete="cascade")
    res_id = fields.Integer(required=True)

    _match_unique = models.UniqueIndex("(query_id, res_id)", "A record is remembered once per query.")
