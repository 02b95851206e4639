"""The engine with nothing to do."""

import statistics
import time

from bench.report import Figure

TICKS, ROUNDS = 100, 3
BUDGET_MS, QUICK_BUDGET_MS = 5, 25
# Below this, a difference is the machine's and not the number of those who wait.
NOISE_MS, QUICK_NOISE_MS = 0.5, 5


def idle(world, sizes, quick):
    """A tick of the engine's scheduled action while N wait for tomorrow; leaves out what Odoo does around it."""
    scenario = world.scenario(("pause", {"pause_days": 1}))
    placed, least = 0, None
    for size in [1_000, *(size for size in sizes if size > 1_000)]:
        world.place(scenario.start_step_id.child_ids, world.partners(size)[placed:], wake="next", due="1 day")
        placed = size
        figure = Figure("idle tick", size, rate=1000 / (milliseconds := tick(world)))
        least = milliseconds if least is None else least
        most = QUICK_BUDGET_MS if quick else BUDGET_MS
        figure.budget = f"≤ {most} ms, flat"
        figure.met = milliseconds <= most and milliseconds <= 1.5 * least + (QUICK_NOISE_MS if quick else NOISE_MS)
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
