"""The moment before the upgrade: everything that can be on its way is on its way."""

from upgrade.old_world.first_days import TRIES, post
from upgrade.old_world.world import World


def live(world: World) -> None:
    """Leave every queue with something in it."""
    _parked_event(world)
    _queued_messages(world)
    submission = post(world, "newsletter", first_name="Nina", email="nina@example.org", consent="1")
    world.known["confirm_address"] = f"{world.server_url}/marketing/confirm/{submission._confirm_payload()}"
    _waiting_events(world)
    world.commit()


def _parked_event(world: World) -> None:
    """An automatism whose filter reads a field that is gone: one event is given up, one will be tried again."""
    broken = world.env["marketing.automatism"].create(
        {
            "name": "Broken",
            "event_type": "lead_created",
            "action_ids": [(0, 0, {"kind": "score", "score_points": 3})],
        }
    )
    world.sql("UPDATE marketing_automatism SET domain_lead = %s WHERE id = %s", "[('x_gone', '=', 1)]", broken.id)
    events = world.system["marketing.automatism.event"]
    world.lead("parked event")
    for _try in range(TRIES):
        world.sql("UPDATE marketing_automatism_event SET next_try_at = now() - interval '1 day'")
        events._process()
        world.commit()
    world.lead("retried event")
    events._process()
    # a slow machine must not come to its moment before the update
    later = "UPDATE marketing_automatism_event SET next_try_at = now() + interval '1 day'"
    world.sql(f"{later} WHERE automatism_id = %s AND state = 'waiting'", broken.id)
    world.known["failing_events"] = events.search([("automatism_id", "=", broken.id)]).ids
    world.commit()


def _queued_messages(world: World) -> None:
    """People whose messages, webhook and call wait in the queues."""
    world.contact("queued")
    world.lead("queued lead")
    world.enroll("Long way", "queued")
    world.enroll("Leads", "queued lead")
    world.walk()


def _waiting_events(world: World) -> None:
    """A signal that nobody has looked at yet, and a date that was reached this morning."""
    signalled = world.contact("signalled", category_id=[(4, world.tag("Cold").id)])
    world.enroll("Season", "signalled")
    deadline = world.system["marketing.automatism"].search([("name", "=", "Deadline")])
    # the company's day: in the evening it may be another one than that of UTC
    world.lead("due lead", date_deadline=deadline._today())
    world.commit()
    signalled.category_id |= world.tag("Signal")
    world.system["marketing.automatism"]._cron_dates()
