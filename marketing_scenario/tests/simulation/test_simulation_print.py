"""The walk of a simulation on paper (S39)."""

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

REPORT = "marketing_scenario.report_simulation"
LINK = "https://shop.example.com/offer"
BODY = (
    "<style>h2 {color: red}</style><p>Hello <t t-out='object.marketing_first_name'>you</t></p>"
    f"<a href='{LINK}'>Buy</a><img src='x' onerror='alert(1)'/>"
)
START = "2026-03-02 10:00:00"


@tagged("post_install", "-at_install")
class TestSimulationPrint(StepCase):
    def setUp(self):
        super().setUp()
        self.env.company.email = "hello@company.example.com"
        self.scenario = self._make_scenario(
            ("email", {"email_subject": "Hi {{ object.marketing_first_name }}", "email_body_html": BODY}, "Mail"),
            ("pause", {"pause_days": 3}, "Rest"),
            ("sms", {"sms_body": "See you"}, "Word"),
            ("tag", {}, "Tag"),
            name="Brochure",
            active=False,
        )
        self.manager = new_test_user(
            self.env, "print_manager", "marketing_scenario.group_scenario_manager", tz="Europe/Paris"
        )
        self.contact.phone = False

    def _page(self, deeds, lang="en_US", user=None, **asked):
        scenario = self.scenario.with_user(user or self.manager).with_context(lang=lang, tz="Europe/Paris")
        asked = {"res_model": "res.partner", "res_id": self.contact.id, "start": START, **asked}
        action = scenario.print_simulation(deeds=deeds, **asked)
        self.assertEqual(action["report_name"], REPORT)
        reports = scenario.env["ir.actions.report"]
        return html.fromstring(reports._render_qweb_html(REPORT, None, data=action["data"])[0])

    def _text(self, page):
        return " ".join(page.text_content().split())  # without the no-break spaces of the language

    def test_steps_moments_reasons_and_messages(self):
        page = self._page([{"do": "finish"}])
        text = self._text(page)
        for words in ("Simulation of “Brochure”", "lea@example.com", "Mail · Sent", "Hi Léa", "Hello Léa", "Buy"):
            self.assertIn(words, text)
        rows = [self._text(row) for row in page.find_class("o_simulation_row")]
        self.assertIn("March 2 at 11:00 AM", rows[0], "in the time zone of the reader")
        word = next(row for row in rows if "Word" in row)
        self.assertIn("March 5 at 11:00 AM", word)
        self.assertIn("Fill in the phone number of the record.", word)

    def test_a_message_cannot_touch_the_page(self):
        (row,) = self._page([{"do": "execute"}]).find_class("o_simulation_row")
        source = html.tostring(row, encoding="unicode")
        self.assertIn("Hello Léa", source)
        for harm in ("onerror", "h2 {color: red}", LINK, "/r/"):
            self.assertNotIn(harm, source)

    def test_in_the_middle_it_says_where_the_person_stands(self):
        text = self._text(self._page([{"do": "execute"}, {"do": "execute"}]))
        self.assertIn("Rest", text)
        self.assertIn("March 5 at 11:00 AM", text)
        self.assertNotIn("Word", text)

    def test_the_example_person_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        text = self._text(self._page([{"do": "finish"}], lang="fr_FR", res_id=0))
        self.assertIn("Simulation de «", text)
        self.assertIn("Camille Exemple", text)
        self.assertIn("5 mars à 11 h 00", text)

    def test_what_comes_back_is_checked_again(self):
        reports = self.env["report.marketing_scenario.report_simulation"].with_user(self.manager)
        asked = {"scenario_id": self.scenario.id, "res_model": "res.partner", "res_id": self.contact.id}
        with self.assertRaises(UserError):
            reports._get_report_values(None, asked)
        asked |= {"deeds": [{"do": "burn"}], "start": START, "lang": False}
        with self.assertRaises(UserError):
            reports._get_report_values(None, asked)
        with self.assertRaises(AccessError):
            reports.with_user(self.seller)._get_report_values(None, {**asked, "deeds": []})
