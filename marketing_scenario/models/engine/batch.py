"""What happens to the enrollments of one batch, kept in memory until the engine writes it all at once.

A step decides on ``Decisions``; a group that fails is thrown away with them: the batch never sees half a group.
"""

from collections import defaultdict
from datetime import datetime, timedelta

from odoo.exceptions import MissingError

from . import back_off, sql

STEP_DELETED = {"state": "stopped", "reason": "step_deleted"}


def is_there(step):
    """Whether the step is there still: another one may have deleted it a moment ago."""
    try:
        return bool(step.step_type)
    except MissingError:
        return False


class Batch:
    """One batch: groups still to execute, and where every enrollment came to rest."""

    def __init__(self, env, now):
        self.env = env
        self.now = now
        self.groups = defaultdict(list)  # step id → enrollment ids standing there, to be executed
        self.moves = defaultdict(list)  # resting place (see _rest) → [(enrollment id, next_run_at)]
        self.traces = []  # in order: [(step, event, outcome, reason, message), [(enrollment id, mailing trace id)]]
        # what an enrollment brought from its sleep belongs to the step it slept on, and is dropped when it leaves it
        self.attempts = {}  # enrollment id → tries so far
        self.deadlines = {}  # enrollment id → end of its wait for a condition
        self.late = set()  # enrollments whose messages are too late, until they sleep for another reason
        self.failed_step_ids = set()  # steps on which someone was parked as error
        self.left = set()  # enrollments that left a step in this batch: their wait begins anew where they come to rest
        self._reads_path = {}  # step id → whether it reads the path
        self._children = {}  # scenario id → {step id: {outcome: id of the step that follows}}
        self._claimed = env["marketing.scenario.enrollment"]  # all of the batch
        self._begun = env["marketing.scenario.step"]  # the steps on which the batch began

    def start(self, rows):
        """Take in claimed rows ``(id, step_id, wake_outcome, attempts, wait_until, is_late, has_target)``."""
        self._claimed = self._claimed.browse(row[0] for row in rows)
        self._begun = self._begun.browse(dict.fromkeys(row[1] for row in rows if row[1]))
        woken = defaultdict(list)
        for enrollment_id, step_id, wake, attempts, deadline, late, has_target in rows:
            if attempts:
                self.attempts[enrollment_id] = attempts
            if deadline:
                self.deadlines[enrollment_id] = deadline
            if late:
                self.late.add(enrollment_id)
            if not has_target:
                self._end(step_id, [enrollment_id], "stopped", "target_deleted")
            elif not step_id:
                self._end(step_id, [enrollment_id], **STEP_DELETED)
            elif wake:
                woken[step_id, wake].append(enrollment_id)
            else:
                self.groups[step_id].append(enrollment_id)
        for (step_id, wake), ids in woken.items():
            self._leave(self._begun.browse(step_id).with_prefetch(self._begun.ids), ids, {"outcome": wake})

    def next_standing(self):
        """``[(step, enrollment id)]`` to execute now, together, step by step; empty when all rest.

        First come, first served: so the steps that many scenarios have come to are there together, and read at once. A
        step that reads the path goes by itself: it may ask what the others did.
        """
        standing, steps = [], list(self.groups)
        for step_id in steps:
            step = self._begun.browse(step_id).with_prefetch(steps)
            if not is_there(step):
                self._end(step_id, self.groups.pop(step_id), **STEP_DELETED)
                continue
            alone = self.reads_path(step)
            if alone and standing:
                break
            standing += [(step, enrollment_id) for enrollment_id in self.groups.pop(step_id)]
            if alone:
                break
        return standing

    def reads_path(self, step):
        """Whether what was traced so far is to be written before this step, or some step like it, is executed.

        A message asks the path as well: whether it was sent in this run, whether its wait is told already.
        """
        if step.id not in self._reads_path:
            facts = step._describe()
            self._reads_path[step.id] = bool(facts.get("reads_path") or facts.get("channel"))
        return self._reads_path[step.id]

    def enrollments(self, ids):
        """These of the claimed enrollments; what is read of one is read of all."""
        return self._claimed.browse(ids).with_prefetch(self._claimed.ids)

    def accept(self, decisions):
        """Take over the decisions on a group that went well."""
        for kind, ids, details in decisions.taken:
            if kind != "end" and not is_there(decisions.step):
                kind, details = "end", STEP_DELETED
            getattr(self, f"_accept_{kind}")(decisions.step, ids, details)

    def take_traces(self):
        """The traces noted since the last call: a step that reads the path needs them written before it."""
        traces, self.traces = self.traces, []
        return traces

    def _accept_advance(self, step, ids, details):
        self._leave(step, ids, details)

    def _accept_wait(self, step, ids, details):
        until, deadline = details["until"], details["deadline"]
        for enrollment_id in ids:
            self._rest(
                step.id,
                enrollment_id,
                until[enrollment_id] if isinstance(until, dict) else until,
                wake_outcome=details["wake"] or None,
                wait_until=(deadline.get(enrollment_id) if isinstance(deadline, dict) else deadline)
                or self.deadlines.get(enrollment_id),
                wait_reason=details["reason"] or None,
            )

    def _accept_skip(self, step, ids, details):
        # the setting is about messages and redirections; any other step that could not do its work goes on
        outcomes = step._outcome_codes()
        policy = step.scenario_id.on_refused if step._channel() or not outcomes else "go_on"
        if policy == "go_on" and not outcomes:
            policy = "wait"  # there is nothing to go on with
        reason = details["reason"]
        if policy == "leave":
            self._end(step.id, ids, "stopped", reason, details["message"])
        elif policy == "wait":
            # one wait is one trace, however often it is asked again (the engine wrote the traces so far)
            told = sql.told(self.env.cr, ids, step.id, reason)
            self._trace(step.id, [i for i in ids if i not in told], "skipped", reason, details["message"])
            for enrollment_id in ids:  # asked again once a day: consent may come back
                end = self.deadlines.get(enrollment_id)
                again = min(self.now + timedelta(days=1), end or datetime.max)
                self._rest(step.id, enrollment_id, again, wait_until=end, wait_reason=reason)
        else:
            self._leave(step, ids, {**details, "outcome": outcomes[0], "event": "skipped"})

    def _accept_put_off(self, step, ids, details):
        for enrollment_id in ids:
            self._rest(step.id, enrollment_id, details["until"], **self._brought(enrollment_id), wait_reason="retry")

    def _accept_retry(self, step, ids, details):
        for enrollment_id in ids:
            brought = self._brought(enrollment_id)
            attempts = brought["attempts"] + 1
            again = back_off.next_try(attempts, self.now)
            if not again:
                self._accept_fail(step, [enrollment_id], details)
                continue
            self._trace(step.id, [enrollment_id], "retry", "retry", details["message"])
            self._rest(
                step.id,
                enrollment_id,
                again,
                **{**brought, "attempts": attempts},
                wait_reason="retry",
                error_message=details["message"],
                error_stack=details["stack"],
            )

    def _accept_fail(self, step, ids, details):
        self._trace(step.id, ids, "error", "error", details["message"])
        self.failed_step_ids.add(step.id)
        for enrollment_id in ids:
            brought = {**self._brought(enrollment_id), "attempts": 0}
            self._rest(
                step.id,
                enrollment_id,
                None,
                state="error",
                error_message=details["message"],
                error_stack=details["stack"],
                **brought,
            )

    def _accept_end(self, step, ids, details):
        self._end(step.id, ids, details["state"], details["reason"], details.get("message"))

    def _accept_goto(self, step, ids, details):
        target = details["target"]
        self._trace(step.id, ids, "goto", None, None)
        self._forget(ids)
        self.groups[target.id].extend(ids)

    def _leave(self, step, ids, details):
        outcome = details["outcome"]
        if details.get("traced", True):
            traces = details.get("mailing_traces") or {}
            key = (
                step.id,
                details.get("event"),
                outcome,
                details.get("reason") or None,
                details.get("message") or None,
            )
            self._note(key, [(i, traces.get(i)) for i in ids])
        self._forget(ids)
        child_id = self._child_id(step, outcome)
        if child_id:
            self.groups[child_id].extend(ids)
        else:
            self._end(step.id, ids, "done", "no_next_step", traced=False)

    def _brought(self, enrollment_id):
        """What stays true of an enrollment that could not be dealt with and tries again on the same step."""
        return {
            "attempts": self.attempts.get(enrollment_id, 0),
            "wait_until": self.deadlines.get(enrollment_id),
            "is_late": enrollment_id in self.late,
        }

    def _forget(self, ids):
        """These leave the step they slept on: its tries and its deadline are not those of the next one."""
        self.left.update(ids)
        for brought in (self.attempts, self.deadlines):
            for enrollment_id in ids if brought else ():
                brought.pop(enrollment_id, None)

    def _child_id(self, step, outcome):
        if step.scenario_id.id not in self._children:
            self._learn_trees((self._begun | step).filtered(is_there).scenario_id)
        children = self._children[step.scenario_id.id][step.id]
        # a wait that timed out takes the way of "no"
        return children.get(outcome) or (children.get("no") if outcome == "timeout" else None)

    def _learn_trees(self, scenarios):
        """Read who follows whom in these scenarios, in one narrow query."""
        self._children.update((scenario_id, defaultdict(dict)) for scenario_id in scenarios.ids)
        for child in self._begun.search_fetch(
            [("scenario_id", "in", scenarios.ids), ("parent_id", "!=", False)], ["scenario_id", "parent_id", "outcome"]
        ):
            self._children[child.scenario_id.id][child.parent_id.id][child.outcome] = child.id

    def _trace(self, step_id, ids, event, reason, message):
        self._note((step_id, event, None, reason or None, message or None), [(i, None) for i in ids])

    def _note(self, key, rows):
        """Keep trace rows in the order they happened: an enrollment may come to the same step twice in a batch."""
        if not rows:
            return
        if self.traces and self.traces[-1][0] == key:
            self.traces[-1][1].extend(rows)
        else:
            self.traces.append((key, rows))

    def _end(self, step_id, ids, state, reason, message=False, traced=True):
        if traced:
            self._trace(step_id, ids, "end" if state == "done" else "stopped", reason, message)
        for enrollment_id in ids:
            self._rest(step_id, enrollment_id, None, state=state, end_reason=reason)

    def _rest(self, step_id, enrollment_id, next_run_at, state="running", **place):
        key = (
            step_id or None,
            state,
            place.get("wake_outcome"),
            place.get("wait_until"),
            place.get("wait_reason"),
            place.get("attempts", 0),
            place.get("error_message"),
            place.get("end_reason"),
            self.now if state in ("done", "stopped") else None,
            place.get("is_late", False),
            place.get("error_stack"),
            self.now if enrollment_id in self.left else None,
        )
        self.moves[key].append((enrollment_id, next_run_at))
