import logging

from odoo import http
from odoo.exceptions import UserError
from odoo.http import content_disposition, request

_logger = logging.getLogger(__name__)

HEADERS = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
]


class DocumentController(http.Controller):
    @http.route("/marketing/document/<string:token>", type="http", auth="public", methods=["GET"], sitemap=False)
    def document(self, token, **_query):
        """The document of a personal link. The same answer for unknown, expired and revoked links (S48)."""
        link = request.env["marketing.document.link"]._find(token)
        if not link:
            return request.make_response(
                request.env._("This link is not valid (any more)."), self._text_headers(), status=404
            )
        if request.httprequest.method == "HEAD":
            return request.make_response(b"", [*HEADERS, ("Content-Type", link._mimetype())])
        try:
            content, name, mimetype = link._content()
        except UserError:
            _logger.warning("Document link %s cannot be opened", link.id, exc_info=True)
            text = request.env._("The document cannot be shown at the moment. Please try again later.")
            return request.make_response(text, self._text_headers(), status=503)
        if not request.env["ir.http"].is_a_bot():
            link._note_opening()
        return request.make_response(
            content,
            [
                *HEADERS,
                ("Content-Type", mimetype),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name, disposition_type="inline")),
            ],
        )

    def _text_headers(self):
        return [*HEADERS, ("Content-Type", "text/plain; charset=utf-8")]
