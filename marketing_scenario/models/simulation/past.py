"""What people really did in the past, taken back in a dry world and done again at its moment (S56).

Each fact is asked once, for all people: what of it lies after the beginning is as if it had not happened, and is to
come. What nobody noted cannot be taken back.
"""

import heapq
from collections import defaultdict
from datetime import timedelta
from functools import partial

from .. import clock
from ..enrollment.states import CONTROL
from . import sql
from .behaviour import Behaviour

# why a run ended that no step decides on: it ends then in the back-test as well
OUTSIDE = {"by_hand", "lead_won", "lead_lost", "target_archived", "unsubscribed", "no_longer_matches", "automatism"}
# channel of a message → what says today that none may go
SAID = {
    "mail": ("marketing_refuse_email", "marketing_refuse_all", "marketing_invalid_email"),
    "sms": ("marketing_refuse_sms", "marketing_refuse_all", "marketing_invalid_phone"),
}
STATE = ("marketing_scenario_enrollment", "state")
REACTIONS = ("opened", "clicked", "replied")


class Happened(Behaviour):
    """People do with a message what they did with it in reality, as long after it was sent."""

    types = ("mail", "sms")

    def __init__(self, cr, messages):
        super().__init__(0, {})
        self.known = defaultdict(list)
        for message in messages:
            self.known[message.enrollment_id, message.step_id].append(message)
        self.clicks = sql.real_clicks(cr, [message.id for message in messages])
        self.chosen = {}  # mailing trace id → (address, label) of the links clicked, in order
        self.unknown = 0  # messages that these people never got in reality
        self.unknown_links = 0  # of how many clicks nobody kept on which link

    def expect(self, messages, now):
        """What is known of each, the first time that the run gets it, the second …"""
        for message in messages:
            real = self.known.get((message.enrollment_id, message.step_id))
            if not real:
                self.unknown += 1
                continue
            told = real.pop(0)
            for kind in REACTIONS:
                if moment := getattr(told, kind):
                    done = "fetched" if kind == "opened" and told.by_machine else kind
                    self.will(done, now + max(moment - told.sent, timedelta()), message.id)
            if told.bounced:
                self.will("bounced", now, message.id)
            if told.clicked:
                clicks = self.clicks.get(told.id, [])
                self.unknown_links += not clicks
                self.chosen[message.id] = [(url, label) for _moment, url, label in clicks]

    def link(self, trace_id, links):
        """The link that was clicked, if the mail still has it; the first one where that was not kept."""
        wanted = self.chosen[trace_id]
        return next((link_id for link_id, *told in links if not wanted or tuple(told) in wanted), None)


