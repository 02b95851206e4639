"""What automatisms cost those who import records, and how fast their events are worked through."""

from bench.measure import Side, ratio
from bench.report import Figure

BATCH = 1000
SIZE = 10_000
QUICK_SIZE = 2_000
# One INSERT a batch, and one NOTIFY when it is committed; anything done once per record would show.
EXTRA_STATEMENTS = 2


def outbox(world, sizes, quick):
    """Import contacts with and without an automatism that listens, then work through the events."""
    if "marketing.automatism" not in world.env:
        return
    size = QUICK_SIZE if quick else SIZE
    tag = world.tag("Imported")
    scenario = world.scenario(("pause", {"pause_days": 1}))
    automatism = world.env["marketing.automatism"].create(
        {
            "name": "Measured",
            "event_type": "tag_added",
            "tag_id": tag.id,
            "action_ids": [(0, 0, {"kind": "enroll", "scenario_id": scenario.id})],
        }
    )
    with_it, without = Side(), Side()
    for number in range(0, size, BATCH):
        for side, active in ((without, False), (with_it, True)):
            automatism.active = active
            # Switching empties Odoo's caches: fill them again outside of what is measured.
            _import(world, tag, [f"first {number} {active}"])
            side.run(lambda number=number: _import(world, tag, range(number, number + BATCH)))
    yield _import_figure(size, with_it, without)
    yield _event_figure(world, scenario)
    automatism.active = False
    world.retire(scenario)


def _import(world, tag, numbers) -> int:
    world.env["res.partner"].create(
        [
            {
                "name": f"Imported {number}",
                "email": f"imported.{number}@example.com".replace(" ", "."),
                "category_id": [(4, tag.id)],
            }
            for number in numbers
        ]
    )
    world.cr.commit()
    return len(numbers)


def _import_figure(size, with_it, without) -> Figure:
    figure = Figure("import with an automatism", size, with_it.rate, without.rate, ratio(with_it, without))
    extra = (with_it.statements - without.statements) / len(with_it.counts)
    figure.budget = f"≤ {EXTRA_STATEMENTS} more SQL a batch than without"
    figure.met = extra <= EXTRA_STATEMENTS
    figure.note = f"{extra:g} more"
    return figure


def _event_figure(world, scenario) -> Figure:
    events = world.env["marketing.automatism.event"]
    side = Side()

    def batch():
        handled = events._process(BATCH)
        world.cr.commit()
        return handled

    while side.run(batch):
        pass
    entered = world.env["marketing.scenario.enrollment"].search_count([("scenario_id", "=", scenario.id)])
    if entered != side.total:
        raise AssertionError(f"{side.total} events, {entered} entered the scenario")
    figure = Figure("events → into a scenario", side.total, side.rate)
    figure.statements = side.statements / side.total
    return figure
