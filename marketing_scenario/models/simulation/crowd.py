"""Many people's walk in a dry world, by the engine's own code (S55)."""

import time

from ...tools.mail_links import Link
from .. import clock
from . import sql
from .apart import set_out

LONGEST_WORK = 60  # seconds for one crowd: a scenario that makes it look again and again ends there


class Crowd:
    """People who enter a scenario, or are inside, and walk on until a moment, in a world of theirs (``apart.py``)."""

    def __init__(self, env, scenario, behaviour):
        self.env = env
        self.scenario = scenario
        self.behaviour = behaviour
        self.inside = []  # runs that were there before
        self.model = None  # of the records that entered
        self.last_run_id = sql.last_id(env.cr, "marketing_scenario_enrollment")
        self.last_message_id = self.first_message_id = sql.last_id(env.cr, "mailing_trace")
        self.last_trace_id = sql.last_id(env.cr, "marketing_scenario_trace")
        self.capped = set()  # ids of runs that had to wait, because their person got enough messages lately
        self.rejected = {}  # record id → reason
        self.is_complete = True
        self._links = {}
        self._due_at = None  # when the next of them goes on, as long as nothing happened that may change it
        self._is_due_known = False
        if scenario.state != "active":
            scenario._set_state("active")
        env.cr.counts_messages = True

    def enter(self, records):
        """Let records enter as by a query: those who may not are rejected, each with its reason."""
        self._is_due_known = False
        self.model = records._name
        _enrollments, self.rejected = self.scenario._enroll(records, "simulation")
        self.last_trace_id = sql.last_id(self.env.cr, "marketing_scenario_trace")

    def take_in(self, run_ids):
        """Runs that are inside go on from where they stand."""
        self._is_due_known = False
        self.inside = list(run_ids)

    def walk(self, until):
        """Let everything happen that is due until then, moment after moment."""
        set_out(self.env.cr)
        engine = self.env["marketing.scenario.engine"]
        deadline = time.monotonic() + LONGEST_WORK
        while moment := self._next_at():
            if moment > until:
                break
            if time.monotonic() > deadline:
                self.is_complete = False
                break
            self.env.cr.at(max(moment, clock.now(self.env)))
            self._react()
            due_at, now = self._next_due(), clock.now(self.env)
            if due_at and due_at <= now:
                engine._run_rows(sql.claim_due(self.env.cr, self.inside, self.last_run_id, now))
                self._is_due_known = False
                self._look_at_messages()
                self.capped |= sql.waiting_for_cap(self.env.cr, self.inside, self.last_run_id)

    def whose(self):
        """What this crowd did, for the counts."""
        return sql.Whose(tuple(self.inside), self.last_run_id, self.last_trace_id, self.first_message_id)

    def _next_at(self):
        return min(filter(None, (self._next_due(), self.behaviour.next_at())), default=None)

    def _next_due(self):
        """The moment at which the next of them goes on, or None. Most of what people do changes nothing about it."""
        if not self._is_due_known:
            self.env.flush_all()
            self._due_at = sql.next_due(self.env.cr, self.inside, self.last_run_id)
            self._is_due_known = True
        return self._due_at

    def _look_at_messages(self):
        sent = sql.new_messages(self.env.cr, self.last_message_id, self.behaviour.types)
        self.behaviour.expect(sent, clock.now(self.env))
        self.last_message_id = max((message.id for message in sent), default=self.last_message_id)

    def _react(self):
        now = clock.now(self.env)
        concerned = set()
        for kind, trace_ids in self.behaviour.due(now).items():
            if kind == "clicked":
                trace_ids = self._click(trace_ids, now)
            concerned.update(sql.react(self.env.cr, kind, trace_ids, now))
        if concerned:
            self.env["mailing.trace"].invalidate_model()
            if self.env["marketing.scenario.enrollment"].browse(concerned)._look_again():
                self._is_due_known = False

    def _click(self, trace_ids, now):
        """Each clicks one link of the mail.

        :return: those that have such a link
        """
        clicks = []
        for trace_id, mailing_id in sql.mailings_of(self.env.cr, trace_ids).items():
            if mailing_id not in self._links:
                self._links[mailing_id] = self._links_of(self.env["mailing.mailing"].browse(mailing_id))
            links = self._links[mailing_id]
            if link_id := links and self.behaviour.link(trace_id, links):
                clicks.append((link_id, trace_id))
        if clicks:
            sql.click(self.env.cr, clicks, now)
            self.env["link.tracker.click"].invalidate_model()
        return [trace_id for _link_id, trace_id in clicks]

    def _links_of(self, mailing):
        """``[(link id, address, label)]`` of the tracked links that a mail of this mailing would have."""
        chosen = mailing.marketing_step_id._tracked_links()
        if not chosen:
            return []
        mailing._marketing_short_links([Link(None, link["url"], link["label"], link["kind"]) for link in chosen])
        return [(link.id, link.url, link.label) for link in mailing._marketing_links()]

    def forget_runs(self, records):
        """As if these had never been in the scenario: they enter anew, whatever its rules on entering again."""
        column = records._marketing_column
        runs = self.env["marketing.scenario.enrollment"].search(
            [("scenario_id", "=", self.scenario.id), (column, "in", records.ids)]
        )
        runs.unlink()
