"""Forms: public forms that bring people in (S13). Taking a post in is in engagement_intake."""

import re
import secrets
from urllib.parse import urlsplit

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import consteq, str2bool

RATE_LIMIT = 30
# Nothing that means something in a LIKE pattern, and too long to be tried out.
TOKEN = re.compile("[A-Za-z0-9-]{16,64}")


def is_http_url(text):
    """True when ``text`` is a complete http(s) address without blanks or control characters."""
    parts = urlsplit(text or "")
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text.isprintable() and " " not in text


class EngagementPoint(models.Model):
    _name = "marketing.engagement.point"
    _inherit = ["marketing.guarded"]
    _description = "Form"
    _order = "name, id"

    name = fields.Char(required=True, help="Name inside your company; visitors see the title.")
    active = fields.Boolean(default=True, help="An archived form answers visitors like a page that does not exist.")
    title = fields.Char(translate=True, required=True, default=lambda self: self._first_texts()["title"])
    intro = fields.Html("Introduction", translate=True, help="Text between the title and the first field.")
    submit_label = fields.Char(
        "Button", translate=True, required=True, default=lambda self: self._first_texts()["submit_label"]
    )
    thank_you = fields.Html("Thank-you text", translate=True, default=lambda self: self._first_texts()["thank_you"])
    redirect_url = fields.Char(
        "Redirect to", help="Web address shown instead of the thank-you text, e.g. https://www.example.com/brochure"
    )
    lang = fields.Selection(
        lambda self: self.env["res.lang"].get_installed(),
        "Language",
        help="Empty: the language of the visitor's browser, when it is installed.",
    )
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    token = fields.Char(
        required=True,
        copy=False,
        readonly=True,
        default=lambda self: secrets.token_hex(16),
        help="The secret part of the public address.",
    )
    field_ids = fields.One2many(
        "marketing.engagement.field", "point_id", "Fields", copy=True, default=lambda self: self._first_fields()
    )

    consent_text = fields.Html(
        translate=True,
        default=lambda self: self._first_texts()["consent_text"],
        help="Shown beside the consent box. The text as shown is kept as proof with each submission.",
    )
    double_optin = fields.Boolean(
        "Double opt-in", help="The consent counts only once the visitor confirmed it from a link sent to their address."
    )
    fire_on = fields.Selection(
        [("confirm", "When the address is confirmed"), ("fill", "At once, when the form is filled")],
        "Start the automations",
        required=True,
        default="confirm",
        help="With double opt-in: whether the automations of this form wait for the confirmation.",
    )

    creates = fields.Selection(
        [("lead", "Lead"), ("contact", "Contact"), ("both", "Contact and lead")],
        required=True,
        default="lead",
        help="What a submission creates when the person is not known yet, by email address, then by phone number.",
    )
    user_id = fields.Many2one("res.users", "Salesperson", domain=[("share", "=", False)])
    team_id = fields.Many2one("crm.team", "Sales team")
    tag_ids = fields.Many2many("res.partner.category", "marketing_point_category_rel", string="Contact tags")
    lead_tag_ids = fields.Many2many("crm.tag", "marketing_point_crm_tag_rel", string="Lead tags")
    score = fields.Integer("Score points", help="Points given to the person for each submission.")
    campaign_id = fields.Many2one("utm.campaign", help="Used when the visitor's link names none (utm_campaign).")
    source_id = fields.Many2one("utm.source", help="Used when the visitor's link names none (utm_source).")
    medium_id = fields.Many2one("utm.medium", help="Used when the visitor's link names none (utm_medium).")

    allowed_origins = fields.Text(
        "Allowed sites",
        help="One site per line, e.g. https://www.example.com. They may post JSON from a browser. When filled, only "
        "they may embed the form; when empty, any site may embed it.",
    )
    rate_limit = fields.Integer(
        "Submissions per hour", required=True, default=RATE_LIMIT, help="From one internet address; 0 = no limit."
    )
    use_captcha = fields.Boolean(
        "Captcha",
        help="Needs Odoo's reCAPTCHA, set up in the general settings. JSON posts then need the server key.",
    )
    captcha_missing = fields.Boolean(compute="_compute_captcha_missing")
    server_key = fields.Char(
        copy=False,
        readonly=True,
        groups="marketing_scenario.group_scenario_manager",
        help="Your own server sends it with a JSON post, in the header X-Marketing-Key. Such a post needs no captcha, "
        "nonce or waiting time, is not limited per hour, and is answered with the ids of what was created. Never put "
        "it into a page.",
    )

    submission_ids = fields.One2many("marketing.engagement.submission", "point_id", "Submissions")
    view_count = fields.Integer("Views", compute="_compute_counts", compute_sudo=True)
    fill_count = fields.Integer("Answers", compute="_compute_counts", compute_sudo=True)
    spam_count = fields.Integer("Held back as spam", compute="_compute_counts", compute_sudo=True)
    conversion = fields.Float(compute="_compute_counts", compute_sudo=True, help="Answers per view.")
    automatism_count = fields.Integer("Automations", compute="_compute_automatism_count")
    public_url = fields.Char("Public page", compute="_compute_snippets")
    iframe_snippet = fields.Char("Iframe", compute="_compute_snippets")
    script_snippet = fields.Char("Script", compute="_compute_snippets")
    json_url = fields.Char("JSON address", compute="_compute_snippets")

    _token_unique = models.UniqueIndex("(token)", "Two forms cannot share an address.")
    _score_positive = models.Constraint(
        "CHECK (score >= 0 AND rate_limit >= 0)", "Points and limits cannot be negative."
    )

    @api.constrains("token")
    def _check_token(self):
        if not all(TOKEN.fullmatch(point.token) for point in self):
            raise ValidationError(self.env._("The secret part of an address is 16 to 64 letters, digits and hyphens."))

    @api.constrains("redirect_url")
    def _check_redirect_url(self):
        for point in self:
            if point.redirect_url and not is_http_url(point.redirect_url):
                raise ValidationError(
                    self.env._(
                        "“%(url)s” is not a web address: it must begin with https:// or http://.",
                        url=point.redirect_url,
                    )
                )

    @api.constrains("allowed_origins")
    def _check_allowed_origins(self):
        for origin in self._origins():
            parts = urlsplit(origin)
            if origin != "*" and (
                not is_http_url(origin) or parts.path or parts.query or any(c in origin for c in ";,'\"<>")
            ):
                raise ValidationError(
                    self.env._(
                        "“%(origin)s” is not a site: write it as https://www.example.com, without a path.",
                        origin=origin,
                    )
                )

    @api.constrains("use_captcha")
    def _check_use_captcha(self):
        if any(self.mapped("use_captcha")) and not self._is_captcha_ready():
            raise ValidationError(
                self.env._(
                    "Captcha: Odoo's reCAPTCHA is not set up, so nothing would be checked. Set it up in the general "
                    "settings (Integrations), with both keys, then switch this on."
                )
            )

    @api.depends("use_captcha")
    def _compute_captcha_missing(self):
        ready = self._is_captcha_ready()
        for point in self:
            point.captcha_missing = point.use_captcha and not ready

    @api.model
    def _is_captcha_ready(self):
        """Whether Odoo's reCAPTCHA would really judge a post: its module is there, and both keys."""
        # sudo: system parameters; only a yes or no leaves this method
        parameter = self.env["ir.config_parameter"].sudo().get_param
        return (
            hasattr(self.env["ir.http"], "_verify_recaptcha_token")
            and str2bool(parameter("enable_recaptcha", "True"))
            and bool(parameter("recaptcha_public_key") and parameter("recaptcha_private_key"))
        )

    def _is_server_key(self, key):
        """Whether ``key`` is the secret of the site owner's server, compared in constant time."""
        self.ensure_one()
        return bool(self.server_key and key) and key.isascii() and consteq(self.server_key, key)

    def action_make_server_key(self):
        """Button *Make a key*: the one before stops working."""
        self.ensure_one()
        self.check_access("write")
        # sudo: nobody chooses it; the right on the form was asked for just above
        self.sudo().server_key = secrets.token_urlsafe(32)
        return True

    @api.depends("submission_ids.state")
    def _compute_counts(self):
        fills, spam = {}, {}
        for point, state, count in self.env["marketing.engagement.submission"]._read_group(
            [("point_id", "in", self.ids)], ["point_id", "state"], ["__count"]
        ):
            counts = spam if state == "spam" else fills
            counts[point.id] = counts.get(point.id, 0) + count
        visits = self.env["marketing.engagement.visit"]._read_group(
            [("point_id", "in", self.ids)], ["point_id"], ["views:sum"]
        )
        views = {point.id: count for point, count in visits}
        for point in self:
            point.view_count, point.fill_count = views.get(point._origin.id, 0), fills.get(point._origin.id, 0)
            point.spam_count = spam.get(point._origin.id, 0)
            point.conversion = point.fill_count / point.view_count if point.view_count else 0.0

    def _compute_automatism_count(self):
        listening = self.env["marketing.automatism"].with_context(active_test=False)
        groups = listening._read_group(listening._domain_of_forms(self), ["form_point_id"], ["__count"])
        counts = {form.id: count for form, count in groups}
        for point in self:
            point.automatism_count = counts.get(point._origin.id, 0) + counts.get(False, 0)

    @api.depends("token", "title")
    def _compute_snippets(self):
        for point in self:
            url = point.public_url = f"{point.get_base_url()}/marketing/form/{point.token}"
            point.json_url = f"{url}/json"
            point.script_snippet = Markup('<script src="{}/embed.js" async></script>').format(url)
            point.iframe_snippet = Markup(
                '<iframe src="{}?embed=1" title="{}" style="width:100%;height:640px;border:0"></iframe>'
            ).format(url, point.title or "")

    @api.model_create_multi
    def create(self, vals_list):
        points = super().create(vals_list)
        points._translate_first_texts()
        return points

    def copy_data(self, default=None):
        copies = super().copy_data(default)
        return [
            dict(vals, name=self.env._("%(name)s (copy)", name=point.name)) if "name" not in (default or {}) else vals
            for point, vals in zip(self, copies, strict=True)
        ]

    def _origins(self):
        """:return: the allowed sites of these forms, as a browser writes them in ``Origin``."""
        return [
            line.strip().rstrip("/").lower()
            for point in self
            for line in (point.allowed_origins or "").splitlines()
            if line.strip()
        ]

    def action_open_page(self):
        """Button *Preview*: the public page in a new tab, without counting a view."""
        self.ensure_one()
        return {"type": "ir.actions.act_url", "url": f"/marketing/form/{self.token}?preview=1", "target": "new"}

    def action_view_automatisms(self):
        """Smart button: the automations that this form sets off, those for any form too; a new one is for this form."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.marketing_automatism_action")
        context = {"active_test": False, "default_form_point_id": self.id}
        return {**action, "domain": self.env["marketing.automatism"]._domain_of_forms(self), "context": context}

    def action_view_spam(self):
        """Smart button: what was held back, with the reason."""
        action = self.action_view_submissions()
        return dict(action, context={"search_default_spam": 1})

    def action_view_submissions(self):
        """Smart button: the submissions of these forms."""
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.engagement_submission_action")
        return dict(action, domain=[("point_id", "in", self.ids)], context={"search_default_real": 1})
