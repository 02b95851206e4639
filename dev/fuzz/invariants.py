"""What must hold after every round, whatever happened in it: small functions over plain facts, each with its rule.

Each yields ``Breach`` for what does not hold. They know nothing of Odoo, so they are tested by hand-made facts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from fuzz.facts import Facts, Run

LIVE = ("running", "paused", "error")
SENT = ("pending", "sent", "open", "reply")  # pending: an SMS that the provider has taken
# deeds after which a record may be somebody else, have another address or be gone
IDENTITY = ("edit_email", "edit_phone", "merge_contacts", "merge_leads", "convert", "delete_person", "erase")
IDENTITY += ("become_company",)
STAYING = ("retry", "error", "paused", "resumed", "inherited", "cancelled", "published", "entered", "not_put_back")
BEGINNINGS = {"control": "held_out"}  # of a path, by the state of the run; else it is entered
# the clock is put back an hour at most twice a round, and moments have whole seconds
CLOCK_SLACK = timedelta(hours=2, seconds=2)


@dataclass(frozen=True)
class Breach:
    """A promise that did not hold: the rule, what is wrong, and whose runs tell the story."""

    rule: str
    words: str
    runs: tuple = ()


def breaches(facts: Facts) -> list[Breach]:
    """Everything that does not hold."""
    return [breach for check in CHECKS for breach in check(facts)]


# -- exactly once -----------------------------------------------------------------------------------------------------


def each_step_takes_effect_once_a_visit(facts: Facts) -> Iterator[Breach]:
    """S45: a run has one activity, one webhook, one message for each time it passed such a step, no more, no less."""
    kinds = {"activity": "activity", "webhook": "webhook"}
    kinds |= dict.fromkeys(("email", "one_to_one", "sms", "document"), "message")
    passed, cancelled = Counter(), Counter()
    for run in facts.runs.values():
        for trace in run.path:
            step = facts.steps.get(trace.step)
            if step and step.kind in kinds and trace.outcome and not trace.event:
                passed[kinds[step.kind], run.id, step.id] += 1
            elif step and step.kind in kinds and trace.event == "cancelled":
                cancelled[kinds[step.kind], run.id, step.id] += 1
    erased = _erased_records(facts)
    for key in passed.keys() | {key for key in facts.effects if key[1] in facts.runs and key[2] in facts.steps}:
        what, run_id, step_id = key
        done, wanted, run = facts.effects.get(key, 0), passed[key], facts.runs[run_id]
        # what hangs on a record goes with it
        gone = run.record is None or (run.model, run.record) in erased
        if done > wanted or (done < wanted - cancelled[key] and not gone):
            words = f"run {run_id} passed “{facts.steps[step_id].name}” {wanted} times, and there are {done} × {what}"
            yield Breach("S45 exactly once", words, (run_id,))


def each_score_step_counts_once_a_visit(facts: Facts) -> Iterator[Breach]:
    """S4, S45: each time somebody passes a score step, the score has one more row of history."""
    somebody_gone = any(run.record is None or run.end_reason == "erased" for run in facts.runs.values())
    somebody_gone |= any(deed.name in ("delete_person", "erase") for deed in facts.deeds if deed.result == "done")
    for step in facts.steps.values():
        if step.kind == "score":
            passed = sum(
                trace.step == step.id and bool(trace.outcome) and not trace.event
                for run in facts.runs.values()
                for trace in run.path
            )
            rows = facts.points.get(step.name, 0)
            if rows > passed or (rows < passed and not somebody_gone):
                yield Breach("S4 every change is a row", f"“{step.name}” was passed {passed} times: {rows} rows")


# -- messages, counted outside ----------------------------------------------------------------------------------------


def no_message_twice_in_a_run(facts: Facts) -> Iterator[Breach]:
    """S45, S51: outside, at most one message of a step arrives for each time a run came to it."""
    arrived = defaultdict(set)
    known = {message.key: message for message in facts.messages.values()}
    for arrival in facts.arrivals:
        if message := known.get(arrival.key):
            arrived[message.run, message.step].add(message.key)
    for (run_id, step_id), keys in arrived.items():
        run = facts.runs.get(run_id)
        if run and len(keys) > (visits := _visits(facts, run, step_id)):
            words = f"{len(keys)} messages of step {_name(facts, step_id)} arrived in {visits} visits of run {run_id}"
            yield Breach("S51 no message twice", words, (run_id,))


def no_message_twice_to_a_person(facts: Facts) -> Iterator[Breach]:
    """S51: two runs of one person at one time in one scenario never bring one message to one address twice.

    People whose records became somebody else meanwhile are left out: two runs may have been of two people then.
    """
    changed = _changed_records(facts)
    known = {message.key: message for message in facts.messages.values()}
    arrived = defaultdict(dict)
    for arrival in facts.arrivals:
        message = known.get(arrival.key)
        run = message and facts.runs.get(message.run)
        if run and run.person_key and (run.model, run.record) not in changed and not _was_put_back(run):
            arrived[message.step, arrival.address, run.person_key].setdefault(run.id, run)
    for (step_id, address, _key), runs in arrived.items():
        runs = sorted(runs.values(), key=lambda run: run.entered_at)
        for one, two in zip(runs, runs[1:], strict=False):
            if one.ended_at is None or one.ended_at > two.entered_at + CLOCK_SLACK:
                words = f"{address} got “{_name(facts, step_id)}” by the runs {one.id} and {two.id} of one person"
                yield Breach("S51 no message twice", words, (one.id, two.id))


def no_mail_arrives_twice(facts: Facts) -> Iterator[Breach]:
    """S45: the same mail leaves once; each time the queue is killed after an answer, one mail may leave again."""
    twice = {key: count for key, count in Counter(arrival.key for arrival in facts.arrivals).items() if count > 1}
    surplus = sum(count - 1 for count in twice.values())
    if surplus > facts.queue_kills:
        words = f"{surplus} messages arrived again after the queue was killed {facts.queue_kills} times: {twice}"
        yield Breach("S45 a mail leaves once", words)


def refusals_are_respected(facts: Facts) -> Iterator[Breach]:
    """S52: nothing arrives for somebody whose refusal was stored before the queue began to run."""
    known = {message.key: message for message in facts.messages.values()}
    for refusal in facts.deeds:
        if refusal.name not in ("opt_out", "unsubscribe", "blacklist") or refusal.result != "done":
            continue
        record = tuple(refusal.words["record"] or ())
        addresses = set(refusal.words["addresses"])
        until = _identity_holds_until(facts, refusal)
        kinds = {"email": ("mail",), "sms": ("sms",)}.get(refusal.words["channel"], ("mail", "sms"))
        for arrival in facts.arrivals:
            message = known.get(arrival.key)
            if not message or arrival.kind not in kinds or not refusal.ended < arrival.queue_began < until:
                continue
            if (message.model, message.record) == record or arrival.address in addresses:
                words = (
                    f"{arrival.address} got message {message.id} ({_name(facts, message.step)}) by a queue that began "
                    f"{arrival.queue_began - refusal.ended:.2f} s after {refusal.name} of person {refusal.person}"
                )
                yield Breach("S52 refusals are respected", words, (message.run,))


def what_left_is_known_as_sent(facts: Facts) -> Iterator[Breach]:
    """S45: what arrived outside is known as sent, and what is known as sent arrived.

    Each time the queue is killed after an answer, one message that arrived may be cancelled when its turn comes again.
    """
    arrived = {arrival.key for arrival in facts.arrivals}
    cancelled_again = facts.queue_kills
    for message in facts.messages.values():
        sent = message.status in SENT
        if message.key in arrived and message.status == "cancel" and cancelled_again:
            cancelled_again -= 1
            continue
        if message.key in arrived and not sent and message.status != "bounce":
            words = f"message {message.id} arrived and is known as {message.status} ({message.failure})"
            yield Breach("S45 nothing is lost", words, (message.run,))
        if sent and message.key not in arrived:
            words = f"message {message.id} to {message.address} is known as {message.status} and never arrived"
            yield Breach("S45 nothing is lost", words, (message.run,))


def the_cap_is_held(facts: Facts) -> Iterator[Breach]:
    """S33: no more messages to an address than the cap allows in its days."""
    if not facts.cap:
        return
    count, days = facts.cap
    moments = defaultdict(list)
    for message in facts.messages.values():
        if message.status in SENT and message.address:  # erasure leaves the message, not where it went
            moments[message.address].append((message.at, message))
    for address, own in moments.items():
        own.sort(key=lambda pair: pair[0])
        for first, last in zip(own, own[count:], strict=False):
            if last[0] - first[0] < timedelta(days=days) - CLOCK_SLACK:
                words = (
                    f"{address} got {count + 1} messages from {first[0]} to {last[0]}; {count} in {days} days may be"
                )
                yield Breach("S33 the cap is held", words, (first[1].run, last[1].run))


# -- runs -------------------------------------------------------------------------------------------------------------


def one_live_run_for_a_person(facts: Facts) -> Iterator[Breach]:
    """S51: in one scenario, a person has one live run; told by contact and by address, not by our own key."""
    seen = {}
    for run in _live(facts):
        if run.record is None:
            continue
        keys = [("contact", run.contact)] if run.contact else []
        if run.email and not run.is_company:
            keys.append(("email", run.email))
        for key in keys:
            other = seen.setdefault((run.scenario, *key), run)
            if other is not run:
                words = f"the runs {other.id} and {run.id} are of one person ({key[0]} {key[1]}) in one scenario"
                yield Breach("S51 one person, one run", words, (other.id, run.id))


def runs_know_whose_they_are(facts: Facts) -> Iterator[Breach]:
    """S51: what a live run says of its person is what is so now."""
    for run in _live(facts):
        if run.person_key != run.person_now:
            words = f"run {run.id} says it is of {run.person_key}, and is of {run.person_now}"
            yield Breach("S51 one person", words, (run.id,))


def exclusive_scenarios_stay_alone(facts: Facts) -> Iterator[Breach]:
    """S10: nobody enters a scenario that allows no other presence while inside another."""
    changed = _changed_records(facts)
    by_person = defaultdict(list)
    for run in facts.runs.values():
        if run.person_key and (run.model, run.record) not in changed:
            by_person[run.person_key].append(run)
    for runs in by_person.values():
        for run in (run for run in runs if run.scenario in facts.exclusive and not _was_put_back(run)):
            for other in runs:
                before = other.entered_at < run.entered_at - CLOCK_SLACK
                if _was_put_back(other):
                    continue
                after = other.ended_at is None or other.ended_at > run.entered_at + CLOCK_SLACK
                if other.scenario != run.scenario and before and after:
                    words = f"run {run.id} entered a scenario for itself while run {other.id} was inside another"
                    yield Breach("S10 presence in several", words, (run.id, other.id))


def running_rows_are_complete(facts: Facts) -> Iterator[Breach]:
    """S45: who runs has a target, stands on a step of its scenario, and has a next moment that has not passed."""
    for run in facts.runs.values():
        if run.state != "running":
            continue
        wrong = []
        if run.record is None:
            wrong.append("no target")
        if run.step not in facts.steps or facts.steps[run.step].scenario != run.scenario:
            wrong.append("no step of its scenario")
        if not run.next_run_at or run.next_run_at < facts.now - CLOCK_SLACK:
            wrong.append(f"next moment {run.next_run_at}, now {facts.now}")
        if wrong:
            yield Breach("S45 nobody is lost", f"run {run.id} runs with {' and '.join(wrong)}", (run.id,))


def ended_rows_say_why(facts: Facts) -> Iterator[Breach]:
    """S3, S28: who is over has a reason and a moment, and nothing that would wake it."""
    for run in facts.runs.values():
        if run.state in ("done", "stopped", "control") and not (
            run.end_reason and run.ended_at and not run.next_run_at
        ):
            words = f"run {run.id} is {run.state}: reason {run.end_reason}, on {run.ended_at}, next {run.next_run_at}"
            yield Breach("S3 ends have a reason", words, (run.id,))


def nobody_is_in_error_without_cause(facts: Facts) -> Iterator[Breach]:
    """S44: only who cannot be dealt with is parked, with the cause."""
    for run in facts.runs.values():
        if run.state == "error" and (run.model, run.record) not in facts.poison:
            yield Breach("S44 errors", f"run {run.id} is parked: {run.error}", (run.id,))


def nobody_vanishes(facts: Facts) -> Iterator[Breach]:
    """S45: who was let in has a run, and every run has a path that begins with its entry."""
    for deed in facts.deeds:
        if deed.name == "enroll" and deed.result == "done" and "'enrolled': [" in deed.words:
            ids = deed.words.partition("'enrolled': [")[2].partition("]")[0]
            for run_id in (int(one) for one in ids.split(",") if one.strip()):
                if run_id not in facts.runs:
                    yield Breach("S45 nobody is lost", f"run {run_id}, told to a user, does not exist")
    for run in facts.runs.values():
        if not run.path or run.path[0].event != BEGINNINGS.get(run.state, "entered"):
            yield Breach("S12 each entry leaves a trace", f"run {run.id} has no entry", (run.id,))


def paths_are_legal(facts: Facts) -> Iterator[Breach]:
    """S24–S28, S45: each passing follows the tree from where the last one led; the run stands where its path ends."""
    for run in facts.runs.values():
        if run.scenario in facts.edited or not run.path:
            continue
        standing, over, is_told = run.path[0].step, False, True
        for trace in run.path[1:]:
            if trace.event == "moved":
                standing = next(
                    (step.id for step in facts.steps.values() if step.name == trace.message and _in(run, step)), None
                )
                is_told = bool(trace.message)  # erased with the person
                continue
            if trace.event == "put_back":
                standing, over = trace.step, False
                continue
            if trace.event in STAYING or (trace.event == "skipped" and not trace.outcome):
                continue
            standing = _through_start(facts, standing) if is_told else trace.step
            is_told = True
            if over or (trace.step != standing and trace.event != "stopped"):
                words = f"run {run.id}: {_name(facts, trace.step)}:{trace.event or trace.outcome} (trace {trace.id})"
                words += f" does not follow, it stood on {_name(facts, standing)}{' and was over' if over else ''}"
                yield Breach("S45 the path follows the tree", words, (run.id,))
                break
            if trace.event in ("end", "stopped"):
                over = True
            elif trace.event == "goto":
                standing = facts.steps[trace.step].goto
            else:
                standing = _child(facts, trace.step, trace.outcome)
        else:
            if (
                is_told
                and run.state in LIVE
                and _through_start(facts, standing) not in (run.step, _through_start(facts, run.step))
            ):
                words = f"run {run.id} stands on {_name(facts, run.step)}, its path leads to {_name(facts, standing)}"
                yield Breach("S45 the path follows the tree", words, (run.id,))
            if over and run.state in LIVE:
                yield Breach("S45 the path follows the tree", f"run {run.id} is over and lives", (run.id,))


# -- the control group and the versions of a message ------------------------------------------------------------------


def the_control_group_gets_nothing(facts: Facts) -> Iterator[Breach]:
    """S58: who is held out walks nowhere: no step, no path, no message, no effect."""
    for run in facts.runs.values():
        if run.state != "control":
            continue
        wrong = [f"stands on {_name(facts, run.step)}"] if run.step else []
        wrong += [
            f"passed {_name(facts, trace.step)}: {trace.event or trace.outcome}"
            for trace in run.path[1:]
            if trace.event not in ("inherited", "not_put_back")
        ]
        wrong += [f"got message {message.id}" for message in facts.messages.values() if message.run == run.id]
        wrong += [f"{count} × {what}" for (what, run_id, _step), count in facts.effects.items() if run_id == run.id]
        if wrong:
            yield Breach("S58 the control group", f"run {run.id} is held out and {' and '.join(wrong)}", (run.id,))


def who_is_held_out_stays_so(facts: Facts) -> Iterator[Breach]:
    """S58: as long as there is a control group, nobody is once held out and once not."""
    changed, shares = _changed_records(facts), _scenarios_of(facts, "change_share")
    groups = defaultdict(list)
    for run in facts.runs.values():
        if run.person_key and run.scenario not in shares and (run.model, run.record) not in changed:
            groups[run.scenario, run.person_key].append(run)
    for (scenario, key), runs in groups.items():
        if len({run.state == "control" for run in runs}) > 1:
            words = f"{key} is held out of scenario {scenario} and walks there"
            yield Breach("S58 the control group", words, tuple(run.id for run in runs))


def each_person_keeps_their_version(facts: Facts) -> Iterator[Breach]:
    """S58: whenever a person comes to a step they get the same version, until somebody chooses one for all."""
    changed, chosen = _changed_records(facts), _scenarios_of(facts, "use_version")
    versions = defaultdict(dict)
    for message in facts.messages.values():
        run = facts.runs.get(message.run)
        step = facts.steps.get(message.step)
        if run and step and run.person_key and step.scenario not in chosen and (run.model, run.record) not in changed:
            versions[step.id, run.person_key].setdefault(message.variant, run.id)
    for (step_id, key), runs in versions.items():
        if len(runs) > 1:
            words = f"{key} got “{_name(facts, step_id)}” in the versions {sorted(runs, key=str)}"
            yield Breach("S58 each keeps their version", words, tuple(runs.values()))


def the_chosen_version_goes_to_all(facts: Facts) -> Iterator[Breach]:
    """S58: once somebody chose a version, the others are sent no more."""
    for message in facts.messages.values():
        step = facts.steps.get(message.step)
        if step and step.decided_at and message.at > step.decided_at + CLOCK_SLACK and message.variant != step.winner:
            words = f"message {message.id} of “{step.name}” is version {message.variant}, chosen was {step.winner}"
            yield Breach("S58 the chosen version", words, (message.run,))


# -- figures, leftovers, users ----------------------------------------------------------------------------------------


def counters_add_up(facts: Facts) -> Iterator[Breach]:
    """S6, S38: what the screens count is what is there."""
    for what, shown, counted in facts.counters:
        if shown != counted:
            yield Breach("S38 counters", f"{what} shows {shown}, there are {counted}")


def scores_add_up(facts: Facts) -> Iterator[Breach]:
    """S4: a score is the sum of its history."""
    for model, record_id, score, history in facts.scores:
        if score != history:
            yield Breach("S4 every change is a row", f"{model} {record_id} has {score} points, its history {history}")


def nothing_is_left_over(facts: Facts) -> Iterator[Breach]:
    """S45: no row waits in a queue for ever, none belongs to nobody."""
    for what, count in facts.orphans.items():
        if count:
            yield Breach("S45 nothing is left over", f"{count} {what}")


def users_never_see_a_crash(facts: Facts) -> Iterator[Breach]:
    """S3, S14: a click is done or refused in words; what marketing does never breaks it."""
    for deed in facts.deeds:
        told = str(deed.words)
        if deed.result == "crashed" or (deed.result == "refused" and told.startswith("The operation cannot be")):
            yield Breach("S14 a click never breaks", f"{deed.name} of person {deed.person}: {deed.result}: {told}")


CHECKS = (
    each_step_takes_effect_once_a_visit,
    each_score_step_counts_once_a_visit,
    no_message_twice_in_a_run,
    no_message_twice_to_a_person,
    no_mail_arrives_twice,
    refusals_are_respected,
    what_left_is_known_as_sent,
    the_cap_is_held,
    one_live_run_for_a_person,
    runs_know_whose_they_are,
    exclusive_scenarios_stay_alone,
    running_rows_are_complete,
    ended_rows_say_why,
    nobody_is_in_error_without_cause,
    nobody_vanishes,
    paths_are_legal,
    the_control_group_gets_nothing,
    who_is_held_out_stays_so,
    each_person_keeps_their_version,
    the_chosen_version_goes_to_all,
    counters_add_up,
    scores_add_up,
    nothing_is_left_over,
    users_never_see_a_crash,
)


def _live(facts: Facts) -> list[Run]:
    return [run for run in facts.runs.values() if run.state in LIVE]


def _in(run: Run, step) -> bool:
    return step.scenario == run.scenario


def _was_put_back(run: Run) -> bool:
    """Whether it was out for a while: its first and last moment do not tell when it was inside."""
    return any(trace.event == "put_back" for trace in run.path)


def _name(facts: Facts, step_id) -> str:
    step = facts.steps.get(step_id)
    return step.name if step else f"step {step_id}"


def _child(facts: Facts, step_id, outcome):
    children = {step.outcome: step.id for step in facts.steps.values() if step.parent == step_id}
    # a wait that timed out takes the way of "no"
    return children.get(outcome) or (children.get("no") if outcome == "timeout" else None)


def _through_start(facts: Facts, step_id):
    """Start leaves no trace: who stands there stands before the first step as well."""
    step = facts.steps.get(step_id)
    return _child(facts, step_id, "next") if step and step.parent is None else step_id


def _visits(facts: Facts, run: Run, step_id) -> int:
    """How often a run may have come to a step: once, and once more for each way back or hand that moved it."""
    return 1 + sum(trace.event in ("goto", "moved") for trace in run.path)


def _scenarios_of(facts: Facts, name: str) -> set:
    """Ids of the scenarios in which somebody did this."""
    return {facts.scenarios[deed.scenario] for deed in facts.deeds if deed.name == name and deed.result == "done"}


def _identity_holds_until(facts: Facts, refusal) -> float:
    """When somebody began to change who the person of a refusal is."""
    return min(
        (
            deed.began
            for deed in facts.deeds
            if deed.name in IDENTITY and deed.ended > refusal.began and refusal.person in (deed.person, deed.other)
        ),
        default=float("inf"),
    )


def _erased_records(facts: Facts) -> set:
    """The records of people who were erased, and those which they became by a merge."""
    erased = {
        tuple(record) for deed in facts.deeds if deed.name == "erase" and deed.result == "done" for record in deed.words
    }
    merges = [deed for deed in facts.deeds if deed.name in ("merge_contacts", "merge_leads") and deed.result == "done"]
    for deed in merges * 2:  # a survivor may be merged again
        both = {facts.people[deed.person], facts.people[deed.other]}
        erased |= both if both & erased else set()
    return erased


def _changed_records(facts: Facts) -> set:
    """The records that became somebody else in this round, and all that are in touch with them."""
    touched = {
        facts.people[number]
        for deed in facts.deeds
        if deed.name in IDENTITY and deed.result == "done"
        for number in (deed.person, deed.other)
    }
    contacts = {record_id for model, record_id in touched if model == "res.partner"}
    return touched | {(run.model, run.record) for run in facts.runs.values() if run.contact in contacts}
