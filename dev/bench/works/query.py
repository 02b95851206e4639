"""A dynamic query whose matches all enter."""

from bench.floor import Floor
from bench.measure import Side
from bench.report import Figure

SIZE = 100_000
QUICK_SIZE = 5_000
MOST_STATEMENTS = 30
LIMIT = 4
REMEMBER = "INSERT INTO marketing_scenario_query_match (query_id, res_id) SELECT %s, unnest(%s)"


def query(world, sizes, quick):
    """Look at a query that N contacts match: first all enter, then nothing has changed."""
    size = QUICK_SIZE if quick else SIZE
    people = world.partners(size)[:size]
    tag = world.tag("Asked by the query")
    Floor(world.cr, world.env["marketing.scenario"]).tag(people, tag.id)
    world.analyze("res_partner_res_partner_category_rel")
    ours, twin = (new_query(world, tag) for _side in range(2))
    first, floor, again = Side(), Side(), Side()
    first.run(lambda: look(world, ours, size))
    floor.run(lambda: plain(world, twin, people))
    again.run(lambda: look(world, ours, size))
    figure = Figure("query → into a scenario", size, first.rate, floor.rate, first.each / floor.each)
    figure.budget = ("" if quick else f"≤ {LIMIT} ×, ") + f"≤ {MOST_STATEMENTS} SQL in all"
    figure.met = (quick or figure.ratio <= LIMIT) and first.statements <= MOST_STATEMENTS
    figure.note = f"{first.statements} SQL in all"
    yield figure
    unchanged = Figure("query, nothing changed", size, again.rate)
    unchanged.budget = f"≤ {MOST_STATEMENTS} SQL in all"
    unchanged.met = again.statements <= MOST_STATEMENTS
    unchanged.note = f"{again.statements} SQL in all, {again.seconds[0] * 1000:.0f} ms"
    yield unchanged
    world.retire(ours.scenario_id, twin.scenario_id)


def new_query(world, tag):
    """Return a query for the contacts that have the tag, with a scenario of its own."""
    scenario = world.scenario(("pause", {"pause_days": 1}))
    domain = f"[('category_id', 'in', [{tag.id}])]"
    made = world.env["marketing.scenario.query"].create(
        {"name": "Measured", "scenario_id": scenario.id, "model_name": "res.partner", "domain": domain}
    )
    world.cr.commit()
    return made


def look(world, looked_at, size) -> int:
    """Look at a query; check that all are inside then."""
    looked_at._evaluate()
    world.env.flush_all()
    world.cr.commit()
    inside = world.env["marketing.scenario.enrollment"].search_count([("scenario_id", "=", looked_at.scenario_id.id)])
    if inside != size:
        raise AssertionError(f"{size} match, {inside} entered")
    return size


def plain(world, twin, people) -> int:
    """Write the same rows by plain SQL: what the query remembers, enrollments, first traces."""
    world.floor_cr.execute(REMEMBER, [twin.id, people])
    scenario = twin.scenario_id
    return Floor(world.floor_cr, scenario).enroll(people, scenario.start_step_id.id, world.env.company.id)
