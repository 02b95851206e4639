"""Each control step alone: executed once, then the run ends or sleeps."""

from bench.floor import Floor, same_rows
from bench.measure import alternate
from bench.report import Figure, within

SIZE = 10_000  # ten batches: the median of five is at the mercy of one slow moment
QUICK_SIZE = 5_000
TOMORROW = "tomorrow"


class Alone:
    """A step on twin scenarios: one for the engine, one for the floor.

    Each subclass says how the tree looks (``tree``) and what the floor writes for it (``write``).
    """

    step_type = ""

    def __init__(self, world, partner_ids):
        self.world = world
        self.partner_ids = partner_ids
        self.tagged = set(partner_ids[::2])
        self.tag = world.tag("Asked or given")
        self.ours, self.twin = (self._scenario() for _side in range(2))
        self.floor = Floor(world.floor_cr, self.twin)
        self.step = self._placed(self.twin)
        self.step_id = self.step.id

    def _scenario(self):
        scenario = self.world.scenario(*self.tree())
        pause = scenario.step_ids.filtered(lambda step: step.step_type == "pause")
        # A go-to step leads to the pause of its own scenario.
        scenario.step_ids.filtered(lambda step: step.step_type == "goto").goto_step_id = pause
        return scenario

    def _placed(self, scenario):
        return scenario.step_ids.filtered(lambda step: step.step_type == self.step_type)

    def tree(self) -> list:
        """Return the steps in reading order."""
        raise NotImplementedError

    def write(self, ids, partner_ids) -> None:
        """Write what the step does to a batch."""
        raise NotImplementedError

    def _passed(self, ids, outcome="next") -> None:
        """The step is passed and nothing follows."""
        self.floor.trace(ids, (self.step_id, outcome, None))
        self.floor.end(ids, self.step_id, "no_next_step")

    def _split(self, ids, partner_ids):
        """Return the enrollments of those who have the tag, and of the others."""
        rows = list(zip(ids, partner_ids, strict=True))
        return [i for i, partner in rows if partner in self.tagged], [
            i for i, partner in rows if partner not in self.tagged
        ]

    def _tag_asked_for(self) -> None:
        Floor(self.world.cr, self.twin).tag(list(self.tagged), self.tag.id)

    def _has_tag(self) -> dict:
        return {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": self.tag.id})]}

    def figure(self, quick: bool) -> Figure:
        """Measure both sides in turn."""
        world = self.world
        for scenario in (self.ours, self.twin):
            world.place(self._placed(scenario), self.partner_ids)
        self.twin._set_state("inactive")
        self._tag_asked_for()
        world.cr.commit()
        ours, floor, ratio = alternate(world.engine_batch, lambda: self.floor.batch(self.write))
        same_rows(world.cr, self.ours, self.twin)
        world.retire(self.ours)
        figure = Figure(f"{self.step_type} alone", ours.total, ours.rate, floor.rate, ratio)
        figure.statements = ours.statements / ours.total
        return within(figure, limit=4, statements=0.05, quick=quick)


class Pause(Alone):
    step_type = "pause"

    def tree(self):
        return [("pause", {"pause_days": 1})]

    def write(self, ids, partner_ids):
        self.floor.sleep(ids, self.step_id, TOMORROW)


class If(Alone):
    step_type = "if"

    def tree(self):
        return [("if", self._has_tag())]

    def write(self, ids, partner_ids):
        for outcome, own in zip(("yes", "no"), self._split(ids, partner_ids), strict=True):
            self._passed(own, outcome)


class Switch(Alone):
    step_type = "switch"

    def tree(self):
        never = {"rule_ids": [(0, 0, {"kind": "domain", "domain_partner": "[('email', '=', 'nobody')]"})]}
        return [("switch", {"case_ids": [(0, 0, {"name": "a", **never}), (0, 0, {"name": "b", **self._has_tag()})]})]

    def write(self, ids, partner_ids):
        for outcome, own in zip(("case_2", "otherwise"), self._split(ids, partner_ids), strict=True):
            self._passed(own, outcome)


class Goto(Alone):
    step_type = "goto"

    def tree(self):
        return [("if", self._has_tag(), {"yes": [("pause", {"pause_days": 1})], "no": [("goto", {})]})]

    def write(self, ids, partner_ids):
        self.floor.trace(ids, (self.step_id, "goto", None))
        self.floor.sleep(ids, self.step.goto_step_id.id, TOMORROW)


class Tag(Alone):
    step_type = "tag"

    def tree(self):
        return [("tag", {"tag_id": self.world.tag("Given").id})]

    def write(self, ids, partner_ids):
        self.floor.tag(partner_ids, self.step.tag_id.id)
        self._passed(ids)


class Score(Alone):
    step_type = "score"

    def tree(self):
        return [("score", {"score_points": 5})]

    def write(self, ids, partner_ids):
        self.floor.score(partner_ids, 5)
        self._passed(ids)


class End(Alone):
    step_type = "end"

    def tree(self):
        return [("end", {})]

    def write(self, ids, partner_ids):
        self.floor.trace(ids, (self.step_id, "end", "end_step"))
        self.floor.end(ids, self.step_id, "end_step")


def control(world, sizes, quick):
    """Each control step alone, beside raw SQL writing the same rows."""
    partner_ids = world.partners(QUICK_SIZE if quick else SIZE)
    known = dict(world.env["marketing.scenario.step"]._fields["step_type"].selection)
    for kind in (Pause, If, Switch, Goto, Tag, Score, End):
        if kind.step_type in known:
            yield kind(world, partner_ids).figure(quick)
