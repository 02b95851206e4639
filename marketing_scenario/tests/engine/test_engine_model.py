"""The engine against a small model of the specification, over random trees and random faults."""

from contextlib import ExitStack, closing
from datetime import timedelta
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from odoo.tests import tagged
from odoo.tools import mute_logger

from ..common import MONDAY, ScenarioCase

BACK_OFF = (1, 10, 60, 360, 1440)
HORIZON = timedelta(days=30)
VISIT_LIMIT = 3

# A tree is a list of steps in reading order; an IF carries its two branches. Pauses are in hours.
pauses = st.tuples(st.just("pause"), st.integers(1, 40))
tags = st.tuples(st.just("tag"), st.integers(0, 2))
loops = st.tuples(st.just("goto"), st.just(0))


def branches(children):
    return st.tuples(st.just("if"), st.integers(0, 2), children, children)


trees = st.recursive(
    st.lists(pauses | tags, max_size=3),
    lambda children: st.builds(
        lambda head, last: [*head, last], st.lists(pauses | tags, max_size=3), branches(children) | loops
    ),
    max_leaves=5,
)
people = st.lists(
    st.fixed_dictionaries(
        {
            "tags": st.sets(st.integers(0, 2)),
            "failures": st.dictionaries(st.integers(0, 2), st.integers(1, 7), max_size=2),
        }
    ),
    min_size=1,
    max_size=6,
)


def expected(tree, person):
    """What the specification says of one person: ``(path, state)``; each passage is (label, outcome, hours)."""
    now, path, state = 0.0, [], None
    tags, failures, visits = set(person["tags"]), dict(person["failures"]), 0
    steps = numbered(tree)
    first_pause = ("pause", 1, "loop")
    coming = [first_pause, *steps]
    while now <= HORIZON.total_seconds() / 3600:
        kind, value, label, *inner = coming.pop(0) if coming else ("end", None, "End")
        if kind == "pause":
            if now + value > HORIZON.total_seconds() / 3600:
                return path, "running"
            now += value
            path.append((label, "next", round(now, 4)))
            visits += label == "loop"
        elif kind == "tag":
            for minutes in BACK_OFF:
                if not failures.get(value):
                    break
                failures[value] -= 1
                path.append((label, "retry", round(now, 4)))
                now += minutes / 60
                if now > HORIZON.total_seconds() / 3600:
                    return path, "running"
            if failures.get(value):
                return [*path, (label, "error", round(now, 4))], "error"
            tags.add(value)
            path.append((label, "next", round(now, 4)))
        elif kind == "if":
            answer = value in tags
            path.append((label, "yes" if answer else "no", round(now, 4)))
            coming = list(inner[0 if answer else 1])
        elif kind == "goto":
            if visits >= VISIT_LIMIT:
                return [*path, (label, "stopped", round(now, 4))], "stopped"
            path.append((label, "goto", round(now, 4)))
            coming = [first_pause, *steps]
        else:
            return [*path, (label, "end", round(now, 4))], "done"
    return path, state or "running"


def numbered(tree, prefix=""):
    """The tree with a unique label on each step: (kind, value, label, branches…)."""
    steps = []
    for number, (kind, value, *inner) in enumerate(tree):
        label = f"{prefix}{number}"
        steps.append(
            (kind, value, label, *(numbered(branch, f"{label}{way}") for way, branch in zip("yn", inner, strict=False)))
        )
    return steps


@tagged("post_install", "-at_install")
class TestEngineModel(ScenarioCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tags = cls.env["res.partner.category"].create([{"name": f"Tag {n}"} for n in range(3)])

    # no shrinking: a failing example is printed with its paths, and shrinking takes minutes
    @settings(
        max_examples=20,
        deadline=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(tree=trees, persons=people)
    def test_random_trees_and_faults(self, tree, persons):
        # each example undone: Hypothesis runs them all inside this one test
        with closing(self.env.cr.savepoint()):
            self._compare(tree, persons)
        self.env.invalidate_all()

    def _compare(self, tree, persons):
        self.set_now(MONDAY)
        scenario = self._make_scenario(
            ("pause", {"pause_hours": 1}, "loop"), *self._specs(numbered(tree)), visit_limit=VISIT_LIMIT
        )
        for step in scenario.step_ids.filtered(lambda step: step.step_type == "goto"):
            step.goto_step_id = self._step(scenario, "loop")
        contacts = self.env["res.partner"].create(
            [{"name": "P", "category_id": [(6, 0, [self.tags[t].id for t in person["tags"]])]} for person in persons]
        )
        enrollments = self._enroll(scenario, contacts)
        with self._failing({contact.id: person["failures"] for contact, person in zip(contacts, persons, strict=True)}):
            self._run_to_horizon(enrollments)
        for enrollment, person in zip(enrollments, persons, strict=True):
            path, state = expected(tree, person)
            self.assertEqual(self._timed_path(enrollment), path)
            self.assertEqual(enrollment.state, state)

    def _specs(self, steps):
        specs = []
        for kind, value, label, *inner in steps:
            settings_ = {"pause_hours": value} if kind == "pause" else {}
            if kind == "tag":
                settings_ = {"tag_id": self.tags[value].id}
            elif kind == "if":
                settings_ = {"rule_ids": [(0, 0, {"kind": "tag", "tag_id": self.tags[value].id})]}
            ways = dict(zip(("yes", "no"), (self._specs(branch) for branch in inner), strict=False))
            specs.append((kind, settings_, label, ways))
        return specs

    def _run_to_horizon(self, enrollments):
        for _tick in range(500):
            enrollments.invalidate_recordset()
            moments = [e.next_run_at for e in enrollments if e.state == "running"]
            if not moments or min(moments) > MONDAY + HORIZON:
                return
            self.set_now(max(min(moments), self.now))
            self.run_due()
        self.fail("the engine does not come to rest")

    def _timed_path(self, enrollment):
        traces = self.env["marketing.scenario.trace"].search(
            [("enrollment_id", "=", enrollment.id), ("event", "!=", "entered")], order="id"
        )
        hours = [round((trace.at - MONDAY).total_seconds() / 3600, 4) for trace in traces]
        return [(trace.step_id.name, trace.event or trace.outcome, at) for trace, at in zip(traces, hours, strict=True)]

    def _failing(self, failures):
        """Adding tag ``t`` raises for a person at the first ``failures[t]`` instants it is tried."""
        step_class = type(self.env["marketing.scenario.step"])
        execute = step_class._execute_tag
        tried = {}

        def execute_or_fail(step, run, group):
            number = self.tags.ids.index(step.tag_id.id)
            for partner_id in group.partner_id.ids:
                instants = tried.setdefault((number, partner_id), [])
                if run.now not in instants:
                    instants.append(run.now)
                if instants.index(run.now) < failures[partner_id].get(number, 0):
                    raise ValueError("random fault")
            return execute(step, run, group)

        faults = ExitStack()
        faults.enter_context(patch.object(step_class, "_execute_tag", execute_or_fail))
        faults.enter_context(mute_logger("odoo.addons.marketing_scenario.models.engine.engine"))
        return faults
