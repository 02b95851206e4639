"""A huge scenario must not keep a small one waiting."""

from bench.measure import Side
from bench.report import Figure
from bench.works.mailing import BODY, SUBJECT, open_always

SIZE = 100_000
QUICK_SIZE = 1_500
BATCH, QUICK_BATCH = 1_000, 300
FEW = 10
LIMIT_SECONDS, MOST_BATCHES = 60, 3


def fairness(world, sizes, quick):
    """10 people fall due just after a batch of a huge scenario of mails began: when are they through?"""
    open_always(world)
    size, batch = (QUICK_SIZE, QUICK_BATCH) if quick else (SIZE, BATCH)
    mail = {"email_subject": SUBJECT, "email_body_html": BODY}
    huge, small = (world.scenario(("email", mail)) for _scenario in range(2))
    world.place(huge.start_step_id.child_ids, world.partners(size)[:size])
    side = Side()
    side.run(lambda: world.engine_batch(batch))
    # Due later than all the others, and there only from now on: the worst they can meet is the whole batch before.
    # Not due this very second: the clock counts whole ones, and a quick crowd could be through before the next.
    world.place(small.start_step_id.child_ids, world.partners(FEW)[:FEW], due="-1 s")
    while left(world, small):
        side.run(lambda: world.engine_batch(batch))
    seconds, batches = sum(side.seconds), len(side.seconds)
    waiting = left(world, huge)
    world.retire(huge, small)
    figure = Figure("small beside huge", size, rate=FEW / seconds)
    if quick:
        figure.budget, figure.met = f"≤ {MOST_BATCHES} batches", batches <= MOST_BATCHES and waiting > 0
    else:
        figure.budget, figure.met = f"≤ {LIMIT_SECONDS} s", seconds <= LIMIT_SECONDS and waiting > 0
    figure.note = f"{FEW} people through in {seconds:.1f} s, {batches} batches, {waiting} of the huge one still due"
    yield figure


def left(world, scenario) -> int:
    """Count those who still run."""
    world.cr.execute(
        "SELECT count(*) FROM marketing_scenario_enrollment WHERE scenario_id = %s AND state = 'running'", [scenario.id]
    )
    return world.cr.fetchone()[0]
