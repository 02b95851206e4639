from odoo.tests import new_test_user

from .common import ScenarioCase

MOBILE = "+33 6 12 34 56 78"


class StepCase(ScenarioCase):
    """A contact, an account and a lead, each with a salesperson; a scenario around one step; query budgets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.write({"email": "hello@company.example.com", "country_id": cls.env.ref("base.fr").id})
        cls.seller = new_test_user(
            cls.env, "sonia", groups="sales_team.group_sale_salesman", name="Sonia", email="sonia@company.example.com"
        )
        cls.seller.write({"tz": "Europe/Paris", "signature": "<p>Sonia, sales</p>"})
        france = {"country_id": cls.env.ref("base.fr").id, "user_id": cls.seller.id}
        cls.contact.write({**france, "phone": MOBILE})
        cls.account = cls._make_contact(
            "Big Corp", "info@corp.example.com", is_company=True, phone="+33 6 12 34 56 79", **france
        )
        cls.lead = cls._make_lead(
            contact_name="Paul Dupont", email_from="paul@lead.example.com", phone="+33 6 12 34 56 80", **france
        )

    def _scenario_of(self, step_type, settings=None, **vals):
        """A scenario with one step named "step" and an End."""
        return self._make_scenario((step_type, settings or {}, "step"), **vals)

    def _walk(self, scenario, *records):
        """Enroll and run; :return: the enrollments."""
        enrollments = self.env["marketing.scenario.enrollment"]
        for target in records or (self.contact, self.account, self.lead):
            enrollments += self._enroll(scenario, target)
        self.run_due()
        enrollments.invalidate_recordset()
        return enrollments

    def _click_all(self, runs):
        """Their mails were sent, and each of them has clicked."""
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", runs.ids)])
        traces.write({"trace_status": "sent", "sent_datetime": self.now})
        link = self.env["link.tracker"].search([("mass_mailing_id", "in", traces.mass_mailing_id.ids)], limit=1)
        for trace in traces:
            self.env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": trace.id})
        self.env.flush_all()

    def _issue_codes(self, scenario, name="step"):
        return [issue["code"] for issue in self._step(scenario, name)._validate()]

    def assertSkipped(self, enrollment, reason, name="step"):
        trace = enrollment.trace_ids.filtered(lambda trace: trace.step_id.name == name)
        self.assertEqual((trace.event, trace.reason), ("skipped", reason))

    def assertBudget(self, scenario, constant, more=8, count=200, **vals):
        """``run_due`` costs at most ``constant`` statements for one enrollment, and ``more`` on top for 200.

        :param vals: values of the contacts
        """
        costs = {}
        for round_number, size in enumerate((1, 1, count)):  # the first round fills the caches
            people = self.env["res.partner"].create(
                [
                    {
                        "name": f"Person {round_number} {i}",
                        "email": f"p{round_number}.{i}@example.com",
                        "phone": f"+336{round_number}{i:07d}",
                        "marketing_optin": True,
                        **vals,
                    }
                    for i in range(size)
                ]
            )
            self._enroll(scenario, people)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertGreaterEqual(self.run_due(), size)
            costs[size] = self.cr.sql_log_count - before
        self.assertLessEqual(costs[1], constant, "statements for one enrollment")
        self.assertLessEqual(costs[count] - costs[1], more, f"statements for {count} enrollments: {costs}")
