"""Outbox of the events (S14): noted in the transaction of who causes them, worked through by cron."""

import json

from odoo import api, fields, models
from odoo.tools import ormcache

from .. import clock
from ..engine.drain import notify
from . import sql

CRON = "marketing_scenario.ir_cron_process_events"


class MarketingAutomatismEvent(models.Model):
    """Something happened to a record. Rows live from their transaction to the next run of the cron."""

    _name = "marketing.automatism.event"
    _description = "Event for automations"
    _inherit = ["marketing.linked"]
    _order = "id"
    _rec_name = "kind"
    _log_access = False

    kind = fields.Char(required=True)
    res_model = fields.Char("Model", required=True)
    res_id = fields.Many2oneReference("Record", model_field="res_model", required=True)
    payload = fields.Json(help="What the event is about: stages, tags, form …")
    chain = fields.Json(help="Ids of the automations whose actions led to this event.")
    automatism_id = fields.Many2one(
        "marketing.automatism",
        string="Automation",
        ondelete="cascade",
        index="btree_not_null",
        help="The only automation concerned: the one that is tried again, or whose date was reached.",
    )
    at = fields.Datetime("Moment", required=True)
    state = fields.Selection([("waiting", "Waiting"), ("error", "Error")], default="waiting", required=True)
    attempts = fields.Integer("Tries", default=0)
    next_try_at = fields.Datetime("Next try")
    message = fields.Text("Error")
    handled = fields.Json(help="Ids of the automations that have seen it: the others follow in the next batch.")

    _waiting_idx = models.Index("(id, next_try_at) WHERE state = 'waiting'")

    # -- noting ---------------------------------------------------------------------------------------------------

    @api.model
    def _note(self, kind, records, payload=None):
        """Note that something happened to ``records``; one INSERT, and none when no one listens to ``kind`` (S14).

        :param kind: code of the event, see ``marketing.automatism.event_type``
        :param records: contacts, accounts or leads, of one model
        :param payload: what the automations' parameters are compared with; the same for all records, or
            ``{record id: dict}`` made by a function that is called only when someone listens
        """
        self._note_all([(kind, records, payload)])

    @api.model
    def _note_all(self, notes):
        """As ``_note`` for a list of ``(kind, records, payload)``: one INSERT for all of them."""
        listened = self._listened()
        rows = []
        for kind, records, payload in notes:
            if kind not in listened:
                continue
            each = payload() if callable(payload) else {}
            common = None if callable(payload) else json.dumps(payload or {})
            rows += [
                (kind, records._name, record_id, common or json.dumps(each.get(record_id, {})))
                for record_id in records.ids
            ]
        self._insert(rows)

    def _insert(self, rows, automatism=None):
        """Insert ``(kind, model, id, payload text)`` and have the cron look at them once committed."""
        if not rows:
            return
        cr = self.env.cr
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(CRON)
        chain = json.dumps(list(self.env.context.get("marketing_chain", ())))
        now = clock.now(self.env)
        sql.note_events(cr, rows, chain, automatism and automatism.id, now, cron_id)
        notify(self.env)

    @api.model
    def _listened(self):
        """Kinds of event that somebody listens to, as a set; cached."""
        return self._listeners()[0] | self._awaited()

    @api.model
    def _awaited(self):
        """Those of them that others than automations listen to: conditions that wait."""
        return self._listeners()[1].keys()

    @ormcache()
    def _listeners(self):
        """``(kinds of the active automations, {kind: ids of the steps waiting for it})``"""
        # sudo: what is listened to does not depend on who causes the event
        env = self.sudo().env
        steps = env["marketing.scenario.step"]
        waiting = {}
        for step in steps.search([("scenario_id.state", "=", "active"), ("step_type", "in", steps._awaiting_types())]):
            for kind in step._describe()["awaits"]:
                waiting.setdefault(kind, set()).add(step.id)
        kinds = env["marketing.automatism"].search([]).mapped("event_type")
        return frozenset(kinds), {kind: tuple(ids) for kind, ids in waiting.items()}


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _marketing_inherit(self, sources):
        """Events noted for merged records concern their survivor."""
        result = super()._marketing_inherit(sources)
        if self.env["marketing.automatism.event"]._listened():
            sql.inherit_events(self.env.cr, self._name, sources.ids, self.id)
        return result

    def _forget_person(self, person):
        """What happened to these people concerns no automation any more; what went wrong no longer names them.

        The log holds ids only.
        """
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        self.env["marketing.automatism.event"].search(mine).unlink()
        failed = self.env["marketing.automatism"].with_context(active_test=False).search([("last_error", "!=", False)])
        words = self._person_words() if failed else ()
        failed.filtered(lambda auto: any(word in auto.last_error.lower() for word in words)).last_error = False
        return super()._forget_person(person)

    def _person_report(self):
        mine = [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        return {
            **super()._person_report(),
            self.env._("Events for automations"): self._report_rows(
                self.env["marketing.automatism.event"].search(mine), ("at", "kind", "payload", "state", "message")
            ),
            self.env._("Automations"): self._report_rows(
                self.env["marketing.automatism.log"].search(mine, order="id"),
                ("at", "automatism_id", "outcome", "reason"),
            ),
        }
