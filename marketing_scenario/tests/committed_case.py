from odoo import SUPERUSER_ID, api
from odoo.modules.registry import DummyRLock, Registry
from odoo.tests import BaseCase
from odoo.tests.common import get_db_name


class CommittedCase(BaseCase):
    """Real transactions, committed: each test makes its rows with a cursor of its own and tidies up after itself."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        # Odoo's runner holds this lock during the tests; other threads and cursors need it
        self.patch(Registry, "_lock", DummyRLock())

    def made(self, env, name, *steps, **values):
        """A scenario, a draft: these steps ``(type, label, settings)`` in a line, then an End."""
        scenario = env["marketing.scenario"].create({"name": name, **values})
        step = scenario.start_step_id
        for step_type, label, settings in (*steps, ("end", "End", {})):
            place = {"scenario_id": scenario.id, "parent_id": step.id, "step_type": step_type, "name": label}
            step = step.create({**place, **settings})
        return scenario

    def environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
