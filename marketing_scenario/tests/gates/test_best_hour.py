"""A message leaves at the hour at which its reader mostly reacts, within its window (S59)."""

from datetime import datetime, timedelta

from odoo.tests import tagged

from ...models.gates.best_hour import _ranked
from ..common import MONDAY
from ..step_case import StepCase

MAIL = {"email_subject": "Hi", "email_body_html": "<p>Hi</p>", "best_hour": True}


@tagged("post_install", "-at_install")
class TestBestHour(StepCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.office = cls.env["marketing.window"].create({"name": "Office", "hour_from": 9, "hour_to": 18})

    def _reacts(self, record, *moments, what="links_click_datetime", **vals):
        """Messages of the past to which somebody reacted at these moments (naive UTC)."""
        return self.env["mailing.trace"].create(
            [
                {
                    "trace_type": "mail",
                    "model": record._name,
                    "res_id": record.id,
                    "email": record.email_normalized,
                    what: moment,
                    **vals,
                }
                for moment in moments
            ]
        )

    def _at(self, hour, count=5, first=1):
        """``count`` moments at this hour of Paris, in February."""
        return [datetime(2026, 2, first + day, hour - 1, 20) for day in range(count)]

    def _scenario(self, step_type="email", settings=None, **vals):
        return self._scenario_of(step_type, {**(settings or MAIL), "window_id": self.office.id}, **vals)

    def _waits(self, scenario, record):
        """:return: the local moment for which the message of ``record`` waits, and why"""
        run = self._walk(scenario, record)
        if run.state != "running":
            return None, False
        return run.next_run_at + timedelta(hours=1), run.wait_reason

    def test_at_the_hour_of_the_person(self):
        self._reacts(self.contact, *self._at(15), *self._at(10, 2))
        scenario = self._scenario()
        self.assertEqual(self._waits(scenario, self.contact), (datetime(2026, 3, 2, 15), "best_hour"))
        run = scenario.enrollment_ids
        self.assertEqual(run.why, "Waiting for the best hour")
        self.forward(hours=3, minutes=59)
        self.assertEqual(run.state, "running", "shown and kept: 15:00, not before")
        self.forward(minutes=1)
        self.assertEqual(self.path(run)[-2:], ["step:next", "End:end"])

    def test_within_that_hour_at_once_and_after_it_tomorrow(self):
        self._reacts(self.contact, *self._at(11))
        self.assertEqual(self._waits(self._scenario(), self.contact), (None, False), "it is 11 o'clock")
        self._reacts(self.account, *self._at(10))
        self.assertEqual(self._waits(self._scenario(), self.account), (datetime(2026, 3, 3, 10), "best_hour"))

    def test_answers_count_and_openings_do_not(self):
        self._reacts(self.contact, *self._at(12, 9), what="open_datetime", trace_status="open")
        self._reacts(self.contact, *self._at(16, 5), what="reply_datetime")
        self.assertEqual(self._waits(self._scenario(), self.contact)[0], datetime(2026, 3, 2, 16))

    def test_four_reactions_are_no_habit(self):
        self._reacts(self.contact, *self._at(15, 4))
        self.assertEqual(self._waits(self._scenario(), self.contact), (None, False))

    def test_old_reactions_are_forgotten(self):
        old = self._reacts(self.contact, *self._at(15))
        self.env.flush_all()
        self.env.cr.execute("UPDATE mailing_trace SET create_date = '2025-01-01' WHERE id = ANY(%s)", [old.ids])
        self.assertEqual(self._waits(self._scenario(), self.contact), (None, False))

    def test_a_person_is_all_their_records(self):
        lead = self._make_lead("Deal", partner_id=self.contact.id, email_from="lea@home.example.com")
        self._reacts(lead, *self._at(15, 3))
        self._reacts(self.contact, *self._at(15, 2))
        self.assertEqual(self._waits(self._scenario(), self.contact)[0], datetime(2026, 3, 2, 15))

    def test_the_window_wins(self):
        self._reacts(self.contact, *self._at(21, 9), *self._at(14, 2))
        self.assertEqual(self._waits(self._scenario(), self.contact)[0], datetime(2026, 3, 2, 14), "the best inside")
        self._reacts(self.account, *self._at(21, 9))
        self.assertEqual(self._waits(self._scenario(), self.account), (None, False), "none inside: as without")
        self.set_now(datetime(2026, 3, 6, 16))  # Friday, 17:00
        self.assertEqual(self._waits(self._scenario(), self.contact)[0], datetime(2026, 3, 9, 14), "not at the weekend")

    def test_the_law_wins(self):
        self._reacts(self.contact, *self._at(22, 9), *self._at(19, 2))
        settings = {"sms_body": "Hi", "best_hour": True}
        scenario = self._scenario_of("sms", settings)
        self.env.company.marketing_window_id = False
        self.assertEqual(self._waits(scenario, self.contact)[0], datetime(2026, 3, 2, 19), "SMS leave until 20:00")

    def test_else_at_the_hour_of_the_company(self):
        self.env.company.marketing_best_hours = [7, 16, 10]
        self.assertEqual(self._waits(self._scenario(), self.contact)[0], datetime(2026, 3, 2, 16))
        self._reacts(self.account, *self._at(13))
        self.assertEqual(self._waits(self._scenario(), self.account)[0], datetime(2026, 3, 2, 13), "the person's first")

    def test_an_engine_that_is_late_does_not_wait_for_tomorrow(self):
        self._reacts(self.contact, *self._at(15))
        scenario = self._scenario()
        run = self._walk(scenario, self.contact)
        self.forward(hours=5, minutes=30)
        self.assertEqual(run.state, "done")
        self._reacts(self.account, *self._at(15))
        self.set_now(MONDAY)
        run = self._walk(self._scenario(), self.account)
        self.forward(hours=9)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 3, 14), "closed meanwhile: the best hour of the next day")

    def test_summer_time(self):
        self._reacts(self.contact, *self._at(15))
        self.set_now(datetime(2026, 3, 27, 15))  # Friday 16:00; on Sunday the clock jumps
        run = self._walk(self._scenario(), self.contact)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 30, 13), "15:00 of Paris all the same")

    def test_the_zone_of_the_person(self):
        self.contact.tz = "America/New_York"
        self._reacts(self.contact, *[datetime(2026, 2, day, 15, 5) for day in range(1, 7)])  # 10 in New York
        run = self._walk(self._scenario(), self.contact)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 2, 15))

    def test_a_one_to_one_keeps_the_hour_instead_of_the_first_minute(self):
        self._reacts(self.contact, *self._at(15))
        self.env.company.marketing_window_id = self.office
        one = {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hi</p>", "best_hour": True}
        scenario = self._make_scenario(("pause", {"pause_days": 1}, "day"), ("one_to_one", one, "step"))
        run = self._walk(scenario, self.contact)
        self.assertEqual(run.next_run_at, datetime(2026, 3, 3, 10), "a day later at the same time")
        self.forward(days=1)
        self.assertEqual((run.step_id.name, run.next_run_at), ("step", datetime(2026, 3, 3, 14)))

    def test_recalculating_finds_the_new_best_hour(self):
        scenario = self._scenario()
        self.env.company.marketing_best_hours = [16]
        run = self._walk(scenario, self.contact)
        self.env.company.marketing_best_hours = [14]
        run._recalculate([("id", "=", run.id)])
        self.assertEqual(run.next_run_at, datetime(2026, 3, 2, 13))

    def test_the_hours_of_a_company_are_counted_at_night(self):
        scenario = self._scenario_of("end")
        runs = self._enroll(scenario, self.contact) + self._enroll(scenario, self.lead)
        american = self._make_contact("Ann", "ann@example.com", tz="America/New_York")
        runs += self._enroll(scenario, american)
        self._reacts(self.contact, *[moment for moment in self._at(15, 20)], marketing_enrollment_id=runs[0].id)
        self._reacts(self.lead, *self._at(15, 15), marketing_enrollment_id=runs[1].id)
        self._reacts(american, *[datetime(2026, 2, 1, 22)] * 14, marketing_enrollment_id=runs[2].id)
        companies = self.env["res.company"]
        companies._cron_best_hours()
        self.assertFalse(self.env.company.marketing_best_hours, "49 are too few")
        self._reacts(american, datetime(2026, 2, 2, 23), marketing_enrollment_id=runs[2].id)
        companies._cron_best_hours()
        self.assertEqual(self.env.company.marketing_best_hours, [15, 17, 18])
        step = self._step(self._scenario(active=False), "step")
        self.assertIn("most people react: 15:00, 17:00, 18:00.", step.best_hours_told)
        self.assertIn("at the best hour of each person", step._sentence())

    def test_the_best_first(self):
        self.assertEqual(_ranked({9: 1, 14: 5, 8: 5}), [8, 14, 9])

    def test_budget(self):
        self.assertBudget(self._scenario_of("email", MAIL), 90, more=20)
