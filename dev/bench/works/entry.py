"""Enrolling."""

from bench.floor import Floor, same_rows
from bench.measure import alternate, forget_peak, peak_mb
from bench.report import Figure, within

ROUNDS = 3


def entry(world, sizes, quick):
    """Enroll N contacts at once, beside one INSERT … SELECT of the same rows."""
    for size in sizes:
        partner_ids = world.partners(size)
        rounds = ROUNDS if size <= 100_000 else 1
        ours = [world.scenario(("pause", {"pause_days": 1})) for _round in range(rounds)]
        floors = [world.scenario(("pause", {"pause_days": 1})) for _round in range(rounds)]
        pending, floor_pending = list(ours), list(floors)

        def enroll():
            return _enroll(world, pending.pop(), partner_ids) if pending else 0

        def floor():
            scenario = floor_pending.pop() if floor_pending else None
            return scenario and Floor(world.floor_cr, scenario).enroll(
                partner_ids, scenario.start_step_id.id, world.env.company.id
            )

        forget_peak()
        side, floor_side, ratio = alternate(enroll, floor)
        same_rows(world.cr, ours[0], floors[0])
        yield within(
            Figure(
                "enroll at once",
                size,
                side.rate,
                floor_side.rate,
                ratio,
                statements=side.statements / side.total,
                peak_mb=peak_mb(),
            ),
            limit=3,
        )
        world.retire(*ours, *floors)


def _enroll(world, scenario, partner_ids) -> int:
    scenario._enroll(world.env["res.partner"].browse(partner_ids), "api")
    world.cr.commit()
    return len(partner_ids)
