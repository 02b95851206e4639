"""Automatisms (S14): when something happens, and the filter holds, then do these things."""

import logging
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.safe_eval import safe_eval

from .domain_sentence import describe_domain
from .engine import TRANSACTION_ERRORS

_logger = logging.getLogger(__name__)

MAX_CHAIN = 5  # automatisms that set off one another
DAILY_LIMIT = 50  # times an automatism fires for the same record within 24 hours
MATCH_FIELDS = {"active", "event_type"}


class MarketingAutomatism(models.Model):
    """When (event) + filter + then (actions). Each event kind lives in ``models/events/<source>.py`` and adds, by name:

    - ``_describe_event_<kind>()`` → ``{"label", "models": target models, "sentence": "when …" with the parameters}``;
    - ``_matches_<kind>(events)`` → the events that fit the parameters (``self`` is one automatism);
    - ``_happened_<kind>(model)`` → domain of the records it has happened to already (test button).
    """

    _name = "marketing.automatism"
    _description = "Automatism"
    _order = "sequence, id"

    name = fields.Char(required=True, copy=False, default=lambda self: self.env._("New automatism"))
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one(
        "res.company",
        default=lambda self: self.env.company,
        help="Only records of this company, or of none, set it off. Empty: records of all companies.",
    )
    # each event kind adds itself with selection_add
    event_type = fields.Selection([], string="When", required=True)
    models_concerned = fields.Char(compute="_compute_models_concerned")
    domain_partner = fields.Char("Contacts and accounts", default="[]")
    domain_lead = fields.Char("Leads", default="[]")
    action_ids = fields.One2many("marketing.automatism.action", "automatism_id", string="Then", copy=True)
    sentence = fields.Char("Automatism", compute="_compute_sentence")

    fired_count = fields.Integer("Fired", readonly=True, copy=False)
    last_fired_at = fields.Datetime("Last fired", readonly=True, copy=False)
    error_count = fields.Integer("Errors", readonly=True, copy=False)
    last_error = fields.Text(readonly=True, copy=False)
    last_error_at = fields.Datetime("Last error on", readonly=True, copy=False)
    log_ids = fields.One2many("marketing.automatism.log", "automatism_id", string="Log")
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

    @api.constrains("domain_partner", "domain_lead")
    def _check_domains(self):
        for automatism in self:
            for model in ("res.partner", "crm.lead"):
                try:
                    self.env[model].search_count(automatism._filter(model), limit=1)
                except (ValueError, KeyError, SyntaxError, TypeError, NameError) as error:
                    raise ValidationError(
                        self.env._("%(name)s: the filter cannot be read. Set it again. (%(error)s)",
                                   name=automatism.name, error=error)
                    ) from error

    @api.model_create_multi
    def create(self, vals_list):
        automatisms = super().create(vals_list)
        self.env.registry.clear_cache()
        return automatisms

    def write(self, vals):
        result = super().write(vals)
        if not MATCH_FIELDS.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    # -- the sentence ---------------------------------------------------------------------------------------------

    def _describe_event(self):
        return getattr(self, f"_describe_event_{self.event_type}")()

    def _sentence(self):
        """The automatism as one sentence: when …, and …, then … and …."""
        facts = self._describe_event()
        filters = []
        for model, domain in (("res.partner", self.domain_partner), ("crm.lead", self.domain_lead)):
            if model in facts["models"] and domain and domain.strip() != "[]":
                text = describe_domain(self.env, model, domain)
                filters.append(text and self.env._(", and %(filter)s", filter=text))
        actions = self.env._(" and ").join(filter(None, self.action_ids.mapped("summary")))
        return self.env._(
            "When %(event)s%(filters)s, then %(actions)s.",
            event=facts["sentence"],
            filters="".join(filter(None, filters)),
            actions=actions or self.env._("do nothing yet"),
        )

    # -- firing ---------------------------------------------------------------------------------------------------

    def _handle(self, events):
        """Fire for those of ``events`` that match; an error concerns this automatism alone (S14).

        :param events: events of this automatism's kind, all with a living record
        """
        if not events:
            return
        automatism = self.with_company(self.company_id or self.env.company)
        try:
            with self.env.cr.savepoint():
                groups = automatism._groups(events)
        except TRANSACTION_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 a broken filter must not stop the other automatisms (S45)
            automatism._fail(events, error)
            return
        for chain, group in groups:
            automatism._fire(chain, group)

    def _groups(self, events):
        """The matching events as ``[(chain, events)]``: one model and each record once in a group."""
        facts = self._describe_event()
        events = events.filtered(lambda event: event.res_model in facts["models"])
        matching = getattr(self, f"_matches_{self.event_type}")(events)
        groups = defaultdict(list)
        for model, of_model in matching.grouped("res_model").items():
            passing = set(self._passing(of_model._records()).ids)
            rounds = defaultdict(int)
            for event in of_model:
                if event.res_id in passing:
                    rounds[event.res_id] += 1
                    groups[model, tuple(event.chain or ()), rounds[event.res_id]].append(event.id)
        return [(chain, events.browse(ids)) for (_model, chain, _round), ids in groups.items()]

    def _passing(self, records):
        """Those of ``records`` that pass the company and the filter; one search."""
        company = [("company_id", "in", (False, self.company_id.id))] if self.company_id else []
        domain = [*company, *self._filter(records._name)]
        return records.browse(records._search_among(domain)) if domain else records

    def _filter(self, model):
        text = self.domain_lead if model == "crm.lead" else self.domain_partner
        return safe_eval(text or "[]", {"uid": self.env.uid})

    def _fire(self, chain, events):
        """Run the actions for the records of ``events``; on an error, halve the group until the culprit is alone."""
        events = self._allowed(chain, events)
        if not events:
            return
        records = events._records().with_context(marketing_chain=(*chain, self.id)).with_company(self.env.company)
        try:
            with self.env.cr.savepoint():
                for action in self.action_ids:
                    action._run(records)
                self.env["marketing.automatism.log"]._add(self, events)
                self.write(
                    {
                        "fired_count": self.fired_count + len(events),
                        "last_fired_at": self.env["marketing.scenario.engine"]._now(),
                    }
                )
        except TRANSACTION_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 one bad record must not stop the others (S45)
            if len(events) == 1:
                self._fail(events, error)
                return
            half = len(events) // 2
            self._fire(chain, events[:half])
            self._fire(chain, events[half:])

    def _allowed(self, chain, events):
        """Loop protection: leave out events this automatism caused itself, and records it fires for too often."""
        log = self.env["marketing.automatism.log"]
        if self.id in chain or len(chain) >= MAX_CHAIN:
            log._add(self, events, "loop" if self.id in chain else "depth")
            return events.browse()
        tired = log._too_often(self, events._records(), DAILY_LIMIT)
        blocked = events.filtered(lambda event: event.res_id in tired)
        log._add(self, blocked, "too_often")
        return events - blocked

    def _fail(self, events, error):
        message = str(error) or type(error).__name__
        _logger.info("Automatism %s: %s", self.id, message, exc_info=True)
        events._try_again(self, message)
        self.write(
            {
                "error_count": self.error_count + 1,
                "last_error": message,
                "last_error_at": self.env["marketing.scenario.engine"]._now(),
            }
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
        """List what this automatism fired for, and what it left out."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("marketing_scenario.marketing_automatism_log_action")
        return {**action, "domain": [("automatism_id", "=", self.id)]}
