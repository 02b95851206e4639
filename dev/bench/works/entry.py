"""Enrolling."""

from bench.floor import Floor, same_rows
from bench.measure import alternate, forget_peak, peak_mb
from bench.report import Figure, within

ROUNDS = 3


class Entry:
    """Twin scenarios for each round: one that the door enrolls into, one for the floor."""

    def __init__(self, world, partner_ids, rounds):
        self.world = world
        self.partner_ids = partner_ids
        self.ours, self.twins = ([self._scenario() for _round in range(rounds)] for _side in range(2))
        self._pending = list(zip(self.ours, self.twins, strict=True))

    def _scenario(self):
        return self.world.scenario(("pause", {"pause_days": 1}))

    def enroll(self) -> int:
        """One round through the door."""
        if not self._pending:
            return 0
        self._pending[0][0]._enroll(self.world.env["res.partner"].browse(self.partner_ids), "api")
        self.world.cr.commit()
        return len(self.partner_ids)

    def floor(self) -> int:
        """One round of the floor; follows ``enroll``."""
        if not self._pending:
            return 0
        _ours, twin = self._pending.pop(0)
        floor = Floor(self.world.floor_cr, twin)
        return floor.enroll(self.partner_ids, twin.start_step_id.id, self.world.env.company.id)


def entry(world, sizes, quick):
    """Enroll N contacts at once, beside one INSERT … SELECT of the same rows."""
    for size in sizes:
        twins = Entry(world, world.partners(size), ROUNDS if size <= 100_000 else 1)
        forget_peak()
        ours, floor, ratio = alternate(twins.enroll, twins.floor)
        same_rows(world.cr, twins.ours[0], twins.twins[0])
        figure = Figure("enroll at once", size, ours.rate, floor.rate, ratio)
        figure.statements, figure.peak_mb = ours.statements / ours.total, peak_mb()
        yield within(figure, limit=3, statements=0.05, quick=quick)
        world.retire(*twins.ours, *twins.twins)
