from datetime import datetime, timedelta
from unittest.mock import patch

from odoo.tests import TransactionCase

from ..models import clock
from ..models.dry import is_dry

MONDAY = datetime(2026, 3, 2, 10, 0)  # 11:00 in Paris, in office hours


class ScenarioCase(TransactionCase):
    """Builds scenarios in reading order, moves the clock, compares whole journeys."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True, "no_reset_password": True})
        cls.env.company.partner_id.tz = "Europe/Paris"
        cls.contact = cls._make_contact("Léa Martin", "lea@example.com")

    def setUp(self):
        super().setUp()
        self.set_now(MONDAY)

    def set_now(self, moment):
        """Set the clock of the engine."""
        self.now = moment
        if not hasattr(self, "_clock"):
            self._clock = self.startPatcher(patch.object(clock, "now", autospec=True))
        # a dry run has a clock of its own
        self._clock.side_effect = lambda env: env.cr.now() if is_dry(env) else self.now

    def forward(self, run=True, **delta):
        """Let time pass (arguments of timedelta) and run what is due then."""
        self.set_now(self.now + timedelta(**delta))
        return self.run_due() if run else 0

    def run_due(self):
        return self.env["marketing.scenario.engine"]._run_due()

    @classmethod
    def _make_contact(cls, name, email=False, **vals):
        return cls.env["res.partner"].create({"name": name, "email": email, "marketing_optin": True, **vals})

    @classmethod
    def _make_lead(cls, name="Lead", **vals):
        return cls.env["crm.lead"].create({"name": name, "type": "lead", "marketing_optin": True, **vals})

    @classmethod
    def _make_scenario(cls, *steps, active=True, name="Scenario", **vals):
        """A scenario from steps in reading order.

        Each step is ``(type, settings, label)`` or ``(type, settings, label, {outcome: [steps of that branch]})``;
        settings and label may be left out. A branch without End gets one.
        """
        scenario = cls.env["marketing.scenario"].create({"name": name, **vals})
        cls._add_steps(scenario.start_step_id, "next", steps)
        scenario.action_add_missing_ends()
        if active:
            scenario._set_state("active")
        return scenario

    @classmethod
    def _add_steps(cls, parent, outcome, steps):
        for spec in steps:
            step_type, settings, label, branches = (*spec, *(None,) * 4)[:4]
            parent = cls.env["marketing.scenario.step"].create(
                {
                    "scenario_id": parent.scenario_id.id,
                    "parent_id": parent.id,
                    "outcome": outcome,
                    "step_type": step_type,
                    "name": label or step_type,
                    **(settings or {}),
                }
            )
            outcome = "next"
            for branch, inner in (branches or {}).items():
                cls._add_steps(parent, branch, inner)

    def _step(self, scenario, name):
        return scenario.step_ids.filtered(lambda step: step.name == name)

    def _enroll(self, scenario, records, door="hand"):
        enrollments, refused = scenario._enroll(records, door)
        self.assertFalse(refused)
        return enrollments

    def path(self, enrollment):
        """``["label:outcome", …]``: the steps passed, in order."""
        enrollment.invalidate_recordset()
        traces = self.env["marketing.scenario.trace"].search([("enrollment_id", "=", enrollment.id)], order="id")
        return [f"{trace.step_id.name}:{trace.event or trace.outcome}" for trace in traces]

    def assertJourney(self, enrollment, *expected):
        """The whole path after the entry, and where it ended."""
        self.assertEqual(self.path(enrollment)[1:], list(expected))
