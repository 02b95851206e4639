"""The picture of a mail on the card of its step (S38), for those who may read the scenario."""

from lxml import html

from odoo import http
from odoo.http import request

POLICY = (
    "sandbox allow-same-origin",  # no script; the session, for pictures that not everybody may see
    "default-src 'none'",
    "img-src * data:",
    "style-src * 'unsafe-inline'",
    "font-src *",
)
HEADERS = (
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "; ".join(POLICY)),
    ("Cache-Control", "private, max-age=600"),  # the address changes with the mail
)
PAGE = '<!DOCTYPE html><html><head><meta charset="utf-8"><title></title></head><body>%s</body></html>'


class MailPictureController(http.Controller):
    @http.route("/marketing/mail/<int:step_id>", type="http", auth="user", methods=["GET"], readonly=True)
    def mail_picture(self, step_id, **_query):
        """The mail of a step as it is designed, in which nothing runs; 404 for who may not read the step."""
        step = request.env["marketing.scenario.step"].browse(step_id).exists()
        if not step or not step.has_access("read") or not step._mail_picture_stamp():
            raise request.not_found()
        body = html.tostring(step._mail_picture(), encoding="unicode")
        return request.make_response(PAGE % body, HEADERS)
