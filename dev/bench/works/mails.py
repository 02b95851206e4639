"""A journey with a mail for everyone: what one person costs, in time and on the disk, as the crowd grows."""

from bench.measure import Side, forget_peak, peak_mb, table_sizes
from bench.report import Figure
from bench.works.fairness import left
from bench.works.mailing import BODY, SUBJECT, open_always

TABLES = (
    "marketing_scenario_enrollment",
    "marketing_scenario_trace",
    "mail_mail",
    "mail_mail_res_partner_rel",
    "mail_message",
    "mailing_trace",
)
STAYS = ("mail_message", "mailing_trace")  # once the mail has left
STATEMENTS = 0.2  # for each person and step


def mails(world, sizes, quick):
    """Mail → pause → IF (tag) → tag → end for N people, in two halves; leaves out what sends the queued mails.

    A condition that waits for a click would wait for the mail to leave first.
    """
    open_always(world)
    asked = {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": world.tag("Customer").id})]}
    none = [("tag", {"tag_id": world.tag("Cold").id}), ("end", {})]
    for size in sizes:
        scenario = world.scenario(
            ("email", {"email_subject": SUBJECT, "email_body_html": BODY}),
            ("pause", {"pause_days": 1}),
            ("if", asked, {"yes": [("end", {})], "no": none}),
        )
        world.place(scenario.start_step_id.child_ids, world.partners(size))
        before = table_sizes(world.cr, TABLES)
        yield half(world, "mail journey, mail → pause", size, 2)
        world.analyze(*TABLES)
        grown = table_sizes(world.cr, TABLES) - before
        yield Figure("a sent mail", size, bytes_each=sum(grown[table] for table in STAYS) / size)
        world.cr.execute(
            "UPDATE marketing_scenario_enrollment SET next_run_at = localtimestamp - interval '1 hour'"
            " WHERE scenario_id = %s",
            [scenario.id],
        )
        world.analyze("marketing_scenario_enrollment")
        figure = half(world, "mail journey, pause → end", size, 4)
        figure.note = f"{grown.total() / 1000 / size:.1f} kB a person on the disk by then"
        yield figure
        if left(world, scenario):
            raise AssertionError(f"{left(world, scenario)} of {size} are not through")
        world.retire(scenario)


def half(world, name: str, size: int, steps: int) -> Figure:
    """Walk all that are due, batch after committed batch."""
    side = Side()
    forget_peak()
    while side.run(world.engine_batch):
        pass
    if side.total != size:
        raise AssertionError(f"{size} due, {side.total} handled")
    figure = Figure(name, size, side.rate, statements=side.statements / size / steps, peak_mb=peak_mb())
    figure.budget, figure.met = f"≤ {STATEMENTS:g} SQL", figure.statements <= STATEMENTS
    return figure
