"""Public pages of the forms: hosted page, embeds, JSON, confirmation (S13, S35, S48).

No session, no cookie: a page shown is known by the signed nonce in it. Every address that leads nowhere gets the same
404.
"""

import json
from urllib.parse import urlencode, urlsplit

from odoo import http
from odoo.exceptions import UserError, ValidationError
from odoo.http import request
from odoo.tools import file_open

from ..models.engagement.field import LIMITS, plain_text
from .engagement_tools import ROUTE, choose_lang, find_point, frames, json_response, missing, render, uploads, visitor

PAGE = "/marketing/form/<string:token>"
STATUS = {"ok": 200, "invalid": 400, "unknown": 400, "stale": 400, "limited": 429}
CAPTCHA_ACTION = "marketing_form"
UTM = ("utm_source", "utm_medium", "utm_campaign")


class EngagementController(http.Controller):
    @http.route(PAGE, methods=["GET"], **ROUTE)
    def page(self, token, **query):
        preview = "preview" in query and request.env["marketing.engagement.point"].has_access("read")
        point = find_point(token, preview)
        if not point:
            return missing()
        if not preview and request.httprequest.method == "GET" and not request.env["ir.http"].is_a_bot():
            point._count_view()
        values = {
            field.key: plain_text(query.get(field.key, field.kind == "hidden" and field.placeholder or ""))[
                : LIMITS[field.kind]
            ]
            for field in point.field_ids
            if field.kind not in ("consent", "file")
        }
        extra = {name: plain_text(query.get(name, ""))[:100] for name in UTM}
        extra["page_url"] = plain_text(query.get("page_url", "") or request.httprequest.base_url)[:1000]
        extra["referrer"] = plain_text(query.get("referrer", "") or request.httprequest.referrer or "")[:1000]
        return self._form(point, values, extra, embed="embed" in query, preview=preview)

    @http.route(PAGE, methods=["POST"], **ROUTE)
    def post(self, token, **_params):
        point = find_point(token)
        if not point:
            return missing()
        raw = request.httprequest.form.to_dict() | uploads()
        if point.use_captcha and (sentence := self._captcha_error()):
            outcome = point._answer("invalid", {"": sentence}, point._clean_values(raw)[0])
        else:
            outcome = point._intake(raw, visitor())
        embed = bool(raw.get("embed"))
        if outcome["status"] == "ok":
            if point.redirect_url and not embed:
                return request.redirect(point.redirect_url, code=303, local=False)
            query = urlencode({"lang": point.env.lang} | ({"embed": 1} if embed else {}))
            return request.redirect(f"/marketing/form/{token}/thanks?{query}", code=303)
        if outcome["status"] == "unknown":
            return render(
                "engagement_refused",
                {"point": point, "messages": list(outcome["errors"].values()), "embed": embed},
                400,
                frames(point) if embed else "'self'",
            )
        extra = {name: plain_text(raw.get(name, ""))[:1000] for name in (*UTM, "page_url", "referrer")}
        return self._form(
            point, outcome["values"], extra, outcome["errors"], STATUS[outcome["status"]], embed, nonce=outcome["nonce"]
        )

    @http.route(f"{PAGE}/thanks", methods=["GET"], **ROUTE)
    def thanks(self, token, **query):
        point = find_point(token)
        if not point:
            return missing()
        embed = "embed" in query
        return render(
            "engagement_thanks",
            {"point": point, "company": point.company_id or request.env.company, "embed": embed},
            200,
            frames(point) if embed else "'self'",
        )

    @http.route(f"{PAGE}/json", methods=["GET", "POST", "OPTIONS"], **ROUTE)
    def json(self, token, **_query):
        point = find_point(token)
        if not point:
            return json_response({"errors": {"": request.env._("There is no such form.")}}, 404)
        origin = (request.httprequest.headers.get("Origin") or "").lower()
        headers = [("Vary", "Origin")]
        if origin and origin != request.httprequest.host_url.rstrip("/").lower():
            if not {origin, "*"} & set(point._origins()):
                return json_response(
                    {"errors": {"": request.env._("This site may not post to this form.")}}, 403, headers
                )
            headers += [
                ("Access-Control-Allow-Origin", origin),
                ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
                ("Access-Control-Allow-Headers", "Content-Type"),
                ("Access-Control-Max-Age", "86400"),
            ]
        if request.httprequest.method == "OPTIONS":
            return request.make_response("", headers, status=204)
        if request.httprequest.method != "POST":
            return json_response(self._definition(point), 200, headers)
        key = request.httprequest.headers.get("X-Marketing-Key")
        trusted = point._is_server_key(key)
        if key and not trusted:
            return json_response({"errors": {"": request.env._("This is not the key of the form.")}}, 403, headers)
        if point.use_captcha and not trusted:
            sentence = request.env._(
                "This form has a captcha: programs need its key, sent in the header X-Marketing-Key by a server."
            )
            return json_response({"errors": {"": sentence}}, 403, headers)
        raw = self._json_body()
        if raw is None:
            return json_response(
                {
                    "errors": {
                        "": request.env._(
                            "Send one JSON object with the technical names of the fields and their values."
                        )
                    }
                },
                400,
                headers,
            )
        outcome = point._intake(raw, visitor(api=True) | {"trusted": trusted})
        if outcome["status"] == "ok":
            answer = {"ok": True, "message": point._plain(point.thank_you)}
            if point.redirect_url:
                answer["redirect_url"] = point.redirect_url
            if trusted:
                answer |= outcome["submission"]._ids_made()
            return json_response(answer, 200, headers)
        return json_response({"errors": outcome["errors"]}, STATUS[outcome["status"]], headers)

    @http.route(f"{PAGE}/embed.js", methods=["GET"], **ROUTE)
    def embed_script(self, token, **_query):
        point = find_point(token)
        if not point:
            return request.make_response("", [("Content-Type", "application/javascript")], status=404)
        settings = json.dumps(
            {"url": f"/marketing/form/{token}", "title": point.title, "redirect": point.redirect_url or ""}
        )
        with file_open("marketing_scenario/static/src/engagement/embed.js") as script:
            body = f"(function (settings) {{\n{script.read()}\n}})({settings.replace('<', chr(92) + 'u003c')});"
        return request.make_response(
            body,
            [
                ("Content-Type", "application/javascript; charset=utf-8"),
                ("Cache-Control", "public, max-age=600"),
                ("Vary", "Accept-Language"),
                ("Access-Control-Allow-Origin", "*"),
            ],
        )

    @http.route("/marketing/confirm/<string:payload>", methods=["GET", "POST"], **ROUTE)
    def confirm(self, payload, **_query):
        """GET shows a button, POST confirms: programs that open every link of a mail confirm nothing (S35)."""
        Point = request.env["marketing.engagement.point"]
        submission = Point._public_submission(payload)
        if not submission:
            return missing()
        lang = choose_lang(submission.lang)
        submission = Point._public_submission(payload, lang)
        if request.httprequest.method == "POST":
            submission._confirm(accepted="refuse" not in request.httprequest.form)
        company = submission.point_id.company_id or request.env.company
        return render(
            "engagement_confirm", {"submission": submission, "point": submission.point_id, "company": company}
        )

    def _form(self, point, values, extra, mistakes=None, status=200, embed=False, preview=False, nonce=None):
        """The page of the form, with what the visitor wrote and what is wrong with it."""
        action = "'self'"
        if point.redirect_url:
            # Browsers apply form-action to where a form's answer redirects, too.
            parts = urlsplit(point.redirect_url)
            action += f" {parts.scheme}://{parts.netloc}"
        mistakes = mistakes or {}
        return render(
            "engagement_page",
            {
                "point": point,
                "company": point.company_id or request.env.company,
                "nonce": nonce or point._nonce(),
                "values": values,
                "extra": extra,
                "errors": mistakes,
                "general": [mistakes[name] for name in ("", "nonce") if name in mistakes],
                "embed": embed,
                "preview": preview,
                "captcha": point.use_captcha and CAPTCHA_ACTION,
            },
            status,
            frames(point) if embed else "'self'",
            action,
            strict=not point.use_captcha,
        )

    def _captcha_error(self):
        """Odoo's own captcha check.

        :return: a sentence when it refuses
        """
        try:
            request.env["ir.http"]._verify_request_recaptcha_token(CAPTCHA_ACTION)
        except (UserError, ValidationError) as error:
            return error.args[0]
        return False

    def _json_body(self):
        """:return: the posted object as {name: value}; None when the body is not one."""
        try:
            raw = json.loads(request.httprequest.get_data())
        except (ValueError, RecursionError):
            return None
        return raw if isinstance(raw, dict) else None

    def _definition(self, point):
        """What a program needs to show the form by itself."""
        keys = ("key", "label", "kind", "required", "placeholder", "help")
        known = [
            {
                **{name: field[name] or "" for name in keys},
                "required": field.required,
                "choices": field._choices() if field.kind == "choice" else [],
            }
            | ({"accept": field._accept(), "max_megabytes": field.file_size} if field.kind == "file" else {})
            for field in point.field_ids
        ]
        return {
            "title": point.title,
            "fields": known,
            "consent_text": point._consent_text_shown(),
            "nonce": point._nonce(),
        }
