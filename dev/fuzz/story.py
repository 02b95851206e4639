"""What happened in a round, for a reader: the plan, the troubles, what is wrong, and the lives of those concerned."""

from datetime import datetime

from fuzz.facts import Facts
from fuzz.invariants import Breach
from fuzz.plan import Plan, text


def tell(plan: Plan, facts: Facts | None, found: list[Breach], events: list[str]) -> str:
    """The whole story of a round that went wrong."""
    parts = ["WHAT IS WRONG", *(f"  {breach.rule}: {breach.words}" for breach in found), ""]
    parts += ["WHAT HAPPENED (real time, the round's time)", *(f"  {event}" for event in events), ""]
    if facts:
        runs = dict.fromkeys(run for breach in found for run in breach.runs if run in facts.runs)
        for run_id in list(runs)[:12]:
            parts += [*_run(facts, run_id), ""]
        parts += ["ALL THAT USERS DID", *(f"  {_deed(deed)}" for deed in facts.deeds), ""]
    return "\n".join([*parts, text(plan), ""])


def _run(facts: Facts, run_id: int) -> list[str]:
    run = facts.runs[run_id]
    names = {step.id: step.name for step in facts.steps.values()}
    numbers = [number for number, record in facts.people.items() if record == (run.model, run.record)]
    lines = [
        f"RUN {run.id}: {run.model} {run.record} (person {numbers}), scenario {run.scenario}, {run.state}, "
        f"on “{names.get(run.step, run.step)}”, next {run.next_run_at}, waits for {run.wait_reason}, "
        f"ended {run.ended_at} {run.end_reason}, person {run.person_key} (now {run.person_now}), {run.error or ''}",
        *(
            f"  {trace.at}  {names.get(trace.step, trace.step)}: {trace.event or ''} {trace.outcome or ''} "
            f"{trace.reason or ''} {trace.message or ''}{f' message {trace.sent}' if trace.sent else ''}"
            for trace in run.path
        ),
    ]
    arrived = {arrival.key: arrival for arrival in facts.arrivals}
    for message in facts.messages.values():
        if message.run == run_id:
            came = arrived.get(message.key)
            when = f"arrived {_clock(came.at)}, queue began {_clock(came.queue_began)}" if came else "never arrived"
            lines.append(
                f"  message {message.id} {message.kind} “{names.get(message.step)}” to {message.address} queued "
                f"{message.at}: {message.status} {message.failure or ''} {message.queued or ''}, {when}"
            )
    lines += [f"  {_deed(deed)}" for deed in facts.deeds if {deed.person, deed.other} & set(numbers)]
    return lines


def _deed(deed) -> str:
    return (
        f"{_clock(deed.began)}–{_clock(deed.ended)} user {deed.clerk}: {deed.name} person {deed.person} "
        f"(other {deed.other}, scenario {deed.scenario}): {deed.result}: {deed.words}"
    )


def _clock(moment: float) -> str:
    return datetime.fromtimestamp(moment).strftime("%H:%M:%S.%f")[:-3]
