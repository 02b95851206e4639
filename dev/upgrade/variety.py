"""The old world is worth the trial only if everything that can be there is there."""

from upgrade.compare import ENROLLMENT, EVENTS, TRACE, written
from upgrade.figures import CHOSEN
from upgrade.report import Report

WAITING = {"pause", "wait_event", "outside_window", "no_consent", "retry"}
# model → states of which there must be rows
STATES = {
    "marketing.scenario": {"draft", "active", "inactive"},
    "marketing.engagement.submission": {"done", "to_confirm", "spam"},
    "marketing.phoning.call": {"todo", "callback", "done"},
    "marketing.webhook.call": {"waiting", "sent"},
    "marketing.automatism.event": {"waiting", "error"},
    "marketing.scenario.refusal": {"open"},
    "marketing.sender": {"draft", "validated"},
}

# rows of these live for a minute, or never outlive their transaction
FLEETING = {"marketing.scenario.editor", "marketing.simulation.seal"}


def check(before: dict, facts: dict, report: Report) -> None:
    """Check the old inventory for what an upgrade must be tried with; a choice that a later version adds is missed."""
    models = before["models"]
    missing = [
        f"{model}.{name}: {choice}"
        for model, name in CHOSEN.items()
        for choice in set(facts["choices"][model]) - {row[name] for row in models[model].values()}
    ]
    missing += [
        f"{model}: {state}"
        for model, states in STATES.items()
        for state in states - {row["state"] for row in models[model].values()}
    ]
    waits = {row.get("wait_reason") for row in models[ENROLLMENT].values()}
    missing += [f"wait because of {reason}" for reason in WAITING - waits]
    missing += [f"event {event}" for event in set(EVENTS) - {written(row) for row in models[TRACE].values()}]
    report.none(missing, "the old world has every step type, rule, event, action and state")
    empty = sorted(model for model, rows in models.items() if not rows and model not in FLEETING)
    report.none(empty, "every table of ours has rows")
