"""One record's walk in a dry world, one step at a time, by the engine's own code."""

from datetime import timedelta

from odoo.fields import Datetime

from .. import clock
from ..engine.batch import Batch
from ..engine.decisions import Decisions
from ..enrollment.states import LIVE_STATES
from . import sql
from .remedies import remedies

LONGEST = timedelta(days=3 * 365)  # a walk that is let go stops there: a person who waits for ever, a loop
MOST_STEPS = 500
CHANNELS = ("email", "sms", "phone")


class Walk:
    """Begins at Start, or where the entry rules put the record (S23); each method lets some of it happen."""

    def __init__(self, env, scenario, record):
        """:param scenario: of this environment, in any state; it is active here
        :param record: the contact, account or lead, as the world knows it
        """
        self.env = env
        self.began = clock.now(env)
        self.executed = 0
        self.messages = {}  # mailing trace id → what its recipient would see
        self.prerequisites = self._prerequisites(scenario, record)
        if scenario.state != "active":
            scenario._set_state("active")
        enrollments = env["marketing.scenario.enrollment"]
        column = record._marketing_column
        earlier = [("scenario_id", "=", scenario.id), (column, "=", record.id)]
        enrollments.search([*earlier, ("state", "in", LIVE_STATES)])._stop("by_hand")
        step = scenario._entry_groups(record)[0][0]
        run = enrollments.create(
            {
                "scenario_id": scenario.id,
                "step_id": step.id,
                column: record.id,
                "target_kind": record.marketing_kind,
                "company_id": scenario.company_id.id,
                "run_number": enrollments.search_count(earlier) + 1,
                "door": "simulation",
                "entered_at": self.began,
                "next_run_at": self.began,
            }
        )
        self.column, self.record, self.first_run_id = column, record, run.id
        self._execute_root(step)

    # -- what may happen ------------------------------------------------------------------------------------------

    def go_on(self, outcome=None):
        """Let the next thing happen: the step is executed, or the sleep on it ends at its moment.

        :param outcome: the way out to take, instead of what the step would decide
        :return: whether anything happened
        """
        run = self.run()
        if run.state != "running":
            return False
        if run.next_run_at > clock.now(self.env):
            self.env.cr.at(run.next_run_at)
        engine = self.env["marketing.scenario.engine"]
        self.env.flush_all()
        batch = Batch(self.env, clock.now(self.env))
        if outcome:
            decisions = Decisions(self.env, batch, run.step_id)
            decisions.advance(run, outcome)
            batch.accept(decisions)
        else:
            batch.start(engine._looked_at(sql.claim_these(self.env.cr, run.ids)))
            # who wakes up with its way out known has left the step by that: the next one is another deed
            standing = None if run.wake_outcome else batch.next_standing()
            if standing:
                engine._execute_standing(batch, standing)
        for step_id, ids in batch.groups.items():
            for enrollment_id in ids:
                batch._rest(step_id, enrollment_id, batch.now)
        engine._write_batch(batch)
        self.executed += 1
        self._deliver()
        return True

    def let_time_pass(self, until):
        """Set the clock to ``until`` (naive UTC), and let everything happen that is due until then."""
        while self._goes_on() and self.run().next_run_at <= until:
            self.go_on()
        if until > clock.now(self.env):
            self.env.cr.at(until)

    def finish(self):
        """Let everything happen until the run is over, or for ``LONGEST``."""
        while self._goes_on() and self.run().next_run_at <= self.began + LONGEST:
            self.go_on()

    def play(self, rule):
        """Make a rule of the scenario come true, as by the person; who waits for it looks again."""
        rule._play(self.run())
        self._has_happened()

    def happen(self, event, of):
        """Let an event happen to the person: see ``marketing.automatism._play``."""
        self.env["marketing.automatism"]._play(self.run(), event, of)
        self._has_happened()

    def _has_happened(self):
        self.env.flush_all()
        self.run()._look_again()

    # -- what can be seen -----------------------------------------------------------------------------------------

    def run(self):
        """The run that goes on now: the first one, or the latest that it led to."""
        runs = self.runs()
        live = runs.filtered(lambda run: run.state in LIVE_STATES)
        return live[-1:] or runs[-1:]

    def runs(self):
        """All runs of this walk, in order: launching another scenario begins a new one."""
        enrollments = self.env["marketing.scenario.enrollment"]
        return enrollments.search([("id", ">=", self.first_run_id), (self.column, "=", self.record.id)], order="id")

    def told(self):
        """The walk as data for the screen; moments are naive UTC texts."""
        run = self.run()
        step = run.step_id
        live = run.state == "running"
        return {
            "name": self.record.display_name,
            "email": self.record.marketing_email_normalized or "",
            "phone": self.record.marketing_phone or "",
            "prerequisites": self.prerequisites,
            "began": Datetime.to_string(self.began),
            "now": Datetime.to_string(clock.now(self.env)),
            "path": self._path(),
            "over": not live,
            "error": run.error_message or False,
            "end": run.why if not live else False,
            "stands": self._stands(run, step) if live else False,
            "happenings": self._happenings(run) if live else [],
        }

    def steps_of(self, messages):
        """Ids of the steps whose messages these are, in order; one that was sent twice stands there twice."""
        return self.env["mailing.trace"].browse(messages).mapped(lambda one: one.mass_mailing_id.marketing_step_id.id)

    def _goes_on(self):
        return self.run().state == "running" and self.executed < MOST_STEPS

    def _execute_root(self, step):
        """Start does nothing that anybody has to see."""
        if not step.parent_id:
            self.go_on()

    def _prerequisites(self, scenario, record):
        """Why this record could not enter, and on which channels it gets no messages (R26)."""
        enrollments = self.env["marketing.scenario.enrollment"]
        reasons = dict(enrollments._fields["end_reason"]._description_selection(self.env))
        known, found = remedies(self.env), []

        def missing(channel, reason):
            found.append({"channel": channel, "reason": reasons.get(reason, reason), "remedy": known.get(reason, "")})

        entry = scenario._rejections(record).get(record.id)
        if entry and entry != "scenario_inactive":
            missing("entry", entry)
        elif scenario._held_out(record):
            missing("entry", "control_group")
        used = {step._channel() for step in scenario.step_ids}
        for channel in CHANNELS:
            reason = channel in used and record._blocked(channel).get(record.id)
            if reason:
                missing(channel, reason)
        return found

    def _path(self):
        traces = self.env["marketing.scenario.trace"].search([("enrollment_id", "in", self.runs().ids)], order="id")
        rows, known = [], remedies(self.env)
        for trace in traces:
            row = trace._timeline_row()
            row |= {"step_id": trace.step_id.id, "scenario": trace.scenario_id.name}
            row["remedy"] = known.get(trace.reason, "") if trace.event else ""
            row["mail"] = self.messages.get(trace.mailing_trace_id.id, False)
            rows.append(row)
        return rows

    def _stands(self, run, step):
        reasons = dict(run._fields["wait_reason"]._description_selection(self.env))
        sleeps = run.next_run_at > clock.now(self.env)
        return {
            "step_id": step.id,
            "step": step.name,
            "icon": step.icon,
            "family": step.family,
            "type": step.type_label,
            "summary": step.summary,
            "scenario": run.scenario_id.name,
            "until": Datetime.to_string(run.next_run_at) if sleeps else False,
            "why": reasons.get(run.wait_reason, "") if sleeps else "",
            "trouble": run.error_message or False,
            "remedy": remedies(self.env)["retry"] if run.error_message else "",
            "outcomes": [{"code": code, "label": label} for code, label in step._describe().get("outcomes", [])],
            "conditions": step._explain(run),
        }

    def rules(self):
        """The rules that decide on the way of the run: of the conditions of its scenario, and of its goals."""
        scenario = self.run().scenario_id
        steps = scenario.step_ids.sorted("position")
        return steps.rule_ids | steps.case_ids.rule_ids | scenario.goal_ids.rule_ids

    def _happenings(self, run):
        """What can happen now, wherever the run stands (S39): events, and what other conditions and the goals ask.

        :return: ``[{"label", "asks", "model", "deed"}]``: ``asks`` says what the deed lacks as its ``of``
        """
        events = [
            {
                **{name: occasion[name] for name in ("label", "asks", "model")},
                "deed": {"do": "happen", "event": kind, "of": number},
            }
            for kind, occasions in self.env["marketing.automatism"]._occasions(run).items()
            for number, occasion in enumerate(occasions)
        ]
        here = run.step_id._all_rules()
        # what somebody does with a message is an event of that message
        asked = [rule for rule in self.rules() - here if rule._is_playable() and not rule._describe().get("settles")]
        asked = {rule.summary: rule for rule in reversed(asked) if rule._explained(run)["holds"] is False}
        conditions = [
            {"label": label, "asks": False, "model": False, "deed": {"do": "play", "rule": rule.id}}
            for label, rule in reversed(asked.items())
        ]
        return conditions + events

    # -- the world around -----------------------------------------------------------------------------------------

    def _deliver(self):
        """Every message that was queued arrives at once, as if the queue had sent it; keep what it looks like."""
        traces = self.env["mailing.trace"].search(
            [("marketing_enrollment_id", "in", self.runs().ids), ("trace_status", "=", "outgoing")]
        )
        for trace in traces:
            self.messages[trace.id] = self._message(trace)
        if traces:
            traces.set_sent()
            traces.write({"sent_datetime": clock.now(self.env)})
            traces.mail_mail_id.write({"state": "sent"})
            traces.sms_id.write({"state": "sent"})

    def _message(self, trace):
        mail, sms = trace.mail_mail_id, trace.sms_id
        if mail:
            return {
                "to": trace.email or "",
                "sender": mail.email_from or "",
                "subject": mail.subject or "",
                "html": mail.body_html or "",
                "attachments": mail.attachment_ids.mapped("name"),
            }
        return {"to": trace.sms_number or "", "text": sms.body or ""}
