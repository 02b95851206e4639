"""Download of a scenario as one file (S11)."""

from odoo import http
from odoo.http import content_disposition, request


class ScenarioFileController(http.Controller):
    @http.route("/marketing/scenario/<int:scenario_id>/file", type="http", auth="user", methods=["GET"])
    def scenario_file(self, scenario_id, **_query):
        """The JSON file. Odoo answers 403 to those who may not change the scenario."""
        scenario = request.env["marketing.scenario"].browse(scenario_id).exists()
        if not scenario:
            raise request.not_found()
        return request.make_response(
            scenario._file(),
            [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(f"{scenario.name}.json")),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
