"""Token webhook: another program sends people into a scenario (S16). What was wrong is told to no one (S48)."""

import json

from werkzeug.exceptions import RequestEntityTooLarge

from odoo import http
from odoo.http import request

from .body_limit import MAX_BODY, too_large

HEADERS = [("Cache-Control", "no-store")]


def body_limit(_controller):
    """For ``max_content_length``: too large a body is not read."""
    if too_large():
        raise RequestEntityTooLarge()
    return MAX_BODY


class EnrollWebhook(http.Controller):
    @http.route(
        "/marketing/enroll/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
        max_content_length=body_limit,
    )
    def enroll(self, token, **_post):
        """Body: JSON ``{"scenario_id": 1, "res_model": "res.partner", "res_ids": [1, 2]}`` or ``"emails": [...]``.

        Answers 200 with ``{"enrolled": [...], "refused": {...}}``; 429 after too many calls; 404 for everything else
        that is not right: unknown address, scenario not meant for it, a body that cannot be read.
        """
        row = request.env["marketing.scenario.token"]._find(token)
        if not row:
            return self._missing()
        if not row._may_call():
            return request.make_json_response(
                {"error": "too_many_calls"}, [("Retry-After", "60"), *HEADERS], status=429
            )
        data = self._body()
        result = row._call(data) if isinstance(data, dict) else None
        return self._missing() if result is None else request.make_json_response(result, HEADERS)

    def _body(self):
        try:
            return json.loads(request.httprequest.get_data(cache=False))
        except (ValueError, RecursionError):
            return None

    def _missing(self):
        return request.make_json_response({"error": "not_found"}, HEADERS, status=404)
