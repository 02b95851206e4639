"""Two calls of one webhook address at one moment: the later begins again, and nobody reads of an error. Committed."""

from datetime import datetime

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID
from odoo.tests import tagged

from ...models.entry import sql
from ..committed_case import CommittedCase

NOW = datetime(2026, 3, 2, 10)


@tagged("post_install", "-at_install")
class TestTokenRace(CommittedCase):
    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            tokens = self.environment(cr)["marketing.scenario.token"]
            self.token_id = tokens.create({"name": "Race", "user_id": SUPERUSER_ID}).id
        self.addCleanup(self.tidy)

    def tidy(self):
        with self.registry.cursor() as cr:
            self.environment(cr)["marketing.scenario.token"].browse(self.token_id).unlink()

    def test_a_conflict_is_no_error_in_the_log(self):
        with self.registry.cursor() as one, self.registry.cursor() as two:
            two.execute("SELECT 1")  # its snapshot is older than the other call
            self.assertEqual(sql.count_call(one, self.token_id, NOW, 60), 1)
            one.commit()
            with self.assertNoLogs("odoo.sql_db", "ERROR"), self.assertRaises(SerializationFailure):
                sql.count_call(two, self.token_id, NOW, 60)
            two.rollback()
            self.assertEqual(sql.count_call(two, self.token_id, NOW, 60), 2)
            two.rollback()
