"""Life for the demo data: people who walked the demo scenario lately. Called by the files beside it only."""

from datetime import timedelta

from odoo import api, models

from ..models import clock

VIEWS_EACH = 3  # of the form, by one who fills it and those who do not


class MarketingScenarioDemo(models.AbstractModel):
    _name = "marketing.scenario.demo"
    _description = "Demo life of marketing scenarios"

    @api.model
    def _fill(self, scenario_id, point_id):
        """Walk demo people through the demo scenario with the real engine, at moments of the past.

        Nothing is ever sent: the queued mails are marked as sent in the same transaction.
        """
        now = clock.now(self.env)
        scenario = self.env["marketing.scenario"].browse(scenario_id)
        people = self._demo_records("res.partner")
        leads = self._demo_records("crm.lead")
        first = now - timedelta(days=10, hours=3)
        for records, moment, door in (
            (people[12:28], first, "query"),
            (leads[:8], first, "query"),
            (people[28:], now - timedelta(days=4), "form"),
            (people[:4], now - timedelta(days=2), "list"),
            (leads[8:13], now - timedelta(hours=20), "automatism"),
        ):
            scenario.with_context(marketing_now=moment)._enroll(records, door)
            self._run(scenario, moment)
            if moment == first:
                self._react(scenario, point_id, first)
        scenario._enroll(people[12:15] + people[28:30], "hand")
        self._run(scenario, now)
        scenario._enroll(people[15:16], "hand")
        self._trouble(scenario)

    @api.model
    def _say_in_french(self, texts):
        """Name demo records in French where the administrator reads French: a label is in one language.

        :param texts: ``{XML id: values}``
        """
        if (self.env.ref("base.user_admin").lang or "").startswith("fr"):
            for xml_id, values in texts.items():
                self.env.ref(f"marketing_scenario.{xml_id}").write(values)

    def _demo_records(self, model):
        data = self.env["ir.model.data"].search(
            [("module", "=", "marketing_scenario"), ("model", "=", model), ("name", "=like", "demo_%")], order="id"
        )
        return self.env[model].browse(data.mapped("res_id")).exists()

    def _run(self, scenario, moment):
        self.env["marketing.scenario.engine"].with_context(marketing_now=moment)._run_due()
        mails = self.env["mail.mail"].search(
            [("mailing_id.marketing_step_id.scenario_id", "=", scenario.id), ("state", "=", "outgoing")]
        )
        mails.write({"state": "sent"})
        mails.mailing_trace_ids.write({"trace_status": "sent", "sent_datetime": moment})

    def _react(self, scenario, point_id, moment):
        """Some open, some click, some fill the form, one bounces."""
        entered = scenario.enrollment_ids.filtered(lambda enrollment: enrollment.entered_at == moment)
        traces = entered.trace_ids.mailing_trace_id.filtered(lambda trace: not trace.open_datetime).sorted("id")
        for number, trace in enumerate(traces):
            later = moment + timedelta(hours=2 + number)
            if number % 4 in (0, 1):
                trace.write({"trace_status": "open", "open_datetime": later})
            if number % 4 == 0:
                self._click(trace, number, later + timedelta(minutes=2))
                self._sell(trace, number)
            if number % 8 == 0:
                self._submit(trace, point_id, later + timedelta(minutes=6))
        traces.filtered(lambda trace: not trace.open_datetime)[-1:].trace_status = "bounce"

    def _click(self, trace, number, moment):
        links = trace.mass_mailing_id._marketing_links()
        link = links[number // 4 % len(links)]
        self.env["link.tracker.click"].create(
            {"link_id": link.id, "mailing_trace_id": trace.id, "mass_mailing_id": trace.mass_mailing_id.id}
        )
        trace.links_click_datetime = moment

    def _submit(self, trace, point_id, moment):
        record = self.env[trace.model].browse(trace.res_id)
        self.env["marketing.engagement.submission"].create(
            {
                "point_id": point_id,
                "at": moment,
                "state": "done",
                "name": record.marketing_person_name,
                "email": record.marketing_email_normalized,
                "values": {"email": record.marketing_email_normalized},
                record._marketing_column: record.id,
            }
        )
        self.env["marketing.engagement.visit"].create({"point_id": point_id, "day": moment.date(), "views": VIEWS_EACH})
        source = self.env["marketing.engagement.point"].browse(point_id).name
        record._add_score(20, self.env._("Form: %(name)s", name=source), "form")
        self._look_at_goals("form_filled", record, moment)

    def _look_at_goals(self, kind, record, moment):
        ids = {record._name: record.ids}
        goals = self.env["marketing.scenario.goal"].with_context(marketing_now=moment)
        goals._look_at_event(kind, ids.get("res.partner", []), ids.get("crm.lead", []))

    def _sell(self, trace, number):
        """An opportunity after a click; every other one was won."""
        contact = self.env[trace.model].browse(trace.res_id)
        if contact._name != "res.partner":
            return
        deal = self.env["crm.lead"].create(
            {
                "name": self.env._("Order of %(name)s", name=contact.name),
                "type": "opportunity",
                "partner_id": contact.id,
                "expected_revenue": 1200 + 350 * number,
            }
        )
        if number % 8 == 0:
            deal.action_set_won()
            self._look_at_goals("lead_won", deal, clock.now(self.env))

    def _trouble(self, scenario):
        """One on hold, one parked with an error: what an admin meets on the lists."""
        waiting = scenario.enrollment_ids.filtered(lambda e: e.state == "running" and e.wait_reason == "pause")
        waiting[:1].action_pause()
        failed = scenario.enrollment_ids.filtered(
            lambda e: e.step_id == scenario.start_step_id and e.state == "running"
        )
        message = self.env._("The mail server refused the sender address.")
        failed._write_unchecked(
            {
                "state": "error",
                "step_id": scenario.start_step_id.child_ids.id,
                "error_message": message,
                "next_run_at": False,
                "wake_outcome": False,
                "wait_reason": False,
            }
        )
        failed._trace("error", "error", message=message)
