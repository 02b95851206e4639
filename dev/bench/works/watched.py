"""What it costs the sending of mails that the reports' counters are told of each change (triggers of the database)."""

from bench.measure import Side, ratio
from bench.report import Figure
from bench.works.mailing import BODY, SUBJECT, open_always
from bench.works.sending import mail_server
from bench.works.sink import sent

BATCH, ROUNDS = 200, 10
LIMIT = 1.1


def watched(world, sizes, quick):
    """Mails from due to received with the triggers of the counters, and without them, in turn."""
    people = world.partners(BATCH * (2 * ROUNDS + 1))
    with mail_server(world):
        scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
        world.env.company.email = "sender@company.example.com"
        open_always(world)
        world.place(scenario.start_step_id.child_ids, people)
        mail(world, scenario)  # connects, and fills Odoo's caches
        sides = {True: Side(), False: Side()}
        try:
            for _round in range(ROUNDS):
                for on, side in sides.items():
                    switch(world, on)
                    side.run(lambda: mail(world, scenario))
        finally:
            switch(world, on=True)
        world.retire(scenario)
    on, off = sides.values()
    figure = Figure("mails, counters told", on.total, on.rate, off.rate, ratio(on, off))
    figure.budget, figure.met = f"≤ {LIMIT} × without", figure.ratio <= LIMIT
    yield figure


def mail(world, scenario) -> int:
    """Queue the mails of a batch, and have them sent."""
    return world.engine_batch(BATCH) and sent(world.env, scenario.step_ids.email_mailing_id)


def switch(world, on: bool) -> None:
    """Turn the triggers on or off."""
    world.cr.rollback()
    world.cr.execute(
        "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE tgname LIKE 'marketing\\_report\\_of\\_%'"
    )
    for table, name in world.cr.fetchall():
        world.cr.execute(f'ALTER TABLE "{table}" {"ENABLE" if on else "DISABLE"} TRIGGER "{name}"')
    world.cr.commit()
