"""Automations (S14): when something happens, and the filter holds, then do these things."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..target.domains import describe_domain
from ..target.filters import trial
from ..target.rights import stamp_runs_as

MATCH_FIELDS = {"active", "event_type", "tag_id"}  # what is cached of who listens to what
FILTERS = ("domain_partner", "domain_lead")


class MarketingAutomatism(models.Model):
    """When (event) + filter + then (actions). Each event kind lives in ``models/events/<source>.py`` and adds, by name:

    - ``_describe_event_<kind>()`` → ``{"models": target models, "sentence": "when …" with the parameters}``, optional
      ``door``: code of the door by which those whom it sends into a scenario come; optional ``about``: ``{key of the
      payload: values}``, it listens to the events that carry one of these values (empty: any) under each key;
    - optional ``_matches_<kind>(events)`` → of these, the events that fit what ``about`` cannot tell (``self`` is one
      automation);
    - ``_happened_<kind>(model)`` → domain of the records it has happened to already (test button);
    - optional ``_occasions_<kind>(enrollment)`` → how it could happen to the person of a run now, in a simulation:
      ``[{"label", optional "of": which message, activity …, optional "asks": what has to be said first}]``, see
      ``occasions.py``; with it ``_play_<kind>(enrollment, of)``, which lets it happen (``self`` is empty).
    """

    _name = "marketing.automatism"
    _description = "Automation"
    _inherit = ["marketing.linked"]
    _order = "sequence, id"

    name = fields.Char(required=True, copy=False, default=lambda self: self.env._("New automation"))
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Only records of this company, or of none, set it off. Empty: records of all companies.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Runs as",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
        help="Who set the filters or actions last: only records that this person may see pass the filters, and only "
        "those that they may change are changed.",
    )
    # each event kind adds itself with selection_add
    event_type = fields.Selection([], string="When", required=True)
    models_concerned = fields.Char(compute="_compute_models_concerned")
    domain_partner = fields.Char("Contacts and accounts", default="[]")
    domain_lead = fields.Char("Leads", default="[]")
    action_ids = fields.One2many("marketing.automatism.action", "automatism_id", string="Actions", copy=True)
    sentence = fields.Char("Automation", compute="_compute_sentence")

    fired_count = fields.Integer("Fired", readonly=True, copy=False)
    last_fired_at = fields.Datetime("Last fired", readonly=True, copy=False)
    error_count = fields.Integer("Errors", readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    last_error_at = fields.Datetime("Last error on", readonly=True, copy=False)
    log_ids = fields.One2many("marketing.automatism.log", "automatism_id")
    parked_count = fields.Integer("Events in error", compute="_compute_parked_count")

    @api.depends("event_type")
    def _compute_models_concerned(self):
        for automatism in self:
            facts = automatism._describe_event() if automatism.event_type else {}
            automatism.models_concerned = " ".join(facts.get("models", ()))

    @api.depends("event_type", "domain_partner", "domain_lead", "action_ids.summary")
    @api.depends_context("lang")
    def _compute_sentence(self):
        for automatism in self:
            automatism.sentence = automatism._sentence() if automatism.event_type else False

    def _compute_parked_count(self):
        # sudo: a figure only
        counts = dict(
            self.env["marketing.automatism.event"]
            .sudo()
            ._read_group([("automatism_id", "in", self.ids), ("state", "=", "error")], ["automatism_id"], ["__count"])
        )
        for automatism in self:
            automatism.parked_count = counts.get(automatism, 0)

    @api.model_create_multi
    def create(self, vals_list):
        automatisms = super().create([stamp_runs_as(self.env, vals, new=True) for vals in vals_list])
        automatisms._check_filters()
        self.env.registry.clear_cache()
        return automatisms

    def write(self, vals):
        result = super().write(stamp_runs_as(self.env, vals, new=not vals.keys().isdisjoint(FILTERS)))
        if not vals.keys().isdisjoint(FILTERS):
            self._check_filters()
        if not MATCH_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    def _note_maker(self):
        """Who says what is done lends their own rights to it."""
        if not self.env.su:
            self.sudo().user_id = self.env.user  # sudo: kept by the server

    def _check_filters(self):
        """The filters are tried by who sets them, with whose rights they run.

        :raise ValidationError: not a domain of contacts or leads
        :raise AccessError: a field the user may not read
        """
        for automatism in self:
            for model in ("res.partner", "crm.lead"):
                records = self.env[model]
                if problem := trial(records, lambda a=automatism, r=records: a._filter(r)):
                    raise ValidationError(
                        self.env._(
                            "%(name)s: the filter cannot be read. Set it again. (%(error)s)",
                            name=automatism.name,
                            error=problem,
                        )
                    )

    # -- the sentence ---------------------------------------------------------------------------------------------

    def _describe_event(self):
        return getattr(self, f"_describe_event_{self.event_type}")()

    def _sentence(self):
        """The automation as one sentence: when …, and …, then … and …."""
        facts = self._describe_event()
        filters = {}
        for model, domain in (("res.partner", self.domain_partner), ("crm.lead", self.domain_lead)):
            if model in facts["models"] and domain and domain.strip() != "[]":
                filters.setdefault(describe_domain(self.env, model, domain), model)
        if len(filters) > 1:
            names = {"res.partner": self.env._("contact"), "crm.lead": self.env._("lead")}
            filters = [
                self.env._("(%(kind)s) %(filter)s", kind=names[model], filter=text) for text, model in filters.items()
            ]
        filters = [self.env._(", and %(filter)s", filter=text) for text in filters]
        actions = self.env._(" and ").join(filter(None, self.action_ids.mapped("summary")))
        return self.env._(
            "When %(event)s%(filters)s, then %(actions)s.",
            event=facts["sentence"],
            filters="".join(filters),
            actions=actions or self.env._("do nothing yet"),
        )

    # -- buttons --------------------------------------------------------------------------------------------------

    def action_test(self):
        """Show which of the user's latest records would have set this off."""
        self.ensure_one()
        return self.env["marketing.automatism.test"]._open(self)

    def action_parked(self):
        """List the events that failed for good."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("marketing_scenario.marketing_automatism_event_action")
        return {**action, "domain": [("automatism_id", "=", self.id)]}

    def action_log(self):
        """List what this automation fired for, and what it left out."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("marketing_scenario.marketing_automatism_log_action")
        return {**action, "domain": [("automatism_id", "=", self.id)]}
