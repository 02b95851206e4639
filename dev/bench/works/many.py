"""Many small scenarios beside one that is as big as all of them."""

from bench.measure import Side
from bench.report import Figure

SCENARIOS, QUICK_SCENARIOS = 500, 50
EACH = 20
ROUNDS, QUICK_ROUNDS = 3, 1
LIMIT = 2
QUICK_STATEMENTS = 0.3  # the quick form judges what no other program of the machine can change


def many(world, sizes, quick):
    """500 scenarios with 20 due each, beside one with 10,000 (pause → IF → tag → end); leaves mails out."""
    count = QUICK_SCENARIOS if quick else SCENARIOS
    people = world.partners(count * EACH)
    asked, given = world.tag("Customer"), world.tag("Seen")
    small = [_scenario(world, asked, given) for _number in range(count)]
    huge = _scenario(world, asked, given)
    sides = {"many": Side(), "one": Side()}
    for _round in range(QUICK_ROUNDS if quick else ROUNDS):
        world.empty(*small, huge)
        for number, scenario in enumerate(small):
            world.put(scenario.start_step_id.child_ids, people[number * EACH : (number + 1) * EACH], wake="next")
        world.analyze("marketing_scenario_enrollment")
        sides["many"].run(lambda: walk(world, len(people)))
        world.place(huge.start_step_id.child_ids, people, wake="next")
        sides["one"].run(lambda: walk(world, len(people)))
    world.retire(*small, huge)
    ours, one = sides.values()
    figure = Figure(f"{count} scenarios × {EACH} due", len(people), ours.rate, one.rate)
    figure.ratio = min(mine / theirs for mine, theirs in zip(ours.seconds, one.seconds, strict=True))
    figure.statements = ours.statements / ours.total
    if quick:
        figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL", figure.statements <= QUICK_STATEMENTS
    else:
        figure.budget, figure.met = f"≤ {LIMIT} × one scenario", figure.ratio <= LIMIT
    yield figure


def walk(world, expected: int) -> int:
    """Walk all that are due, batch after committed batch."""
    handled = 0
    while count := world.engine_batch():
        handled += count
    if handled != expected:
        raise AssertionError(f"{expected} due, {handled} handled")
    return handled


def _scenario(world, asked, given):
    branches = {"yes": [("end", {})], "no": [("tag", {"tag_id": given.id}), ("end", {})]}
    condition = {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": asked.id})]}
    return world.scenario(("pause", {"pause_days": 1}), ("if", condition, branches))
