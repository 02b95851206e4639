from odoo import http
from odoo.http import request

from .engagement_tools import missing


class SenderController(http.Controller):
    @http.route(
        "/marketing/sender/<int:sender_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        website=True,
        sitemap=False,
    )
    def sender_confirm(self, sender_id, token, **post):
        """Page of the confirmation mail; the button, not the visit, validates (mail scanners open links)."""
        # sudo: the signed link stands for the owner of the address
        sender = request.env["marketing.sender"].sudo().browse(sender_id)
        if not token.isascii() or not sender._is_token(token):
            # The same answer for unknown and forbidden; not Odoo's, which asks the database for odd addresses again.
            return missing()
        if request.httprequest.method == "POST":
            sender._confirm(token)
        return request.render("marketing_scenario.sender_page", {"sender": sender})
