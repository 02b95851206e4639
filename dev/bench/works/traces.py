"""Does history slow the hot path?"""

from bench.measure import Side, alternate, table_sizes
from bench.report import Figure
from bench.works.journey import Journey

SIZE, QUICK_SIZE = 10_000, 5_000
OLD_RUNS = 1_000_000
QUICK_OLD_RUNS = 20_000
TRACES_EACH = 10
TOLERANCE = 1.2
TABLES = ("marketing_scenario_enrollment", "marketing_scenario_trace")

OLD_RUN = """
    INSERT INTO marketing_scenario_enrollment
           (scenario_id, step_id, partner_id, person_key, target_kind, company_id, state, end_reason, run_number,
            attempts, door, entered_at, ended_at, create_uid, create_date, write_uid, write_date)
    SELECT %(scenario_id)s, %(step_id)s, person.id, 'email:person' || person.id || '@example.com',
           'contact', %(company_id)s, 'done', 'end_step', number, 0, 'api',
           moment.at, moment.at + interval '1 day', 1, moment.at, 1, moment.at
      FROM generate_series(1, %(runs)s) AS number CROSS JOIN unnest(%(ids)s) AS person(id)
     CROSS JOIN LATERAL (SELECT localtimestamp(0) - (400 + number) * interval '1 day' AS at) moment
"""
OLD_TRACE = """
    INSERT INTO marketing_scenario_trace (enrollment_id, step_id, scenario_id, outcome, at)
    SELECT run.id, run.step_id, run.scenario_id, 'next', run.entered_at + number * interval '1 hour'
      FROM marketing_scenario_enrollment run CROSS JOIN generate_series(1, %(each)s) AS number
     WHERE run.scenario_id = %(scenario_id)s ORDER BY run.id, number
"""


def traces(world, sizes, quick):
    """The journey of 10,000 with no history, then with 1,000,000 finished runs and 10,000,000 traces beside it.

    The machine's own drift shows in the floor, which runs in turn with the engine, and is divided out.
    """
    people = world.partners(QUICK_SIZE if quick else SIZE)
    runs = (QUICK_OLD_RUNS if quick else OLD_RUNS) // len(people)
    before = walked(world, people)
    bare = table_sizes(world.cr, TABLES)
    old = make_history(world, people, runs)
    if not quick:
        count = runs * len(people)
        grown = table_sizes(world.cr, TABLES) - bare
        for work, table, rows in zip(("a finished run", "a trace"), TABLES, (count, count * TRACES_EACH), strict=True):
            yield Figure(work, rows, bytes_each=grown[table] / rows)
    after = walked(world, people)
    cost, drift = (now.least / then.least for now, then in zip(after, before, strict=True))
    figure = Figure("journey beside old traces", runs * len(people) * TRACES_EACH, after[0].rate, after[1].rate)
    figure.ratio = after[0].each / after[1].each
    if quick:
        figure.budget = f"SQL ≤ {TOLERANCE:g} × without"
        figure.met = after[0].statements <= TOLERANCE * before[0].statements
    else:
        figure.budget, figure.met = f"cost ≤ {TOLERANCE:g} × without", cost / max(drift, 1) <= TOLERANCE
    figure.note = f"cost × {cost:.2f} (machine × {drift:.2f})"
    yield figure
    forget(world, old)


def walked(world, people) -> tuple[Side, Side]:
    """Walk the journey; return the engine's side and the floor's."""
    twins = Journey(world)
    twins.fill(people)
    ours, floor, _ratio = alternate(world.engine_batch, twins.floor_batch)
    world.retire(twins.ours)
    return ours, floor


def make_history(world, people, runs):
    """Make finished runs of the same people with their traces by SQL, and return their scenario."""
    old = world.scenario(("pause", {"pause_days": 1}), name="Old")
    values = {"scenario_id": old.id, "step_id": old.start_step_id.child_ids.id, "company_id": world.env.company.id}
    world.cr.execute("SET LOCAL session_replication_role = replica")  # the foreign keys are right: not looked up
    world.cr.execute(OLD_RUN, {**values, "ids": people, "runs": runs})
    world.cr.execute(OLD_TRACE, {**values, "each": TRACES_EACH})
    world.analyze(*TABLES)
    return old


def forget(world, old) -> None:
    """Take the history away again."""
    world.retire(old)
    world.cr.execute("SET LOCAL session_replication_role = replica")
    for table in reversed(TABLES):
        world.cr.execute(f"DELETE FROM {table} WHERE scenario_id = %s", [old.id])
    world.analyze(*TABLES)
