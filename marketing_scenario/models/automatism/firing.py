"""From events to actions: which events fit, and the actions for their records, an error costing no one else (S14)."""

import logging
from collections import defaultdict

from odoo import models
from odoo.fields import Domain

from .. import clock
from ..conflicts import TRANSACTION_ERRORS
from ..engine.drain import halve
from ..target.filters import domain_of
from ..target.rights import with_rights_of

_logger = logging.getLogger(__name__)

MAX_CHAIN = 5  # automations that set off one another
DAILY_LIMIT = 50  # times an automation fires for the same record within 24 hours


class MarketingAutomatism(models.Model):
    _inherit = "marketing.automatism"

    def _handle(self, topics):
        """Fire for the events that match; an error concerns this automation alone (S14).

        :param topics: the events of this automation's kind, all with a living record
        :return: whether any of them concerned it
        """
        automatism = self.with_company(self.company_id or self.env.company)
        events = topics.of(self.id)
        try:
            facts = automatism._describe_event()
            events = topics.of(self.id, facts["models"], facts.get("about", {}))
            if not events:
                return False
            with self.env.cr.savepoint():
                groups = automatism._groups(topics, events)
        except TRANSACTION_ERRORS:
            raise
        except Exception as error:  # noqa: BLE001 a broken filter must not stop the other automations (S45)
            automatism._fail(events, error)
            return True
        for chain, group in groups:
            automatism._fire(chain, group)
        return True

    def _groups(self, topics, events):
        """The matching events as ``[(chain, events)]``: one model and each record once in a group."""
        if matches := getattr(self, f"_matches_{self.event_type}", None):
            events = matches(events)
        by_model = defaultdict(list)
        for event_id in events.ids:
            model, record_id, chain = topics.facts[event_id]
            by_model[model].append((event_id, record_id, chain))
        groups = defaultdict(list)
        for model, rows in by_model.items():
            records = self.env[model].browse(dict.fromkeys(record_id for _event, record_id, _chain in rows))
            passing = set(self._passing(records).ids)
            rounds = defaultdict(int)
            for event_id, record_id, chain in rows:
                if record_id in passing:
                    rounds[record_id] += 1
                    groups[model, chain, rounds[record_id]].append(event_id)
        return [(chain, events.browse(ids)) for (_model, chain, _round), ids in groups.items()]

    def _passing(self, records):
        """Those of ``records`` that pass the company and the filter; one search, as ``user_id`` sees them (S53)."""
        company = [("company_id", "in", (False, self.company_id.id))] if self.company_id else []
        seen = with_rights_of(records, self.user_id, self.company_id)
        domain = Domain(company) & self._filter(seen)
        return records if domain.is_true() else records.browse(seen._search_among(domain))

    def _filter(self, records):
        """The filter for records of this model, as the user of ``records`` means it."""
        text = self.domain_lead if records._name == "crm.lead" else self.domain_partner
        return domain_of(records, text)

    def _fire(self, chain, events):
        """Run the actions for the records of ``events``; an error costs only the event that caused it."""
        events = self._allowed(chain, events)
        if events:
            halve(self.env, events, lambda group: self._act(chain, group), self._note_fired, self._fail)

    def _act(self, chain, events):
        records = events._records().with_context(marketing_chain=(*chain, self.id)).with_company(self.env.company)
        for action in self.action_ids:
            action._run(records)
        self.env["marketing.automatism.log"]._add(self, events)
        return events

    def _note_fired(self, events):
        self.write({"fired_count": self.fired_count + len(events), "last_fired_at": clock.now(self.env)})

    def _allowed(self, chain, events):
        """Loop protection: leave out events this automation caused itself, and records it fires for too often."""
        log = self.env["marketing.automatism.log"]
        if self.id in chain or len(chain) >= MAX_CHAIN:
            log._add(self, events, "loop" if self.id in chain else "depth")
            return events.browse()
        tired = log._too_often(self, events._records(), DAILY_LIMIT)
        if not tired:
            return events
        blocked = events.filtered(lambda event: event.res_id in tired)
        log._add(self, blocked, "too_often")
        return events - blocked

    def _fail(self, events, error):
        message = str(error) or type(error).__name__
        _logger.info("Automatism %s: %s", self.id, message, exc_info=True)
        events._try_again(self, message)
        self._note_error(message)

    def _note_error(self, message):
        self.write(
            {
                "error_count": self.error_count + 1,
                "last_error": message,
                "last_error_at": clock.now(self.env),
            }
        )
