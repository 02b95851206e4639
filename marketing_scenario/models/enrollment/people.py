"""Who is in a scenario and on a step: counts, and what protects people when the tree changes (S38, S41)."""

from collections import Counter, defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .states import CLOSING_EVENTS, LIVE_STATES, is_passed

SHOWN = 40  # enrollments on the scenario's own page; the button shows them all
SHOWN_FIRST = (
    ("error", "id desc"),
    ("running", "next_run_at, id"),
    ("paused", "id desc"),
    ("done", "id desc"),
    ("stopped", "id desc"),
)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    enrollment_ids = fields.One2many("marketing.scenario.enrollment", "scenario_id", string="Enrollments")
    shown_enrollment_ids = fields.Many2many(
        "marketing.scenario.enrollment", string="Next to move", compute="_compute_shown_enrollment_ids"
    )
    running_count = fields.Integer("In now", compute="_compute_people_counts")
    done_count = fields.Integer("Finished", compute="_compute_people_counts")
    error_count = fields.Integer("Errors", compute="_compute_people_counts")

    def _compute_people_counts(self):
        """Counts by state; read as superuser so that a user sees the same figures as the manager."""
        counts = {
            (scenario.id, state): count
            for scenario, state, count in self.env["marketing.scenario.enrollment"]
            .sudo()  # figures only, no record is shown
            ._read_group([("scenario_id", "in", self.ids)], ["scenario_id", "state"], ["__count"])
        }
        for scenario in self:
            scenario.running_count = sum(counts.get((scenario.id, state), 0) for state in ("running", "paused"))
            scenario.done_count = sum(counts.get((scenario.id, state), 0) for state in ("done", "stopped"))
            scenario.error_count = counts.get((scenario.id, "error"), 0)

    def _compute_shown_enrollment_ids(self):
        """Errors first, then those whose moment comes first: never more than a page, however many are inside.

        State by state, each in the order of an index.
        """
        model = self.env["marketing.scenario.enrollment"]
        for scenario in self:
            shown = model
            for state, order in SHOWN_FIRST:
                if len(shown) < SHOWN:
                    of_state = Domain("scenario_id", "=", scenario._origin.id) & Domain("state", "=", state)
                    shown += model.search(of_state, limit=SHOWN - len(shown), order=order)
            scenario.shown_enrollment_ids = shown

    def action_view_enrollments(self):
        """Stat buttons: the enrollments in the states of the context (``marketing_states``), else all."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "marketing_scenario.marketing_scenario_enrollment_action"
        )
        domain = [("scenario_id", "=", self.id)]
        if states := self.env.context.get("marketing_states"):
            domain.append(("state", "in", states))
        return {**action, "domain": domain, "context": {}, "display_name": self.name}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    enrollment_ids = fields.One2many("marketing.scenario.enrollment", "step_id", string="Enrollments here")
    inside_count = fields.Integer("In now", compute="_compute_people_counts")
    passed_count = fields.Integer("Passed", compute="_compute_people_counts")
    skipped_count = fields.Integer("Skipped here", compute="_compute_people_counts")
    error_count = fields.Integer("Errors", compute="_compute_people_counts")
    way_counts = fields.Json("Left by each way", compute="_compute_people_counts")

    def _compute_people_counts(self):
        ways = defaultdict(Counter)
        inside = dict.fromkeys(self.ids, 0)
        passed, skipped, errors = dict(inside), dict(inside), dict(inside)
        # sudo: figures only; a user sees the same as the manager
        for step, state, count in (
            self.env["marketing.scenario.enrollment"]
            .sudo()
            ._read_group(
                [("step_id", "in", self.ids), ("state", "in", LIVE_STATES)],
                ["step_id", "state"],
                ["__count"],
            )
        ):
            (errors if state == "error" else inside)[step.id] += count
        for step, event, outcome, count in (
            self.env["marketing.scenario.trace"]
            .sudo()
            ._read_group([("step_id", "in", self.ids)], ["step_id", "event", "outcome"], ["__count"])
        ):
            if outcome:
                ways[step.id][outcome] += count
            if event == "skipped":
                skipped[step.id] += count
            elif is_passed(event, outcome) or event == "entered" and not step.parent_id:
                # Start leaves no other trace than the entry
                passed[step.id] += count
        for step in self:
            step.inside_count = inside.get(step.id, 0)
            step.passed_count = passed.get(step.id, 0)
            step.skipped_count = skipped.get(step.id, 0)
            step.error_count = errors.get(step.id, 0)
            step.way_counts = dict(ways[step.id])

    def _people(self):
        """The live enrollments that stand on these steps."""
        return self.env["marketing.scenario.enrollment"].search(
            [("step_id", "in", self.ids), ("state", "in", LIVE_STATES)]
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_people_inside(self):
        """S41: no one is orphaned."""
        # sudo: a figure only
        steps = self.sudo()._people().step_id
        if steps:
            raise UserError(
                self.env._(
                    "%(count)s people stand on %(steps)s. Move them to another step or take them out first.",
                    count=len(self.sudo()._people()),
                    steps=", ".join(steps.mapped("name")),
                )
            )

    def _delete(self, alone, people_to):
        """Delete the step (S25).

        :param alone: what follows closes up; else all that hangs below goes too
        :param people_to: step on which those who stand on deleted steps go on; empty: they leave the scenario
        """
        self.ensure_one()
        scenario = self.scenario_id
        scenario._claim_trees()
        people = (self if alone else self._with_descendants())._people()
        if people_to:
            people.move_to(people_to)
        else:
            people.action_take_out()
        if alone:
            self._cut_out()
        self.with_context(marketing_editing=True).unlink()
        scenario._keep_closed()

    def _replace_by(self, step_type, first, people, stranded):
        """Replace the type of this step (R33).

        :param first: see ``_ways_after_replacing``
        :param people: what becomes of those who stand on it: ``here`` (the new step deals with them), ``next``, ``out``
        :param stranded: what becomes of those who stand on the steps that go: ``here`` or ``out``
        :raise UserError: ``next`` is chosen and nothing follows
        """
        self.ensure_one()
        self.scenario_id._claim_trees()
        here, lost = self._people(), self._lost_by_replacing(step_type, first)
        following = (self.child_ids - lost).filtered(lambda step: step == first)[:1] or (self.child_ids - lost)[:1]
        if here and people == "next":
            if not following:
                raise UserError(self.env._("Nothing follows: choose something else for the people who stand there."))
            here.move_to(following)
        if lost and stranded == "here":
            lost._people().move_to(self)
        else:
            lost._people().action_take_out()
        if people == "out":
            here.action_take_out()
        self._replace(step_type, first)
        if here and people == "here":
            here.move_to(self)

    def action_view_inside(self):
        """The people who stand on this step now."""
        self.ensure_one()
        return self._action_view_people(("running", "paused"))

    def action_view_errors(self):
        """The people parked on this step with an error, and why."""
        return self._action_view_people(("error",), "marketing_scenario_enrollment_error_action")

    def action_view_passed(self):
        """Who passed this step, when and by which way."""
        return self._action_view_traces(self._passed_domain())

    def action_view_skipped(self):
        """Who did not get what this step does, and why."""
        return self._action_view_traces(Domain("event", "=", "skipped"))

    def _passed_domain(self):
        """The traces counted as passed: see ``is_passed``; Start leaves no other trace than the entry."""
        closing = CLOSING_EVENTS if self.parent_id else (*CLOSING_EVENTS, "entered")
        return self._left_domain() | Domain("event", "in", closing)

    def _left_domain(self):
        """The traces of those who left this step by one of its ways, its work done."""
        return Domain("event", "=", False) & Domain("outcome", "!=", False)

    def _action_view_people(self, states, action="marketing_scenario_enrollment_action"):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(f"marketing_scenario.{action}")
        domain = [("step_id", "=", self.id), ("state", "in", states)]
        return {**action, "display_name": self.name, "domain": domain, "context": {}}

    def _action_view_traces(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.marketing_scenario_trace_action")
        domain &= Domain("step_id", "=", self.id)
        return {**action, "display_name": self.name, "domain": list(domain), "context": {}}
