"""Traces set aside month by month (``maintenance/``): what it takes, and whether the engine and the screens notice."""

import time

from bench.measure import Side
from bench.report import Figure
from bench.works.screens import QUICK_ROUNDS, ROUNDS, form, milliseconds
from bench.works.traces import SIZE, TOLERANCE, TRACES_EACH, forget, make_history, walked
from env import environment

MONTHS = 12
OLD_RUNS, QUICK_OLD_RUNS = 600_000, 120_000


def aside(world, sizes, quick):
    """12 months of traces in tables of their own, beside the same in one table; then all in one again."""
    people = world.partners(SIZE)
    runs = (QUICK_OLD_RUNS if quick else OLD_RUNS) // MONTHS // len(people) or 1
    rounds, size = QUICK_ROUNDS if quick else ROUNDS, runs * len(people) * MONTHS * TRACES_EACH
    look = form(world.env["res.partner"].browse(people[0]))
    months = [make_history(world, people, runs) for _month in range(MONTHS)]
    before, read_before = walked(world, people), milliseconds(world.env, look, rounds)
    for month in months:
        forget(world, month)
    months, longest = [], 0
    for _month in range(MONTHS):
        months.append(make_history(world, people, runs))
        longest = max(longest, script(world, "set_traces_aside"))
    yield Figure("a month of traces set aside", size // MONTHS, note=f"{longest:.2f} s")
    after, read_after = walked(world, people), milliseconds(world.env, look, rounds)
    cost, drift = (now.least / then.least for now, then in zip(after, before, strict=True))
    figure = Figure("journey beside 12 months set aside", size, after[0].rate, after[1].rate)
    figure.ratio = after[0].each / after[1].each
    figure.budget, figure.met = f"cost ≤ {TOLERANCE:g} × with one table", cost / max(drift, 1) <= TOLERANCE
    figure.note = f"cost × {cost:.2f} (machine × {drift:.2f}); contact form {read_before:.0f} → {read_after:.0f} ms"
    yield figure
    joined = Side()
    joined.run(lambda: script(world, "join_traces") and size)
    yield Figure("traces joined again", size, joined.rate, note=f"{joined.seconds[0]:.0f} s")
    for month in months:
        forget(world, month)


def script(world, name: str) -> float:
    """Run a script for administrators in one transaction, as ``psql -1`` does; return the seconds."""
    text = (environment().addon / "maintenance" / f"{name}.sql").read_text()
    began = time.perf_counter()
    world.cr.execute(text)
    world.cr.commit()
    return time.perf_counter() - began
