"""Helpers of the public pages: size limit, security headers, language, finding the form."""

from werkzeug.exceptions import abort

from odoo.http import request

from ..models.engagement.files import Upload
from .body_limit import MAX_BODY, too_large


def body_limit(_controller):
    """For ``max_content_length``: too large a body is answered before anything of it is read.

    Only a form that asks for files takes more than a text needs, and only as much as they may have.
    """
    if not too_large():
        return MAX_BODY
    limit, parts = MAX_BODY, request.httprequest.path.split("/")
    if parts[1:3] == ["marketing", "form"]:
        # files in JSON are a third longer
        limit += request.env["marketing.engagement.point"]._public_point(parts[3])._file_bytes() * 7 // 5
    if too_large(limit):
        sentence = request.env._("What was sent is too large: %(limit)s KB at most.", limit=limit // 1024)
        if request.httprequest.path.endswith("/json"):
            abort(json_response({"errors": {"": sentence}}, 413))
        abort(request.make_response(sentence, [("Content-Type", "text/plain; charset=utf-8")], status=413))
    return limit


def uploads():
    """:return: {name: the file posted under it, or the list of several}; what a browser sends for no file is left
    out."""
    found = {}
    for name, files in request.httprequest.files.lists():
        read = [Upload(file.filename, file.read()) for file in files if file.filename]
        if read:
            found[name] = read[0] if len(read) == 1 else read
    return found


ROUTE = {
    "type": "http",
    "auth": "public",
    "csrf": False,
    "save_session": False,
    "sitemap": False,
    "max_content_length": body_limit,
}


def json_response(data, status=200, headers=()):
    """A JSON answer that no cache keeps."""
    return request.make_json_response(data, [("Cache-Control", "no-store"), *headers], status=status)


def render(template, values, status=200, frame="'self'", form_action="'self'", strict=True):
    """A public page with its security headers."""
    values = {"company": request.env.company, "lang": request.env.lang, "embed": False, **values}
    response = request.render(f"marketing_scenario.{template}", values, status=status)
    policy = f"frame-ancestors {frame}; base-uri 'none'; form-action {form_action}"
    if strict:
        policy += "; default-src 'self'; img-src * data:; style-src 'self' 'unsafe-inline'; object-src 'none'"
    response.headers["Content-Security-Policy"] = policy
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    return response


def missing():
    """The one answer to wrong, unknown, archived and expired addresses (S48)."""
    choose_lang()
    return render("engagement_missing", {}, status=404)


def choose_lang(point_lang=None):
    """Set the language: that of the address, else the form's, else the browser's, else the company's.

    :return: its code
    """
    installed = [code for code, _name in request.env["res.lang"].get_installed()]
    wanted = [request.httprequest.values.get("lang"), point_lang, *request.httprequest.accept_languages.values()]
    for text in filter(None, wanted):
        text = text.replace("-", "_")
        for code in installed:
            if code == text or code.partition("_")[0] == text.partition("_")[0].lower():
                request.update_context(lang=code)
                return code
    return request.env.lang


def find_point(token, preview=False):
    """:return: the form of this address in the visitor's language, from ``_public_point``; empty when there is none."""
    point = request.env["marketing.engagement.point"]._public_point(token, archived=preview)
    return point.with_context(lang=choose_lang(point.lang)) if point else point


def frames(point):
    """Who may show the page in a frame (``frame-ancestors``)."""
    origins = [] if "*" in point._origins() else point._origins()
    return " ".join(["'self'", *origins]) if origins else "*"


def visitor(api=False):
    """What is known of who posts."""
    return {"ip": request.httprequest.remote_addr, "user_agent": request.httprequest.user_agent.string, "api": api}
