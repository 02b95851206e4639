"""The cron that works through the outbox of events (S14)."""

import time

from odoo import api, models

from .. import clock
from ..engine import back_off
from ..engine.drain import drain, limit_locks
from . import sql
from .event import CRON
from .topics import Topics

BATCH_SIZE = 1000
MOST_SECONDS = 5  # of one transaction: hundreds of automations may listen to one kind of event


class MarketingAutomatismEvent(models.Model):
    _inherit = "marketing.automatism.event"

    @api.model
    def _cron_process(self):
        """Cron: work through all events, one committed batch after the other, until time is up."""
        events = self.with_context(lang=self.env.company.partner_id.lang or self.env.user.lang)
        drain(self.env.ref(CRON), lambda: events._process(limit=BATCH_SIZE), lambda: sql.next_event(self.env.cr))

    @api.model
    def _process(self, limit=BATCH_SIZE):
        """Fire the automations and wake the conditions for waiting events; never commits.

        :return: number of events handled, or worked on: where many automations listen, time is up before all of them
            have seen the events, and the next batch goes on with the others
        """
        self.env.flush_all()
        limit_locks(self.env.cr)
        now = clock.now(self.env)
        # sudo: automations act for the company, no matter who caused the event
        events = self.sudo().browse(sql.claim_events(self.env.cr, now, limit))
        end = time.monotonic() + MOST_SECONDS
        done = []
        for kind, group in events.grouped("kind").items():
            if done and time.monotonic() > end:
                break
            seen, all_seen = group._work_through(kind, end)
            if all_seen:
                done += group.ids
            else:
                sql.keep_events(self.env.cr, group.ids, seen)
                break
        self.env.flush_all()
        sql.delete_events(self.env.cr, done)
        events.invalidate_recordset(flush=False)
        return len(events)

    def _work_through(self, kind, end):
        """Wake and fire for events of one kind, until ``end`` (on the machine's clock).

        :return: ids of the automations that have seen them, and whether these are all
        """
        living = self._living()
        handled = sql.handled(self.env.cr, living.ids)
        living.filtered(lambda event: not handled.get(event.id))._wake_waiting(kind)
        topics = Topics(living, handled)
        seen, worked = [], False
        for automatism in self.env["marketing.automatism"].sudo().search([("event_type", "=", kind)]):
            if worked and time.monotonic() > end:
                return seen, False
            worked |= automatism._handle(topics)
            seen.append(automatism.id)
        return seen, True

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
        now = clock.now(self.env)
        woken = sql.wake_waiting(self.env.cr, step_ids, ids.get("res.partner", []), ids.get("crm.lead", []), now)
        if woken:
            self.env["marketing.scenario.enrollment"].invalidate_model(["next_run_at"])
            self.env["marketing.scenario.engine"]._wake()

    def _try_again(self, automatism, message):
        """Keep these events for ``automatism`` alone: tried again with back-off, then parked as error (S44)."""
        now = clock.now(self.env)
        retries = []
        for event in self:
            attempts = event.attempts + 1
            again = back_off.next_try(attempts, now)
            retries.append(
                {
                    **{name: event[name] for name in ("kind", "res_model", "res_id", "payload", "chain", "at")},
                    "automatism_id": automatism.id,
                    "state": "waiting" if again else "error",
                    "attempts": attempts,
                    "next_try_at": again or now,
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
        now = clock.now(self.env)
        self.check_access("write")
        self.write({"state": "waiting", "attempts": 0, "next_try_at": now})
        # sudo: the manager has no right on scheduled actions
        self.env.ref(CRON).sudo()._trigger()
        return True
