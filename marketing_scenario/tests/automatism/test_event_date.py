from datetime import datetime, timedelta

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..automatism_common import AutomatismCase
from ..common import MONDAY


@tagged("post_install", "-at_install")
class TestEventDate(AutomatismCase):
    """Date reached and anniversary (S14): each day once, missed days made up for."""

    def dates(self):
        self.env["marketing.automatism"]._cron_dates()
        self.process()

    def lead(self, name, **delta):
        return self._make_lead(name, date_deadline=(MONDAY + timedelta(**delta)).date())

    def test_days_before_once_and_caught_up(self):
        automatism = self._make_automatism("date_reached", date_offset=-3)
        today, tomorrow, later = (self.lead(str(days), days=days) for days in (3, 4, 6))
        passed = self.lead("passed", days=2)
        self.dates()
        self.assertEqual([self.inside(r) for r in (today, tomorrow, passed)], [True, False, False])
        self.dates()
        self.assertEqual(automatism.fired_count, 1)
        self.set_now(MONDAY + timedelta(days=3))  # two days without server
        self.dates()
        self.assertEqual([self.inside(r) for r in (tomorrow, later)], [True, True])
        self.assertEqual(automatism.fired_count, 3)

    def test_days_after_and_zone_of_the_company(self):
        self._make_automatism("date_reached", date_offset=1)
        lead = self.lead("due today")
        self.dates()
        self.assertFalse(self.inside(lead))
        self.set_now(datetime(2026, 3, 2, 23, 30))  # already the 3rd in Paris
        self.dates()
        self.assertTrue(self.inside(lead))

    def test_moment_fields(self):
        automatism = self._make_automatism("date_reached", date_field="date_open", date_offset=1)
        late, early = self._make_lead("late"), self._make_lead("early")
        late.date_open = datetime(2026, 3, 1, 22, 59)  # 1 March in Paris
        early.date_open = datetime(2026, 3, 1, 23, 1)  # 2 March in Paris
        self.env.flush_all()
        self.dates()
        self.assertEqual([self.inside(late), self.inside(early)], [True, False])
        self.assertEqual(automatism.fired_count, 1)

    def test_anniversary_not_the_day_itself_and_29_february(self):
        self.set_now(datetime(2027, 2, 28, 10, 0))
        automatism = self._make_automatism("anniversary")
        days = ("2024-02-29", "2020-02-28", "2027-02-28", "2024-03-01")
        leads = [self._make_lead(day, date_deadline=day) for day in days]
        self.dates()
        self.assertEqual([self.inside(lead) for lead in leads], [True, True, False, False])
        self.set_now(datetime(2028, 2, 28, 10, 0))
        automatism.date_last_day = "2028-02-27"
        self.scenario.reentry = "finished"
        self.scenario.enrollment_ids._stop("by_hand")
        self.dates()
        self.assertEqual([self.inside(lead) for lead in leads], [False, True, True, False])

    def test_switched_on_again_does_not_make_up_for_the_time_off(self):
        automatism = self._make_automatism("date_reached")
        lead = self.lead("missed", days=1)
        automatism.active = False
        self.set_now(MONDAY + timedelta(days=2))
        automatism.active = True
        self.dates()
        self.assertFalse(self.inside(lead))

    def test_field_that_is_gone_disturbs_nobody(self):
        broken, whole = self._make_automatism("date_reached"), self._make_automatism("date_reached")
        self.env.flush_all()
        self.env.cr.execute("UPDATE marketing_automatism SET date_field = 'x_gone' WHERE id = %s", [broken.id])
        broken.invalidate_recordset()
        self.lead("today")
        self.dates()
        self.assertIn("x_gone", broken.last_error)
        self.assertEqual(whole.fired_count, 1)

    def test_only_the_automatism_whose_date_it_is(self):
        first = self._make_automatism("date_reached", date_offset=0)
        second = self._make_automatism("date_reached", date_offset=5)
        self.lead("today")
        self.dates()
        self.assertEqual((first.fired_count, second.fired_count), (1, 0))

    def test_only_date_fields(self):
        for name in ("name", "nothing", False):
            with self.assertRaises(ValidationError):
                self._make_automatism("date_reached", date_field=name)
