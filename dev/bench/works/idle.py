"""The engine with nothing to do."""

import statistics
import time

from odoo import sql_db

from bench.report import Figure

TICKS, ROUNDS = 100, 3
BUDGET_MS = 5
QUICK_STATEMENTS = 8  # the quick form judges what no other program of the machine can change
# Below this, a difference is the machine's and not the number of those who wait.
NOISE_MS = 0.5


def idle(world, sizes, quick):
    """A tick of the engine's scheduled action while N wait for tomorrow; leaves out what Odoo does around it."""
    scenario = world.scenario(("pause", {"pause_days": 1}))
    placed, least = 0, None
    for size in [1_000, *(size for size in sizes if size > 1_000)]:
        world.place(scenario.start_step_id.child_ids, world.partners(size)[placed:], wake="next", due="1 day")
        placed = size
        figure = Figure("idle tick", size, rate=1000 / (milliseconds := tick(world)))
        least = milliseconds if least is None else least
        before = sql_db.sql_counter
        one_tick(world)
        figure.statements = sql_db.sql_counter - before
        if quick:
            figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL", figure.statements <= QUICK_STATEMENTS
        else:
            figure.budget = f"≤ {BUDGET_MS} ms, flat"
            figure.met = milliseconds <= BUDGET_MS and milliseconds <= 1.5 * least + NOISE_MS
        figure.note = f"{milliseconds:.2f} ms"
        yield figure
    world.retire(scenario)


def tick(world) -> float:
    """Milliseconds of one empty run: the best of some medians, for others disturb and nobody helps."""
    return min(statistics.median(one_tick(world) for _tick in range(TICKS)) for _round in range(ROUNDS)) * 1000


def one_tick(world) -> float:
    """Seconds of one empty run."""
    began = time.perf_counter()
    world.env["marketing.scenario.engine"]._cron_run_due()
    return time.perf_counter() - began
