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

    def environment(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {"lang": "en_US", "tracking_disable": True})
