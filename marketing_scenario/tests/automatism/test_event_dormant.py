"""No activity for some days (S14): once per dormancy, by facts, at the cost of what happened."""

from datetime import timedelta

from odoo.tests import tagged
from odoo.tools import SQL

from ...models.automatism import sql
from ..automatism_common import AutomatismCase
from ..common import MONDAY

TEXT = "Talked to them"


@tagged("post_install", "-at_install")
class TestEventDormant(AutomatismCase):
    def setUp(self):
        super().setUp()
        self.account = self._make_contact("Mill Ltd", is_company=True)
        self.contact = self._make_contact("Léa", "lea@mill.example.com", parent_id=self.account.id)
        self.lead = self._make_lead("Wants a mill", partner_id=self.contact.id)
        self.everybody = self.account + self.contact
        self.age(60)
        self.dormant = {}

    def age(self, days):
        """Everything the records of this test did so far was so many days ago."""
        self.env.flush_all()
        at = MONDAY - timedelta(days=days)
        for table, columns in (
            ("res_partner", ("create_date",)),
            ("crm_lead", ("create_date", "date_last_stage_update")),
            ("mail_message", ("date",)),
        ):
            values = SQL(", ").join(SQL("%s = %s", SQL.identifier(column), at) for column in columns)
            self.env.cr.execute(SQL("UPDATE %s SET %s", SQL.identifier(table), values))
        self.env.invalidate_all()

    def listen(self, model="crm.lead", days=30, **vals):
        return self._make_automatism(
            "dormant", {"kind": "score", "score_points": 1}, dormant_model=model, dormant_days=days, **vals
        )

    def scan(self, automatism, **delta):
        """Let time pass and evaluate: how often it fired."""
        self.set_now(self.now + timedelta(**delta))
        before = automatism.fired_count
        automatism._cron_dormant()
        self.process()
        return automatism.fired_count - before

    def stir(self, record, days_ago=0):
        """A note on the record, so many days before now."""
        note = record.message_post(body=TEXT, message_type="comment", subtype_xmlid="mail.mt_note")
        note.date = self.now - timedelta(days=days_ago)
        return note

    def test_it_fires_once_for_a_dormancy_and_again_for_the_next(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen()
        self.assertEqual(self.scan(automatism, hours=1), 0, "a day too early")
        self.assertEqual(self.scan(automatism, days=1), 1)
        self.assertEqual([self.scan(automatism, days=1) for _day in range(5)], [0] * 5, "once")
        self.stir(self.lead)
        self.assertEqual(self.scan(automatism, days=29), 0)
        self.assertEqual(self.scan(automatism, days=2), 1, "the next dormancy")

    def test_who_slept_before_is_not_made_up_for(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen()
        automatism.active = False
        self.scan(automatism, days=5)
        automatism.active = True
        self.assertEqual(self.scan(automatism, days=1), 0)

    def test_days_without_server_are_made_up_for(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen()
        self.assertEqual(self.scan(automatism, days=10), 1)

    def test_each_fact_wakes(self):
        kind = self.env.ref("mail.mail_activity_data_call")
        mailing = self.env["mailing.mailing"].create(
            {"subject": "News", "name": "News", "mailing_model_id": self.env["ir.model"]._get_id("crm.lead")}
        )
        point = self.env["marketing.engagement.point"].create({"name": "Form"})
        campaign = self.env["marketing.phoning.campaign"].create({"name": "Calls"})
        lead, at = self.lead, MONDAY - timedelta(days=10)
        about = {"model": "crm.lead", "res_id": lead.id}

        def activity_done():
            activity = lead.activity_schedule(activity_type_id=kind.id, automated=True)
            activity.write({"active": False})
            activity.marketing_done_at = at

        facts = {
            "a note": lambda: self.stir(lead, days_ago=10),
            "an email received": lambda: lead.message_post(body=TEXT, message_type="email").write({"date": at}),
            "an activity done": activity_done,
            "another stage": lambda: lead.write({"date_last_stage_update": at}),
            "a click": lambda: self.env["mailing.trace"].create(
                {**about, "mass_mailing_id": mailing.id, "links_click_datetime": at}
            ),
            "a form": lambda: self.env["marketing.engagement.submission"].create(
                {"point_id": point.id, "at": at, "lead_id": lead.id}
            ),
            "a call": lambda: self.env["marketing.phoning.call"].create(
                {"campaign_id": campaign.id, "lead_id": lead.id, "state": "done", "done_at": at}
            ),
            "its contact": lambda: self.stir(self.contact, days_ago=10),
        }
        for name, happen in facts.items():
            with self.subTest(fact=name), self.env.cr.savepoint() as savepoint:
                self.assertFalse(self._awake(lead), "before")
                happen()
                self.assertTrue(self._awake(lead))
                savepoint.rollback()
                self.env.invalidate_all()

    def _awake(self, record, days=30):
        automatism = self.env["marketing.automatism"].new({"dormant_days": days})
        return record.id not in record._search_among(automatism._happened_dormant(record._name))

    def test_what_a_scenario_or_the_system_does_is_no_activity(self):
        self.lead.message_post(body=TEXT, message_type="notification")
        self.lead.message_post(body=TEXT, message_type="email_outgoing")
        self.lead.activity_schedule("mail.mail_activity_data_call", automated=True)
        self.lead.description = "Other words"
        self.env.flush_all()
        self.assertFalse(self._awake(self.lead))

    def test_a_lead_keeps_its_contact_and_its_account_awake(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen("res.partner")
        self.assertEqual(self.scan(automatism, days=2), 2)
        self.assertEqual(self.everybody.mapped("marketing_score"), [1, 1])
        other = self._make_contact("Paul", parent_id=self.account.id)
        self.env.flush_all()
        self.env.cr.execute(SQL("UPDATE res_partner SET create_date = %s WHERE id = %s", self.now, other.id))
        self.stir(self.contact, days_ago=29)
        self.assertEqual(self.scan(automatism, days=2), 1, "the account has a new contact, who is awake")
        self.assertEqual(self.everybody.mapped("marketing_score"), [1, 2])

    def test_closed_leads_do_not_sleep(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen()
        self.lead.action_set_lost()
        self.assertEqual(self.scan(automatism, days=2), 0)

    def test_filter_and_company_hold(self):
        self.stir(self.lead, days_ago=29)
        automatism = self.listen(domain_lead="[('name', '=', 'Other')]")
        self.assertEqual(self.scan(automatism, days=2), 0)

    def test_each_kind_of_fact_is_found_by_its_moment(self):
        facts = self.env["marketing.automatism"]._facts()
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_bitmapscan = off")
        for model, selects in facts.items():
            for select in selects:
                self.env.cr.execute(
                    SQL(
                        "EXPLAIN SELECT id FROM (%s) fact WHERE fact.at > %s AND fact.at <= %s",
                        select,
                        MONDAY - timedelta(hours=1),
                        MONDAY,
                    )
                )
                plan = "\n".join(row[0] for row in self.env.cr.fetchall())
                with self.subTest(model=model, plan=plan):
                    condition = plan[plan.index("Index Cond") :].splitlines()[0]
                    self.assertTrue("date" in condition or "_at" in condition or "(at " in condition, plan)
                    self.assertIn(">", condition)

    def test_the_scan_is_one_statement(self):
        for number in range(20):
            self.stir(self._make_lead(f"Lead {number}"), days_ago=29)
        self.env.flush_all()
        facts = self.env["marketing.automatism"]._facts()
        before = self.env.cr.sql_log_count
        until = self.now - timedelta(days=28)
        ids = sql.fell_asleep(self.env.cr, "crm.lead", facts, until - timedelta(days=2), until)
        self.assertEqual(self.env.cr.sql_log_count - before, 1)
        self.assertEqual(len(ids), 0, "they were created just now")
