"""How long a manager waits for a forecast."""

from bench.measure import Side
from bench.report import Figure

SIZE = 10_000
QUICK_SIZE = 500
ROUNDS = 4  # of mail, pause, condition, tag, score: 20 steps
MOST_SECONDS = 10
QUICK_STATEMENTS = 0.5  # for each person and step
MAIL = {"email_subject": "Hello {{ object.marketing_first_name }}", "email_body_html": "<p>Hi</p><a href='/x'>Look</a>"}


def forecast(world, sizes, quick):
    """A forecast of N people through 20 steps: mails, pauses, conditions that wait for a click, tags, scores.

    Leaves out: other kinds of messages, windows that are shut, the network.
    """
    size = QUICK_SIZE if quick else SIZE
    people = world.partners(size)[:size]
    scenario = world.scenario(*twenty_steps(world.tag("Forecast")))
    side = Side()
    side.run(lambda: walked(scenario, people))
    world.cr.rollback()
    figure = Figure("forecast through 20 steps", size, side.rate)
    figure.statements = side.statements / size / (ROUNDS * 5)
    if quick:
        figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL", figure.statements <= QUICK_STATEMENTS
    else:
        figure.budget, figure.met = f"≤ {MOST_SECONDS} s", side.seconds[0] <= MOST_SECONDS
    figure.note = f"{side.seconds[0]:.1f} s"
    yield figure
    world.retire(scenario)


def walked(scenario, people) -> int:
    """Forecast for these people; check that all of them went through."""
    told = scenario.forecast("domain", domain=f"[('id', '>=', {people[0]}), ('id', '<=', {people[-1]})]")
    through = sum(row["count"] for row in told["ends"])
    if through != len(people):
        raise AssertionError(f"{through} of {len(people)} went through: {told['rejected']}")
    return through


def twenty_steps(tag):
    """Steps in reading order; those who do not click go on at the next round as well."""
    steps = ()
    for _round in range(ROUNDS):
        clicked = {"if_wait_days": 1, "rule_ids": [(0, 0, {"kind": "link_clicked"})]}
        waits = ("pause", {"pause_days": 2})
        does = (("tag", {"tag_id": tag.id}), ("score", {"score_points": 1}))
        steps = (("email", MAIL), waits, ("if", clicked, {"yes": (*does, *steps), "no": steps}))
    return steps
