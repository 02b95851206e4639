"""How long a manager waits for a forecast."""

from bench.measure import Side
from bench.report import Figure

SIZES = [10_000, 100_000]  # all walk; a sample walks
QUICK_SIZES = [500]
ROUNDS = 4  # of mail, pause, condition, tag, score: 20 steps
MOST_SECONDS = 10
QUICK_STATEMENTS = 0.5  # for each person and step
MAIL = {"email_subject": "Hello {{ object.marketing_first_name }}", "email_body_html": "<p>Hi</p><a href='/x'>Look</a>"}


def forecast(world, sizes, quick):
    """A forecast of N people through 20 steps: mails, pauses, conditions that wait for a click, tags, scores.

    Of many a sample walks; the figure says how far a share can be off.

    Leaves out: other kinds of messages, windows that are shut, the network.
    """
    scenario = world.scenario(*twenty_steps(world.tag("Forecast")))
    for size in QUICK_SIZES if quick else SIZES:
        yield measured(world, scenario, world.partners(size), quick)
    world.retire(scenario)


def measured(world, scenario, people, quick) -> Figure:
    """Time the forecast for these people; check that all who walked went through, and that its error is told."""
    told = {}
    side = Side()
    # between them stand the models of whom they are copies, who have no address
    which = f"[('id', '>=', {people[0]}), ('id', '<=', {people[-1]}), ('email', '!=', False)]"

    def foretell() -> int:
        told.update(scenario.forecast("domain", domain=which))
        return told["walked"]

    walked = side.run(foretell)
    world.cr.rollback()
    through = sum(row["count"] for row in told["ends"])
    if (told["people"], through) != (len(people), walked) or bool(told["off_by"]) != (walked < len(people)):
        raise AssertionError(f"{through} of {walked} went through, of {told['people']}: {told['rejected']}")
    figure = Figure("forecast through 20 steps", len(people), side.rate)
    figure.statements = side.statements / walked / (ROUNDS * 5)
    if quick:
        figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL", figure.statements <= QUICK_STATEMENTS
    else:
        figure.budget, figure.met = f"≤ {MOST_SECONDS} s", side.seconds[0] <= MOST_SECONDS
    figure.note = f"{side.seconds[0]:.1f} s"
    if told["off_by"]:
        figure.note += f" by a sample of {walked:,}, a share is off by {told['off_by']} points at most, 19 times of 20"
    return figure


def twenty_steps(tag):
    """Steps in reading order; those who do not click go on at the next round as well."""
    steps = ()
    for _round in range(ROUNDS):
        clicked = {"if_wait_days": 1, "rule_ids": [(0, 0, {"kind": "link_clicked"})]}
        waits = ("pause", {"pause_days": 2})
        does = (("tag", {"tag_id": tag.id}), ("score", {"score_points": 1}))
        steps = (("email", MAIL), waits, ("if", clicked, {"yes": (*does, *steps), "no": steps}))
    return steps
