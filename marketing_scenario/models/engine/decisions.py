"""What a step decides about one group of enrollments."""

from datetime import datetime


class Decisions:
    """What one step decides about one group. Each method takes a recordset of enrollments (any subset)."""

    def __init__(self, env, batch, step):
        self.env = env
        self.now = batch.now
        self.step = step
        self.taken = []
        self._batch = batch

    def deadlines(self, enrollments, wait):
        """``{enrollment id: until when it waits on this step}``: as said earlier here, else ``wait`` from now."""
        known, fresh = self._batch.deadlines, self.now + wait
        return {i: known.get(i, fresh) for i in enrollments.ids}

    def awaited(self, enrollments):
        """``{enrollment id: moment}`` of those that have waited on this step before, as it was said then."""
        known = self._batch.deadlines
        return {i: known[i] for i in enrollments.ids if i in known}

    def keep_deadlines(self, moments):
        """Say until when enrollments may stay on this step: ``{enrollment id: moment}``, unless it was said before.

        :return: what holds for each
        """
        known = self._batch.deadlines
        for enrollment_id, moment in moments.items():
            known.setdefault(enrollment_id, moment)
        return {i: known[i] for i in moments}

    def wait_no_longer(self, ends):
        """Those who wait by the decisions so far, wait until ``ends`` = ``{enrollment id: moment}`` at most."""
        for kind, ids, details in self.taken:
            if kind == "wait":
                until = details["until"]
                details["until"] = {
                    i: min(until[i] if isinstance(until, dict) else until, ends.get(i, datetime.max)) for i in ids
                }

    def late(self, enrollments):
        """Those whose messages are too late to be sent (S7)."""
        late = self._batch.late
        return enrollments.browse([i for i in enrollments.ids if i in late]) if late else enrollments.browse()

    def _decide(self, enrollments, kind, **details):
        if enrollments:
            self.taken.append((kind, enrollments.ids, details))

    def advance(self, enrollments, outcome="next", reason=False, message=False):
        """Leave the step by ``outcome``; without a step there the run ends (reason ``no_next_step``)."""
        self._decide(enrollments, "advance", outcome=outcome, reason=reason, message=message)

    def advance_each(self, mailing_traces, outcome="next"):
        """As ``advance`` for ``{enrollment id: mailing.trace id}``; each trace keeps its message."""
        if mailing_traces:
            self.taken.append(("advance", list(mailing_traces), {"outcome": outcome, "mailing_traces": mailing_traces}))

    def pass_on(self, enrollments, outcome="next"):
        """As ``advance`` without a trace row: for steps that do nothing (start)."""
        self._decide(enrollments, "advance", outcome=outcome, traced=False)

    def wait(self, enrollments, until, wake=False, reason=False, deadline=False):
        """Sleep on the step until ``until`` (naive UTC, or ``{enrollment id: datetime}``).

        Then leave by the outcome ``wake``, or, without it, execute the step again. ``deadline`` is kept on the
        enrollment (``wait_until``) for steps that look again before their own end; also ``{enrollment id: datetime}``.
        """
        self._decide(enrollments, "wait", until=until, wake=wake, reason=reason, deadline=deadline)

    def skip(self, enrollments, reason, message=False):
        """The step could not do its work (S29): the scenario says whether to go on, wait or leave."""
        self._decide(enrollments, "skip", reason=reason, message=message)

    def pass_over(self, enrollments, reason):
        """Go on without doing the step's work, whatever the scenario says about refused messages."""
        if enrollments:
            outcome = self.step._outcome_codes()[0]
            self._decide(enrollments, "advance", outcome=outcome, event="skipped", reason=reason)

    def put_off(self, enrollments, until):
        """Somebody else holds what the step needs: look again then; nothing is counted or traced."""
        self._decide(enrollments, "put_off", until=until)

    def retry(self, enrollments, message, stack=None):
        """A passing trouble: try again later (S44), five times, then park as error.

        :param stack: where in the program it happened, for the manager, see ``stack.stack_of``
        """
        self._decide(enrollments, "retry", message=message, stack=stack)

    def fail(self, enrollments, message, stack=None):
        """A lasting trouble: park as error for an admin at once."""
        self._decide(enrollments, "fail", message=message, stack=stack)

    def finish(self, enrollments, reason="end_step"):
        """The run is over, as planned."""
        self._decide(enrollments, "end", state="done", reason=reason)

    def stop(self, enrollments, reason, message=False):
        """The run is over before its end."""
        self._decide(enrollments, "end", state="stopped", reason=reason, message=message)

    def goto(self, enrollments, step):
        """Go on at ``step`` of the same scenario."""
        self._decide(enrollments, "goto", target=step)

    def undecided(self, enrollments):
        """Enrollments the step said nothing about, or said two things about: an error of the step."""
        decided = [i for _kind, ids, _details in self.taken for i in ids]
        return set(enrollments.ids) ^ set(decided) or len(decided) - len(set(decided))
