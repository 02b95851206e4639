"""Nothing of a dry run lasts or gets out, whatever code it runs (S39)."""

from concurrent.futures import ThreadPoolExecutor

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ...models.dry import is_dry
from ...models.simulation.world import dry_world
from ...tools.seal import Sealed
from ..committed_case import CommittedCase
from ..common import MONDAY, ScenarioCase


@tagged("post_install", "-at_install")
class TestDryWorld(ScenarioCase):
    def test_rows_can_be_fetched_in_each_way(self):
        with dry_world(self.env, MONDAY) as env:
            env.cr.execute("SELECT 1 AS one UNION SELECT 2 ORDER BY 1")
            self.assertEqual((env.cr.dictfetchone(), env.cr.dictfetchall()), ({"one": 1}, [{"one": 2}]))

    def test_what_is_written_is_undone(self):
        with dry_world(self.env, MONDAY) as env:
            contact = env["res.partner"].browse(self.contact.id)
            contact.name = "Somebody else"
            env.flush_all()
            self.assertTrue(is_dry(env))
            self.assertEqual(contact.name, "Somebody else")
        self.env.invalidate_all()
        self.assertEqual(self.contact.name, "Léa Martin")
        self.assertFalse(is_dry(self.env))

    def test_what_was_not_flushed_before_is_seen_and_kept(self):
        self.contact.function = "Baker"
        with dry_world(self.env, MONDAY) as env:
            self.assertEqual(env["res.partner"].browse(self.contact.id).function, "Baker")
        self.env.invalidate_all()
        self.assertEqual(self.contact.function, "Baker")

    def test_the_cursor_cannot_commit_roll_back_or_close(self):
        with dry_world(self.env, MONDAY) as env:
            for name in ("commit", "rollback", "close"):
                with self.subTest(name), self.assertRaises(Sealed):
                    getattr(env.cr, name)()

    def test_no_second_cursor(self):
        with dry_world(self.env, MONDAY) as env, self.assertRaises(Sealed):
            env.registry.cursor()

    def test_the_database_itself_refuses_a_commit(self):
        """Code that reaches the connection below the cursor meets PostgreSQL."""
        for attempt in ("connection", "statement"):
            with self.subTest(attempt), self.registry.cursor() as cr:
                env = api.Environment(cr, SUPERUSER_ID, {})
                before = env["res.partner"].search_count([("name", "=", "Never there")])
                silent = mute_logger("odoo.sql_db")
                with silent, self.assertRaisesRegex(UserError, "make its work lasting"), dry_world(env, MONDAY) as dry:
                    dry["res.partner"].create({"name": "Never there"})
                    dry.flush_all()
                    if attempt == "connection":
                        cr._cnx.commit()
                    else:
                        dry.cr.execute("COMMIT")
                cr.rollback()
                self.assertEqual(env["res.partner"].search_count([("name", "=", "Never there")]), before)

    def test_hooks_of_a_commit_are_never_called(self):
        called = []
        with dry_world(self.env, MONDAY) as env:
            for hook in ("postcommit", "postrollback"):
                getattr(env.cr, hook).add(lambda hook=hook: called.append(hook))
        self.assertFalse(called)
        self.assertFalse(self.env.cr.postcommit)

    def test_attachments_leave_no_file(self):
        with dry_world(self.env, MONDAY) as env:
            attachment = env["ir.attachment"].create({"name": "a", "raw": b"only in a dry run"})
            self.assertFalse(attachment.store_fname)
            self.assertEqual(attachment.raw, b"only in a dry run")

    def test_no_number_is_drawn(self):
        sequence = self.env["ir.sequence"].create({"name": "Numbers", "prefix": "N"})
        dated = self.env["ir.sequence"].create({"name": "Dated", "prefix": "D", "use_date_range": True})
        self.assertEqual([sequence.next_by_id(), dated.next_by_id()], ["N1", "D1"])
        with dry_world(self.env, MONDAY) as env:
            numbers = [env["ir.sequence"].browse(one.id).next_by_id() for one in (sequence, dated)]
            self.assertEqual(numbers, ["N2", "D2"])
        self.assertEqual([sequence.next_by_id(), dated.next_by_id()], ["N2", "D2"])

    def test_what_was_cached_is_forgotten(self):
        parameters = self.env["ir.config_parameter"]
        parameters.set_param("marketing_test.word", "real")
        with dry_world(self.env, MONDAY) as env:
            env["ir.config_parameter"].set_param("marketing_test.word", "dry")
            self.assertEqual(env["ir.config_parameter"].get_param("marketing_test.word"), "dry")
        self.assertEqual(parameters.get_param("marketing_test.word"), "real")

    def test_its_clock_moves_alone(self):
        with dry_world(self.env, MONDAY) as env:
            env.cr.at(MONDAY.replace(year=2030))
            self.assertEqual(env["res.partner"].create({"name": "Late"}).create_date.year, 2030)
        self.assertNotEqual(self.env.cr.now().year, 2030)


@tagged("post_install", "-at_install")
class TestDryCaches(CommittedCase):
    """Odoo's caches are shared by the threads of a process."""

    def setUp(self):
        super().setUp()
        with self.registry.cursor() as cr:
            self.environment(cr)["ir.config_parameter"].set_param("marketing_test.shared", "real")
        self.registry.reset_changes()
        self.thread = ThreadPoolExecutor(1)  # a dry run may begin none
        self.addCleanup(self.tidy)
        self.assertEqual(self.word_in_another_thread(), "real")

    def tidy(self):
        with self.registry.cursor() as cr:
            self.environment(cr)["ir.config_parameter"].search([("key", "=", "marketing_test.shared")]).unlink()
        self.registry.reset_changes()
        self.thread.shutdown()

    def word(self, cr):
        return self.environment(cr)["ir.config_parameter"].get_param("marketing_test.shared")

    def word_in_another_thread(self):
        def read():
            with self.registry.cursor() as cr:
                return self.word(cr)

        return self.thread.submit(read).result(60)

    def test_no_other_thread_reads_what_it_cached(self):
        with self.registry.cursor() as cr:
            self.assertEqual(self.word(cr), "real")
            with dry_world(self.environment(cr), MONDAY) as dry:
                parameters = dry["ir.config_parameter"]
                self.assertEqual(parameters.get_param("marketing_test.shared"), "real")
                parameters.set_param("marketing_test.shared", "dry")
                self.assertEqual(parameters.get_param("marketing_test.shared"), "dry")
                self.assertEqual(self.word_in_another_thread(), "real")
                self.assertEqual(parameters.get_param("marketing_test.shared"), "dry")
            self.assertEqual(self.word(cr), "real")
        self.assertEqual(self.word_in_another_thread(), "real")

    def test_what_it_forgets_stays_known_to_the_others(self):
        with self.registry.cursor() as cr:
            self.word(cr)
            known = {name: set(cache) for name, cache in self.registry._Registry__caches.items()}
            self.assertTrue(known["stable"])
            with dry_world(self.environment(cr), MONDAY) as dry:
                dry.registry.clear_all_caches()
                dry["ir.config_parameter"].get_param("marketing_test.other")
            for name, cache in self.registry._Registry__caches.items():
                self.assertEqual(set(cache), known[name], name)
        self.assertFalse(self.registry.cache_invalidated)
