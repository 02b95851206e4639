"""Download of what is kept about a person (S37); nothing of it is stored."""

from odoo import http
from odoo.http import content_disposition, request

from ..models.target.mixin import TARGET_MODELS


class PersonController(http.Controller):
    @http.route("/marketing/person/<string:model>/<int:res_id>", type="http", auth="user", methods=["GET"])
    def person(self, model, res_id, **_query):
        """The JSON file. Odoo answers 403 to those without the right, and 404 to what is no person."""
        record = request.env[model].browse(res_id).exists() if model in TARGET_MODELS else None
        if not record:
            raise request.not_found()
        name = f"{model.replace('.', '_')}_{record.id}.json"
        return request.make_response(
            record._marketing_report(),
            [
                ("Content-Type", "application/json; charset=utf-8"),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
