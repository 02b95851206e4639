"""The dashboard, the funnel, the picture of clicks, the digest (S43)."""

from datetime import timedelta

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

BODY = (
    "<div><a href='https://example.com/a'>Buy</a><a class='btn' href='https://example.com/b'>Read</a>"
    "<script>alert(1)</script></div>"
)
MAIL = {"email_subject": "Hi", "email_body_html": BODY}


@tagged("post_install", "-at_install")
class TestDashboard(StepCase):
    def setUp(self):
        super().setUp()
        self.tag = self.env["res.partner.category"].create({"name": "Bought"})
        rule = {"kind": "tag", "tag_id": self.tag.id}
        self.scenario = self._make_scenario(
            ("email", MAIL, "mail"),
            ("pause", {"pause_days": 2}, "wait"),
            ("if", {"rule_ids": [(0, 0, rule)]}, "bought?", {"yes": [("email", MAIL, "thanks")]}),
        )
        self.goal = self.env["marketing.scenario.goal"].create(
            {
                "name": "Sale",
                "scenario_id": self.scenario.id,
                "value_kind": "fixed",
                "value": 50,
                "rule_ids": [(0, 0, rule)],
            }
        )
        self.set_now(self.now - timedelta(days=100))
        self._walk(self.scenario, self.account)
        self.set_now(self.now + timedelta(days=95))
        self.runs = self._walk(self.scenario, self.contact, self.lead)
        self.contact.category_id = self.tag
        self.env["marketing.automatism.event"]._process()
        self.traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", self.runs.ids)])
        self.traces.write({"trace_status": "sent", "sent_datetime": self.now})
        self.forward(days=3)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_tiles_beside_those_of_the_period_before(self):
        board = self.scenario.dashboard(90, self.scenario.id)
        before = self.scenario.dashboard_before(90, self.scenario.id)
        tiles = {name: [figure, before[name]] for name, figure in board["tiles"].items()}
        self.assertEqual(tiles["entries"], [2, 1])
        self.assertEqual((tiles["reached"], tiles["goal_rate"]), ([1, 0], [0.5, 0.0]))
        self.assertEqual(tiles["value"], [50, 0])
        self.assertEqual(tiles["days"][1], None)
        self.assertEqual(board["doors"][0]["key"], "hand")
        self.assertEqual((board["doors"][0]["entries"], board["doors"][0]["reached"]), (2, 1))
        self.assertEqual(sum(row["count"] for row in board["weeks"]), 2)
        # the second mail waits in the queue
        self.assertEqual(
            [(row["name"], row["sent"], row["has_mail"]) for row in board["messages"]], [("mail", 2, True)]
        )
        self.assertEqual(board["scenarios"], [])
        everything = self.scenario.dashboard(90)
        mine = next(row for row in everything["scenarios"] if row["key"] == self.scenario.id)
        self.assertEqual((mine["entries"], mine["value"]), (2, 50))

    def _deal(self, revenue):
        """Won now, by the contact who got a mail three days ago."""
        deal = {"name": "Deal", "type": "opportunity", "partner_id": self.contact.id, "expected_revenue": revenue}
        deal = self.env["crm.lead"].create(deal)
        deal.action_set_won()
        deal.write({"date_conversion": self.now, "date_closed": self.now})
        self.forward(hours=1)
        self.env.flush_all()
        self.env.invalidate_all()

    def test_money_of_those_who_entered_before_the_period_is_in_each_table(self):
        self._deal(300)
        board = self.scenario.dashboard(1)
        self.assertEqual((board["tiles"]["entries"], board["tiles"]["sent"]), (0, 0))
        for table in ("doors", "scenarios", "messages"):
            with self.subTest(table):
                self.assertEqual(sum(row["revenue"] for row in board[table]), board["tiles"]["revenue"])
                self.assertEqual(sum(row["won"] for row in board[table]), board["tiles"]["won"])
        mine = next(row for row in board["messages"] if row["step_id"] == self._step(self.scenario, "mail").id)
        self.assertEqual((mine["sent"], mine["won"], mine["revenue"]), (0, 1, 300))

    def test_money_is_told_in_the_currency_of_the_company(self):
        """Odoo adds up money in the currency of rate 1, whatever that of the company is."""
        self._deal(300)
        mine = {"name": "2020-01-01", "company_id": self.env.company.id}
        self.env.company.currency_id.rate_ids = [(5, 0), (0, 0, {**mine, "rate": 0.5})]
        self.env.flush_all()
        board = self.scenario.dashboard(90, self.scenario.id)
        self.assertEqual((board["tiles"]["revenue"], board["tiles"]["value"]), (300, 50))
        self.assertEqual(sum(row["revenue"] for row in board["messages"]), 300)
        self.assertEqual(self.scenario.dashboard(1, self.scenario.id)["tiles"]["revenue"], 300)

    def test_what_is_asked_wrongly_is_named(self):
        for days in (0, 400, "7"):
            with self.assertRaisesRegex(UserError, "days"):
                self.scenario.dashboard(days)

    def test_rights(self):
        nobody = new_test_user(self.env, "outsider", groups="base.group_user")
        second = self.env["res.company"].create({"name": "Second"})
        other = new_test_user(
            self.env,
            "other_reader",
            groups="marketing_scenario.group_scenario_manager",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        for user in (nobody, other):
            with self.assertRaises(AccessError):
                self.scenario.with_user(user).dashboard(90, self.scenario.id)
            with self.assertRaises(AccessError):
                self.scenario.with_user(user).funnel(
                    self.scenario.start_step_id.id, self._step(self.scenario, "mail").id
                )
        self.assertEqual(self.scenario.with_user(self.seller).dashboard(90, self.scenario.id)["tiles"]["entries"], 2)

    def test_funnel(self):
        start, thanks = self.scenario.start_step_id, self._step(self.scenario, "thanks")
        told = self.scenario.funnel(start.id, thanks.id, 90)
        self.assertEqual(
            [(step["name"], step["count"]) for step in told["steps"]],
            [("Start", 2), ("mail", 2), ("wait", 2), ("bought?", 2), ("thanks", 1)],
        )
        (lost,) = told["lost"]
        self.assertEqual((lost["step"], lost["label"], lost["count"]), ("End", "Reached the end", 1))
        action = self.scenario.funnel_people(start.id, thanks.id, 90, lost["step_id"], lost["state"], lost["reason"])
        found = self.env["marketing.scenario.enrollment"].search(action["domain"])
        self.assertEqual(found.lead_id, self.lead)
        for step in told["steps"]:
            action = self.scenario.funnel_people(start.id, thanks.id, 90, step["id"])
            self.assertEqual(self.env[action["res_model"]].search_count(action["domain"]), step["count"], step["name"])
        wait = self._step(self.scenario, "wait")
        self.assertEqual(
            [step["name"] for step in self.scenario.funnel(thanks.id, wait.id)["steps"]], ["thanks", "wait"]
        )
        with self.assertRaisesRegex(UserError, "two steps"):
            self.scenario.funnel(start.id, 0)

    def test_who_enters_further_on_has_passed_nothing_yet(self):
        """After a fixed date one begins behind it: at a step that is not Start, and that one stands on (S23)."""
        scenario = self._make_scenario(
            ("pause", {"pause_mode": "date", "pause_date": self.now.date() - timedelta(days=5)}, "the day"),
            ("pause", {"pause_days": 2}, "after"),
        )
        start, after = scenario.start_step_id, self._step(scenario, "after")
        self._walk(scenario, self.contact)
        counts = [[step["count"] for step in scenario.funnel(first.id, after.id)["steps"]] for first in (start, after)]
        self.assertEqual(counts, [[0, 0, 0], [0]])
        self.forward(days=3)
        counts = [[step["count"] for step in scenario.funnel(first.id, after.id)["steps"]] for first in (start, after)]
        self.assertEqual(counts, [[0, 0, 0], [1]])

    def test_a_step_leads_to_its_place_on_the_dashboard(self):
        mail = self._step(self.scenario, "mail")
        told = {"scenario_id": self.scenario.id, "step_id": mail.id}
        self.assertEqual(mail.action_dashboard()["params"], told)
        draft = self.env["marketing.scenario"].browse(self.scenario.action_edit()["res_id"])
        self.assertEqual(self._step(draft, "mail").action_dashboard()["params"], told, "what people walk")

    def test_each_tile_is_the_number_of_its_people(self):
        """The rows that the screen asks for: of an entry, a message or an opportunity, as the tile says."""
        board = self.scenario.dashboard(90, self.scenario.id)
        since = board["since"]
        for tile, model, moment, rows in (
            ("entries", "entry", "entered_at", []),
            ("reached", "entry", "entered_at", [("reached", "=", 1)]),
            ("sent", "message", "sent_at", [("sent", "=", 1)]),
        ):
            domain = [(moment, ">=", since), ("scenario_id", "=", self.scenario.id), *rows]
            self.assertEqual(self.env[f"marketing.report.{model}"].search_count(domain), board["tiles"][tile], tile)
        before = self.scenario.dashboard_before(90, self.scenario.id)
        self.assertEqual(
            self.env["marketing.report.entry"].search_count(
                [("entered_at", ">=", before["since"]), ("entered_at", "<", since), *self._mine()]
            ),
            before["entries"],
        )
        # a week is a day, whatever the zone of the reader
        self.assertEqual({len(row["week"]) for row in board["weeks"]}, {len("2026-01-01")})

    def _mine(self):
        return [("scenario_id", "=", self.scenario.id)]

    def test_the_picture_of_clicks(self):
        mail = self._step(self.scenario, "mail")
        buy = self.env["link.tracker"].search(
            [("mass_mailing_id", "=", self.traces[0].mass_mailing_id.id), ("url", "=", "https://example.com/a")]
        )
        for trace in self.traces[:2]:
            self.env["link.tracker.click"].create({"link_id": buy.id, "mailing_trace_id": trace.id})
        self.set_now(self.env.cr.now())
        heat = mail.heat_map()
        self.assertEqual(
            [(link["label"], link["people"], link["share"]) for link in heat["links"]],
            [("Buy", 2, 1.0), ("Read", 0, 0)],
        )
        self.assertNotIn("script", heat["html"])
        self.assertEqual((heat["html"].count("100%"), heat["html"].count(">0%<")), (1, 1))

    def test_a_link_is_one_in_all_languages(self):
        """Who read the French mail has clicked the same link; the picture is in the language of the reader."""
        self.env["res.lang"]._activate_lang("fr_FR")
        mail = self._step(self.scenario, "mail")
        french = BODY.replace("Buy", "Acheter").replace("Read", "Lire")
        mail.update_field_translations("email_body_html", {"fr_FR": french})
        url, mailing = "https://example.com/a", self.traces[0].mass_mailing_id
        links = self.env["link.tracker"].search([("mass_mailing_id", "=", mailing.id), ("url", "=", url)])
        french = links[0].create({"url": url, "label": "Acheter", "mass_mailing_id": mailing.id})
        for link, trace in zip((links[0], french), self.traces[:2], strict=True):
            self.env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": trace.id})
        self.set_now(self.env.cr.now())
        for lang, label in (("en_US", "Buy"), ("fr_FR", "Acheter")):
            heat = mail.with_context(lang=lang).heat_map()
            told = [(link["label"], sorted(link["labels"]), link["people"]) for link in heat["links"] if link["people"]]
            self.assertEqual(told, [(label, ["Acheter", "Buy"], 2)])
            self.assertRegex(heat["html"], "100%" if lang == "en_US" else "100\\s%")

    def test_a_link_of_a_template_is_one_in_all_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        template = self.env["mail.template"].create(
            {"name": "T", "model_id": self.env["ir.model"]._get_id("res.partner"), "subject": "Hi", "body_html": BODY}
        )
        template.with_context(lang="fr_FR").body_html = BODY.replace("Buy", "Acheter")
        mail = {"email_source": "template", "email_template_id": template.id}
        step = self._step(self._make_scenario(("email", mail, "mail"), active=False), "mail")
        url = "https://example.com/a"
        self.assertEqual(step.with_context(lang="en_US")._links_as_read()[url, "Acheter"], "Buy")
        self.assertEqual(step.with_context(lang="fr_FR")._links_as_read()[url, "Buy"], "Acheter")

    def test_the_picture_names_merge_fields(self):
        body = '<p>Hello <t t-out="object.marketing_first_name"/>, <t t-out="object.city">you</t></p>'
        mail = {"email_subject": "Hi", "email_body_html": body}
        scenario = self._make_scenario(("email", mail, "mail"), active=False)
        picture = html.fromstring(self._step(scenario, "mail").heat_map()["html"])
        self.assertIn("Hello [First name], you", picture.text_content())

    def test_the_control_group_stands_beside(self):
        self.assertEqual(self.scenario.dashboard(90, self.scenario.id)["controls"], [])
        self.scenario.control_percent = 50
        self.scenario._count_control()
        for told in (self.scenario.dashboard(90, self.scenario.id), self.scenario.dashboard(90)):
            (control,) = told["controls"]
            self.assertEqual(control["name"], self.scenario.name)
            self.assertIn("Those who entered since", str(control["html"]))

    def test_digest(self):
        digest = self.env["digest.digest"].create(
            {"name": "Week", "kpi_marketing_entries": True, "kpi_marketing_goals": True}
        )
        digest = digest.with_context(
            start_datetime=self.now - timedelta(days=7), end_datetime=self.now + timedelta(days=1)
        )
        self.assertEqual((digest.kpi_marketing_entries_value, digest.kpi_marketing_goals_value), (2, 1))
        theirs = digest.with_user(self.seller)
        self.assertEqual((theirs.kpi_marketing_entries_value, theirs.kpi_marketing_goals_value), (2, 1))
        nobody = new_test_user(self.env, "outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            digest.with_user(nobody).sudo(False)._compute_kpi_marketing_goals_value()
        actions = digest._compute_kpis_actions(self.env.company, self.env.user)
        self.assertIn("marketing_report_entry_action", actions["kpi_marketing_entries"])