class Past:
    """The people of some runs, as they were at a moment; ``due`` lets happen what then happened to them."""

    def __init__(self, env, scenario, runs, since):
        """:param runs: of a dry world, as they are today"""
        self.env, self.cr, self.scenario, self.since = env, env.cr, scenario, since
        self.runs = runs
        self.coming = []  # heap of (moment, number, deed, run ids concerned)
        self.concerned = defaultdict(set)  # ("partner" | "lead", id) → run ids
        for run_id, partner_id, lead_id in sql.people_of(self.cr, runs.ids):
            self.concerned["partner", partner_id].add(run_id)
            self.concerned["lead", lead_id].add(run_id)
        self.partners = [i for kind, i in self.concerned if kind == "partner" and i]
        self.leads = [i for kind, i in self.concerned if kind == "lead" and i]
        self.messages = sql.real_messages(self.cr, runs.ids)
        self.undated_opt_outs = 0
        env.flush_all()
        self._tags()
        self._consent()
        self._blacklists()
        self._ends()
        self._elsewhere()
        self._scores()
        self._rows("marketing_engagement_submission", "state", "received", sql.forms_filled)
        self._rows("crm_lead", "won_status", "pending", sql.opportunities_won)
        self._rows("crm_lead", "type", "lead", sql.opportunities_made)
        self._rows("mail_activity", "active", True, sql.activities_done)
        sql.take_back_runs(self.cr, runs.ids, self._messages_elsewhere())
        env.invalidate_all()

    def next_at(self):
        """The moment of what happens next, or None."""
        return self.coming[0][0] if self.coming else None

    def due(self, now):
        """Let everything happen that did until ``now``.

        :return: ids of the runs whose people it concerns
        """
        concerned = set()
        while self.coming and self.coming[0][0] <= now:
            _moment, _number, deed, run_ids = heapq.heappop(self.coming)
            deed()
            concerned |= run_ids
        if concerned:
            self.env.flush_all()
            self.env.invalidate_all()
        return concerned

    def _will(self, moment, deed, run_ids=frozenset()):
        heapq.heappush(self.coming, (moment, len(self.coming), deed, run_ids))

    def _of(self, partner_id, lead_id):
        """The runs of these people."""
        found = self.concerned.get(("lead", lead_id), set()) if lead_id else set()
        return found | (self.concerned.get(("partner", partner_id), set()) if partner_id else set())

    def _set(self, table, column, row_id, value):
        return partial(sql.set_values, self.cr, table, column, {row_id: value})

    # -- facts ----------------------------------------------------------------------------------------------------

    def _rows(self, table, column, before, asked):
        """Rows that came about since: one of their columns says that they count."""
        rows = asked(self.cr, self.partners, self.leads, self.since)
        for row_id, moment, value, partner_id, lead_id in rows:
            self._will(moment, self._set(table, column, row_id, value), self._of(partner_id, lead_id))
        sql.set_values(self.cr, table, column, dict.fromkeys((row[0] for row in rows), before))

    def _scores(self):
        """Points since then; those of this scenario are given anew by its steps."""
        before = defaultdict(lambda: defaultdict(int))
        for _id, moment, (points, source), partner_id, lead_id in sql.points_given(
            self.cr, self.partners, self.leads, self.since
        ):
            table, holder = ("res_partner", partner_id) if partner_id else ("crm_lead", lead_id)
            before[table][holder] -= int(points)
            if source != self.scenario.name:
                deed = partial(sql.add_points, self.cr, table, {holder: int(points)})
                self._will(moment, deed, self._of(partner_id, lead_id))
        for table, points in before.items():
            sql.add_points(self.cr, table, points)

    def _tags(self):
        """What tag steps did since; those of this scenario do it anew. Other tags are as they are today."""
        given = sql.tags_given(self.cr, self.partners, self.leads, self.since)
        for _scenario_id, _moment, *who in reversed(given):
            self._tag(*who, {"add": "remove", "remove": "add"})
        for scenario_id, moment, step_id, partner_id, lead_id in given:
            if scenario_id != self.scenario.id:
                deed = partial(self._tag, step_id, partner_id, lead_id, {"add": "add", "remove": "remove"})
                self._will(moment, deed, self._of(partner_id, lead_id))

    def _tag(self, step_id, partner_id, lead_id, actions):
        step = self.env["marketing.scenario.step"].browse(step_id)
        if lead_id and step.tag_lead_id:
            record, tag = self.env["crm.lead"].browse(lead_id), step.tag_lead_id
        else:
            record, tag = self.env["res.partner"].browse(partner_id), step.tag_id
        if record and tag:
            record._marketing_tag(tag, actions[step.tag_action])

    def _consent(self):
        """An opt-in has its moment. An opt-out has none: it came after the last message that really left."""
        first, last = {}, {}
        for message in self.messages:
            first.setdefault(message.enrollment_id, message.sent)
            last[message.enrollment_id, message.trace_type] = message.sent
        for kind, ids, model in (("partner", self.partners, "res.partner"), ("lead", self.leads, "crm.lead")):
            hidden = defaultdict(dict)
            for record in self.env[model].browse(ids):
                run_ids = frozenset(self.concerned[kind, record.id])
                since = record.marketing_optin and record.marketing_optin_date
                if since and since > self.since and all(first.get(i, since) >= since for i in run_ids):
                    hidden["marketing_optin"][record.id] = False
                    self._will(since, self._set(record._table, "marketing_optin", record.id, True), run_ids)
                for channel, flags in SAID.items():
                    until = max((last[i, channel] for i in run_ids if (i, channel) in last), default=None)
                    for flag in flags if until else ():
                        if record[flag]:
                            hidden[flag][record.id] = False
                            self.undated_opt_outs += 1
                            after = until + timedelta(seconds=1)
                            self._will(after, self._set(record._table, flag, record.id, True), run_ids)
            for column, values in hidden.items():
                sql.set_values(self.cr, self.env[model]._table, column, values)

    def _ends(self):
        """Who was taken out, won or lost leaves then, wherever they stand."""
        for run in self.runs:
            if run.end_reason in OUTSIDE and run.ended_at:
                self._will(run.ended_at, partial(run._stop, run.end_reason), frozenset(run.ids))

    def _elsewhere(self):
        """Runs in other scenarios: who is inside, and who has been."""
        before = {}
        for run_id, began, ended, state, partner_id, lead_id in sql.runs_elsewhere(
            self.cr, self.partners, self.leads, self.since, self.scenario.id
        ):
            concerned = self._of(partner_id, lead_id)
            inside = "paused" if ended else state  # on hold: nobody lets it walk here
            before[run_id] = CONTROL if began > self.since else inside
            if began > self.since:
                self._will(began, self._set(*STATE, run_id, inside), concerned)
            if ended:
                self._will(ended, self._set(*STATE, run_id, state), concerned)
        sql.set_values(self.cr, *STATE, before)

    def _messages_elsewhere(self):
        """Ids of the messages by others, which count for the limit of messages from their moment on."""
        found = sql.messages_elsewhere(self.cr, self._addresses(), self.since, self.runs.ids)
        for message_id, moment, status in found:
            self._will(moment, self._set("mailing_trace", "trace_status", message_id, status))
        return [message_id for message_id, _moment, _status in found]

    def _blacklists(self):
        for table, column in (("mail_blacklist", "email"), ("phone_blacklist", "number")):
            rows = sql.blacklisted(self.cr, table, column, self._addresses(), self.since)
            for row_id, moment in rows:
                self._will(moment, self._set(table, "active", row_id, True))
            sql.set_values(self.cr, table, "active", dict.fromkeys((row[0] for row in rows), False))

    def _addresses(self):
        people = [*self.env["res.partner"].browse(self.partners), *self.env["crm.lead"].browse(self.leads)]
        return {
            *filter(None, (one[field] for one in people for field in ("marketing_email_normalized", "marketing_phone")))
        }

    # -- entries --------------------------------------------------------------------------------------------------

    def begin(self, run_ids):
        """These runs enter now, each where the scenario lets its target begin (S23).

        :return: ids of those that are inside by another run already
        """
        waiting = self.runs.browse(run_ids)
        began = set()
        now = clock.now(self.env)
        for records in waiting._targets().values():
            for step, _skipped, group in self.scenario._entry_groups(records):
                ids = [run_id for run_id, _record_id in waiting._ids_of(group)]
                began.update(sql.begin_runs(self.cr, ids, step.id, now))
        self.runs.invalidate_model()
        return set(run_ids) - began
