"""The health page and the alert beside all who wait and all that happened."""

import statistics
import time

from odoo import sql_db

from bench.report import Figure
from bench.works.traces import forget, make_history

WAITING, QUICK_WAITING = 1_000_000, 20_000
OLD_RUNS, QUICK_OLD_RUNS = 100_000, 20_000
PAGE_MS, ALERT_MS, QUICK_STATEMENTS = 300, 30, 15
ROUNDS, QUICK_ROUNDS = 20, 5
FIGURES = ["due_count", "oldest_due_at", "hour_count", "next_due_at", "error_ids"]


def health(world, sizes, quick):
    """The figures of the health page, and the look of the alert, while N wait for tomorrow; leaves the screen out.

    The page counts what happened in the last hour: after other works of this bench that is more than a million steps.
    """
    waiting = min(QUICK_WAITING if quick else WAITING, max(*sizes, QUICK_WAITING))
    scenario = world.scenario(("pause", {"pause_days": 1}))
    people = world.partners(waiting)
    old = make_history(world, people[:10_000], max((QUICK_OLD_RUNS if quick else OLD_RUNS) // 10_000, 1))
    world.place(scenario.start_step_id.child_ids, people, wake="next", due="1 day")
    page = world.env["marketing.scenario.health"].create({})
    looks = {
        ("health page", PAGE_MS): lambda: page.read(FIGURES),
        ("alert", ALERT_MS): world.env["marketing.scenario.health"]._cron_alert,
    }
    for (name, most), look in looks.items():
        taken = statistics.median(once(world, look) for _round in range(QUICK_ROUNDS if quick else ROUNDS)) * 1000
        before = sql_db.sql_counter
        once(world, look)
        asked = sql_db.sql_counter - before
        figure = Figure(name, waiting, note=f"{taken:.1f} ms, {asked} SQL")
        if quick:
            figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL", asked <= QUICK_STATEMENTS
        else:
            figure.budget, figure.met = f"≤ {most} ms", taken <= most
        yield figure
    world.retire(scenario)
    world.empty(scenario)
    forget(world, old)


def once(world, look) -> float:
    """Seconds of one look with nothing in the cache."""
    world.env.invalidate_all()
    began = time.perf_counter()
    look()
    return time.perf_counter() - began
