"""Many automations that all listen to the same event, and many that listen to something else."""

import time

from bench.measure import Side, alternate
from bench.report import Figure

LISTENERS, QUICK_LISTENERS = (20, 400), (20, 100)
EVENTS, QUICK_EVENTS = 1000, 200
WARM = 10  # people whose events fill Odoo's caches: those were just emptied, for automations were made
ROUNDS = {20: 5}  # of the others one is long enough
OTHERS = 400
# One firing costs its row of the log and its effect, whatever else: the floor writes just these.
LIMIT = 4
QUICK_STATEMENTS = 20  # the quick form judges what no other program of the machine can change
MOST_SECONDS = 10
MOST_EXTRA = 20  # statements for 400 that listen to something else: none for each of them
LOG = """
    INSERT INTO marketing_automatism_log (automatism_id, res_model, res_id, at, outcome)
    SELECT %s, 'res.partner', id, localtimestamp(0), 'fired' FROM unnest(%s) AS id
"""
TAG = """
    INSERT INTO res_partner_res_partner_category_rel (partner_id, category_id)
    SELECT id, %s FROM unnest(%s) AS id ON CONFLICT DO NOTHING
"""


def events(world, sizes, quick):
    """Events that 20 and 400 automations fire on (each gives a tag), beside plain SQL; leaves filters of people out."""
    size = QUICK_EVENTS if quick else EVENTS
    asked = world.tag("Asked for")
    for count in QUICK_LISTENERS if quick else LISTENERS:
        tags = [world.tag(f"Given {number}") for number in range(count)]
        made = _automatisms(world, [(asked, tag) for tag in tags])
        rounds = 1 if quick else ROUNDS.get(count, 1)
        yield _fired(world, made, asked, tags, world.partners(WARM + rounds * size), size, quick)
    others = [world.tag(f"Else {number}") for number in range(OTHERS)]
    yield _passed_by(world, asked, others, world.partners(size))


def _fired(world, made, asked, tags, people, size, quick) -> Figure:
    longest = []
    rounds = [people[start : start + size] for start in range(WARM, len(people), size)]
    process(world, asked, people[:WARM], longest)
    plain(world, made, tags, people[:WARM])
    mine, theirs = iter(rounds), iter(rounds)
    ours, floor, ratio = alternate(
        lambda: process(world, asked, next(mine, []), longest), lambda: plain(world, made, tags, next(theirs, []))
    )
    world.cr.commit()  # a fresh view of what the other connection wrote
    world.cr.execute("SELECT count(*) FROM marketing_automatism_log WHERE automatism_id = ANY(%s)", [made.ids])
    if world.cr.fetchone()[0] != 2 * len(made) * len(people):
        raise AssertionError("not the same rows")
    _forget(world, made)
    figure = Figure(f"events, {len(made)} automations all fire", len(made) * ours.total, ours.rate * len(made))
    figure.floor_rate, figure.ratio = floor.rate * len(made), ratio
    each = ours.statements / len(made) / len(rounds)
    if quick:
        figure.budget, figure.met = f"≤ {QUICK_STATEMENTS} SQL an automation", each <= QUICK_STATEMENTS
    else:
        figure.budget = f"≤ {LIMIT} × SQL, a transaction ≤ {MOST_SECONDS} s"
        figure.met = figure.ratio <= LIMIT and max(longest) <= MOST_SECONDS
    figure.note = (
        f"{ours.rate:,.0f} events/s, plain SQL {floor.rate:,.0f}; {each:.0f} SQL each; "
        f"longest transaction {max(longest):.1f} s"
    )
    return figure


def _passed_by(world, asked, others, people) -> Figure:
    """400 automations that listen to other tags, beside none of them."""
    given = world.tag("Given")
    made = _automatisms(world, [(asked, given)])
    alone, crowded, unused = Side(), Side(), []
    alone.run(lambda: process(world, asked, people, unused))
    made |= _automatisms(world, [(other, given) for other in others])
    crowded.run(lambda: process(world, asked, people, unused))
    _forget(world, made)
    figure = Figure(f"events, {len(others)} listen to others", len(people), crowded.rate, alone.rate)
    figure.ratio = crowded.each / alone.each
    extra = crowded.statements - alone.statements
    figure.budget = f"≤ {MOST_EXTRA} more SQL than without them"
    figure.met = extra <= MOST_EXTRA
    figure.note = f"{extra} more"
    return figure


def _automatisms(world, pairs):
    made = world.env["marketing.automatism"].create(
        [
            {
                "name": f"Measured {number}",
                "event_type": "tag_added",
                "tag_id": asked.id,
                "action_ids": [(0, 0, {"kind": "tag_add", "tag_id": given.id})],
            }
            for number, (asked, given) in enumerate(pairs)
        ]
    )
    world.cr.commit()
    world.env["marketing.automatism.event"]._listeners()
    return made


def process(world, asked, people, longest) -> int:
    """Note one event for each of the people, and work through all of them; ``longest`` gets seconds of transactions."""
    queue = world.env["marketing.automatism.event"]
    queue._note("tag_added", world.env["res.partner"].browse(people), {"tag_ids": [asked.id]})
    left = len(people)
    while left:
        began = time.perf_counter()
        queue._process()
        world.cr.commit()
        longest.append(time.perf_counter() - began)
        world.cr.execute(
            "SELECT count(*) FROM marketing_automatism_event WHERE payload->'tag_ids' @> %s::jsonb", [f"[{asked.id}]"]
        )
        left = world.cr.fetchone()[0]
    return len(people)


def plain(world, made, tags, people) -> int:
    """The same rows by plain SQL: for each automation its log and its tags."""
    for automatism, tag in zip(made, tags, strict=True) if people else ():
        world.floor_cr.execute(LOG, [automatism.id, people])
        world.floor_cr.execute(TAG, [tag.id, people])
    world.floor_cr.commit()
    return len(people)


def _forget(world, made) -> None:
    world.env["marketing.automatism.event"].search([]).unlink()
    world.cr.execute("DELETE FROM marketing_automatism_log WHERE automatism_id = ANY(%s)", [made.ids])
    made.unlink()
    world.cr.commit()
