"""The mixed journey: due after a pause, through an IF and a tag to the end."""

from bench.floor import Floor, same_rows
from bench.measure import alternate, forget_peak, peak_mb
from bench.report import Figure, within

STEPS = 4


class Journey:
    """Twin scenarios: one for the engine, one for the floor; half of the contacts have the tag asked for."""

    def __init__(self, world):
        self.world = world
        self.asked = world.tag("Customer")
        self.given = {"yes": world.tag("Seen"), "no": world.tag("Cold")}
        self.ours = self._scenario()
        self.twin = self._scenario()
        self.floor = Floor(world.floor_cr, self.twin)
        pause = self.twin.start_step_id.child_ids
        self.pause_id, self.if_id = pause.id, pause.child_ids.id
        # outcome of the IF → (tag step, end step)
        self.branches = {step.outcome: (step.id, step.child_ids.id) for step in pause.child_ids.child_ids}

    def _scenario(self):
        branches = {outcome: [("tag", {"tag_id": tag.id}), ("end", {})] for outcome, tag in self.given.items()}
        condition = {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": self.asked.id})]}
        return self.world.scenario(("pause", {"pause_days": 1}), ("if", condition, branches))

    def fill(self, partner_ids: list[int]) -> None:
        """Put the contacts on the pause of both scenarios, due."""
        world = self.world
        Floor(world.cr, self.twin).tag([i for i in partner_ids if is_customer(i)], self.asked.id)
        for scenario in (self.ours, self.twin):
            world.place(scenario.start_step_id.child_ids, partner_ids, wake="next")
        world.analyze("res_partner_res_partner_category_rel", "marketing_scenario_trace")
        # The engine shall run the one scenario only; both stay as they are otherwise.
        self.twin._set_state("inactive")
        world.cr.commit()

    def floor_batch(self) -> int:
        """One batch of the floor."""
        return self.floor.batch(self._write)

    def _write(self, ids, partner_ids) -> None:
        for outcome, tag in self.given.items():
            chosen = [
                (i, partner_id)
                for i, partner_id in zip(ids, partner_ids, strict=True)
                if is_customer(partner_id) == (outcome == "yes")
            ]
            own = [i for i, _partner_id in chosen]
            self.floor.tag([partner_id for _i, partner_id in chosen], tag.id)
            tag_step_id, end_step_id = self.branches[outcome]
            self.floor.trace(
                own,
                (self.pause_id, "next", None),
                (self.if_id, outcome, None),
                (tag_step_id, "next", None),
                (end_step_id, "end", "end_step"),
            )
            self.floor.end(own, end_step_id, "end_step")


def is_customer(partner_id: int) -> bool:
    """Whether this contact has the tag asked for; known by the number, for a list of them would be measured too."""
    return partner_id % 2 == 0


def journey(world, sizes, quick):
    """Due after a pause, then IF (tag), tag, end, beside raw SQL writing the same rows in the same batches."""
    for size in sizes:
        twins = Journey(world)
        twins.fill(world.partners(size))
        forget_peak()
        side, floor_side, ratio = alternate(world.engine_batch, twins.floor_batch)
        same_rows(world.cr, twins.ours, twins.twin)
        yield within(
            Figure(
                "pause → IF → tag → end",
                size,
                side.rate,
                floor_side.rate,
                ratio,
                statements=side.statements / side.total / STEPS,
                peak_mb=peak_mb(),
            ),
            limit=2.5,
            statements=0.05,
            quick=quick,
        )
        world.retire(twins.ours)
