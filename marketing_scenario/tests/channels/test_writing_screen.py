from ..tour_case import TourCase


class TestWritingScreen(TourCase):
    def test_merge_fields_by_name_and_a_mail_in_two_languages(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        mail = {"email_subject": "Hi", "email_body_arch": "<p>Hi</p>", "email_body_html": "<p>Hi</p>"}
        scenario = self._make_scenario(("email", mail, "Write"), name="Written", active=False)
        self.start_tour(
            f"/odoo/marketing-scenarios/{scenario.id}", "marketing_scenario_writing", login="admin", timeout=200
        )
        step = self._step(scenario, "Write")
        step.invalidate_recordset()
        self.assertEqual(
            [step.with_context(lang=lang).email_subject for lang in ("en_US", "fr_FR")],
            ["{{ object.marketing_first_name }}, welcome", "{{ object.marketing_first_name }}, bienvenue"],
        )
        self.assertEqual(step.email_preview.split(), "From {{object.city}}".split())
