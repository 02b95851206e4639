"""The cron that works through the outbox of events (S14)."""

from odoo import api, fields, models

from . import engine_sql
from .automatism_event import CRON
from .engine import CONFLICT_TRIES, TRANSACTION_ERRORS
from .run import BACK_OFF_MINUTES

BATCH_SIZE = 1000


class MarketingAutomatismEvent(models.Model):
    _inherit = "marketing.automatism.event"

    @api.model
    def _cron_process(self):
        """Cron: work through all events, one committed batch after the other, until time is up."""
        lang = self.env.company.partner_id.lang or self.env.user.lang
        events, conflicts = self.with_context(lang=lang), 0
        while True:
            try:
                handled = events._process(limit=BATCH_SIZE)
            except TRANSACTION_ERRORS:
                # Someone else changed the same rows meanwhile. Nothing of the batch is kept; take a fresh snapshot.
                self.env.cr.rollback()
                conflicts += 1
                if conflicts > CONFLICT_TRIES:
                    handled = 0
                else:
                    continue
            if not handled:
                break
            conflicts = 0
            if not self.env["ir.cron"]._commit_progress(handled, remaining=1):
                return
        if coming := engine_sql.next_event(self.env.cr):
            self.env.ref(CRON)._trigger(at=max(coming, self.env["marketing.scenario.engine"]._now()))
        self.env["ir.cron"]._commit_progress(0, remaining=0)

    @api.model
    def _process(self, limit=BATCH_SIZE):
        """Fire the automatisms and wake the conditions for waiting events; never commits.

        :return: number of events handled
        """
        self.env.flush_all()
        now = self.env["marketing.scenario.engine"]._now()
        # sudo: automatisms act for the company, whoever caused the event
        events = self.sudo().browse(engine_sql.claim_events(self.env.cr, now, limit))
        for kind, group in events.grouped("kind").items():
            living = group._living()
            living._wake_waiting(kind)
            for automatism in self.env["marketing.automatism"].sudo().search([("event_type", "=", kind)]):
                automatism._handle(living.filtered(lambda event, a=automatism: event.automatism_id in (a.browse(), a)))
        self.env.flush_all()
        engine_sql.delete_events(self.env.cr, events.ids)
        events.invalidate_recordset(flush=False)
        return len(events)

    def _living(self):
        """The events whose record still exists."""
        existing = {
            model: set(self.env[model].browse(set(group.mapped("res_id"))).exists().ids)
            for model, group in self.grouped("res_model").items()
        }
        return self.filtered(lambda event: event.res_id in existing[event.res_model])

    def _wake_waiting(self, kind):
        """Let IF steps that wait for this kind look again at the people concerned."""
        step_ids = self._listeners()[1].get(kind)
        fresh = self.filtered(lambda event: not event.automatism_id)
        if not step_ids or not fresh:
            return
        ids = {model: list(set(group.mapped("res_id"))) for model, group in fresh.grouped("res_model").items()}
        now = self.env["marketing.scenario.engine"]._now()
        woken = engine_sql.wake_waiting(self.env.cr, step_ids, ids.get("res.partner", []), ids.get("crm.lead", []), now)
        if woken:
            self.env["marketing.scenario.enrollment"].invalidate_model(["next_run_at"])
            self.env["marketing.scenario.engine"]._wake()

    def _try_again(self, automatism, message):
        """Keep these events for ``automatism`` alone: tried again with back-off, then parked as error (S44)."""
        now = self.env["marketing.scenario.engine"]._now()
        retries = []
        for event in self:
            attempts = event.attempts + 1
            parked = attempts > len(BACK_OFF_MINUTES)
            again = now if parked else fields.Datetime.add(now, minutes=BACK_OFF_MINUTES[attempts - 1])
            retries.append(
                {
                    **{name: event[name] for name in ("kind", "res_model", "res_id", "payload", "chain", "at")},
                    "automatism_id": automatism.id,
                    "state": "error" if parked else "waiting",
                    "attempts": attempts,
                    "next_try_at": again,
                    "message": message,
                }
            )
        self.create(retries)

    def _records(self):
        """The records of events of one model."""
        model = self[:1].res_model
        return self.env[model].browse(dict.fromkeys(self.mapped("res_id"))) if model else self.env["res.partner"]

    def action_retry(self):
        """Try parked events again at the next run of the cron."""
        now = self.env["marketing.scenario.engine"]._now()
        self.check_access("write")
        self.write({"state": "waiting", "attempts": 0, "next_try_at": now})
        # sudo: the manager has no right on scheduled actions
        self.env.ref(CRON).sudo()._trigger()
