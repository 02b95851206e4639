"""Two processes on one database."""

import statistics
import time
from functools import partial

from bench.measure import machine_is_busy
from bench.report import Figure
from bench.works.mailing import BODY, SUBJECT, open_always
from env import environment

SIZE = 2000
BATCH = 200
ROUNDS = 3
# The mails of two processes in the time of one, less what two cores share.
WANTED = 1.5


def lanes(world, sizes, quick):
    """Mails queued by two processes against one, both on the same due rows."""
    open_always(world)
    busy = machine_is_busy()
    seconds = {1: [], 2: []}
    for _round in range(ROUNDS):
        for count, taken in seconds.items():
            taken.append(walk(world, count))
    one, two = (statistics.median(taken) for taken in seconds.values())
    figure = Figure("two processes, mails", SIZE, SIZE / two, SIZE / one, two / one)
    figure.budget = f"≥ {WANTED:g} times the rate of one"
    figure.met = None if busy else one / two >= WANTED
    figure.note = f"{one / two:.2f} times" + (", not judged: others use the cores" if busy else "")
    yield figure


def walk(world, processes: int) -> float:
    """Let so many processes queue the mails of a new scenario; return the seconds."""
    from faults.workers import Worker, walk_due  # noqa: PLC0415 - addons can be imported only once Odoo is configured

    scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
    step = scenario.start_step_id.child_ids
    # What is made once for a step is not what two processes share.
    step._mail_mailing("res.partner")
    world.place(step, world.partners(SIZE))
    scenario_id, name = scenario.id, world.cr.dbname
    with world.away():
        log = environment().logs / "bench_lanes.log"
        began = time.perf_counter()
        workers = [Worker(partial(walk_due, name, BATCH), log) for _process in range(processes)]
        if any(worker.wait() for worker in workers):
            raise AssertionError(f"a process failed, see {log}")
        seconds = time.perf_counter() - began
    scenario = world.env["marketing.scenario"].browse(scenario_id)
    left = world.env["marketing.scenario.enrollment"].search_count(
        [("scenario_id", "=", scenario_id), ("state", "!=", "done")]
    )
    if left:
        raise AssertionError(f"{left} did not get their mail")
    each_once(world, scenario.step_ids.email_mailing_id.id)
    world.retire(scenario)
    return seconds


def each_once(world, mailing_id: int) -> None:
    """Check that each person got one mail in the queue, with one trace of it."""
    world.cr.execute(
        """
        SELECT count(*), count(DISTINCT trace.res_id), count(DISTINCT mail.id),
               (SELECT count(*) FROM mail_mail WHERE mailing_id = %(id)s)
          FROM mailing_trace trace LEFT JOIN mail_mail mail ON mail.id = trace.mail_mail_id
         WHERE trace.mass_mailing_id = %(id)s
        """,
        {"id": mailing_id},
    )
    counts = world.cr.fetchone()
    if set(counts) != {SIZE}:
        raise AssertionError(f"{SIZE} people; traces, people, their mails, all mails: {counts}")
