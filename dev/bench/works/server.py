"""A real server with Odoo's default limits, beside the same work done at once inside this process."""

import time

from bench.measure import machine_is_busy
from bench.report import Figure
from bench.works.journey import Journey
from bench.works.many import walk
from env import DevError, start_server

SIZE = 100_000
LIMIT, GAP_SECONDS = 1.15, 2
FIRST_TICK_SECONDS = 120
LOOK_SECONDS = 0.1


def server(world, sizes, quick):
    """N due (pause → IF → tag → end) under a server with two cron threads; leaves mails and HTTP requests out."""
    size = SIZE
    inside = Journey(world)
    inside.fill(world.partners(size))
    began = time.perf_counter()
    walk(world, size)
    alone = time.perf_counter() - began
    world.retire(inside.ours)
    under = Journey(world)
    under.fill(world.partners(size))
    busy = machine_is_busy()
    seconds, gap = watched(world, under.ours, size)
    world.retire(under.ours)
    figure = Figure("under a real server", size, size / seconds, size / alone, seconds / alone)
    figure.budget = f"≤ {LIMIT} × in process, no gap over {GAP_SECONDS} s"
    figure.met = gap <= GAP_SECONDS and (busy or figure.ratio <= LIMIT)
    figure.note = f"longest gap {gap:.1f} s" + ("; ratio not judged: others use the cores" if busy else "")
    yield figure


def watched(world, scenario, size) -> tuple[float, float]:
    """Start a server and watch it work; return the seconds after its first tick and the longest without progress."""
    connection = world.database.connect()
    connection.autocommit = True
    with connection, start_server(world.database, cron_threads=2):
        began = last = None
        gap, done, end = 0.0, 0, time.monotonic() + FIRST_TICK_SECONDS
        while done < size:
            if done == 0:
                world.env["marketing.scenario.engine"]._wake()
                world.cr.commit()
            time.sleep(LOOK_SECONDS)
            now, before = time.monotonic(), done
            done = count(connection, scenario.id)
            if done > before:
                gap = max(gap, now - last) if last else gap
                began, last = began or now, now
                end = now + FIRST_TICK_SECONDS
            if now > end:
                raise DevError(f"the server stopped at {done} of {size}", f"read {world.database.name}'s server log")
    connection.close()
    # what was done before the first look at it belongs to the time, too
    return last - began + LOOK_SECONDS, gap


def count(connection, scenario_id: int) -> int:
    """How many are through."""
    with connection.cursor() as cr:
        cr.execute(
            "SELECT count(*) FROM marketing_scenario_enrollment WHERE scenario_id = %s AND state = 'done'",
            [scenario_id],
        )
        return cr.fetchone()[0]
