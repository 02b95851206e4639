from odoo.tests import Form, tagged

from ..common import ScenarioCase


@tagged("post_install", "-at_install")
class TestStepViews(ScenarioCase):
    """Every step type and rule kind can be configured in its own form (contract of a step type)."""

    def _step_of(self, step_type):
        scenario = self.env["marketing.scenario"].create({"name": step_type})
        if step_type == "start":
            return scenario.start_step_id
        vals = {"scenario_id": scenario.id, "parent_id": scenario.start_step_id.id, "name": "step"}
        return self.env["marketing.scenario.step"].create({**vals, "step_type": step_type})

    def test_each_type_opens_its_form(self):
        types = [code for code, _label in self.env["marketing.scenario.step"]._fields["step_type"].selection]
        self.assertIn("pause", types)
        for step_type in types:
            with self.subTest(step_type=step_type):
                step = self._step_of(step_type)
                action = step.action_configure()
                self.assertEqual((action["res_id"], action["target"]), (step.id, "new"))
                arch = step.get_view(action["view_id"], "form")["arch"]
                self.assertIn('name="name"', arch)
                form = Form(step, view=action["view_id"])
                form.name = f"{step_type} renamed"
                self.assertEqual(form.step_type, step_type)

    def test_each_type_describes_itself_for_the_palette(self):
        palette = {entry["type"]: entry for entry in self.env["marketing.scenario.step"].palette()}
        self.assertNotIn("start", palette)
        self.assertEqual(palette["pause"]["family"], "pause")
        for entry in palette.values():
            self.assertTrue(entry["label"] and entry["icon"].startswith("fa-"), entry)

    def test_each_rule_kind_shows_its_settings(self):
        step = self._step_of("if")
        kinds = [code for code, _label in self.env["marketing.scenario.rule"]._fields["kind"].selection]
        arch = self.env["marketing.scenario.rule"].get_view(view_type="form")["arch"]
        for kind in kinds:
            with self.subTest(kind=kind):
                self.assertIn(kind, arch, "no group of the rule form shows this kind")
        rule = Form(self.env["marketing.scenario.rule"].with_context(default_step_id=step.id))
        rule.kind = "score"
        rule.score_value = 20
        self.assertEqual(rule.save().owner_step_id, step)

    def test_rules_are_added_in_the_form_of_the_step(self):
        step = self._step_of("if")
        tag = self.env["res.partner.category"].create({"name": "VIP"})
        with Form(step, view=step.action_configure()["view_id"]) as form, form.rule_ids.new() as rule:
            rule.kind = "tag"
            rule.tag_id = tag
        self.assertEqual(step.rule_ids.tag_id, tag)
        self.assertIn("VIP", step.summary)

    def test_cases_are_added_in_the_form_of_the_switch(self):
        step = self._step_of("switch")
        with Form(step, view=step.action_configure()["view_id"]) as form, form.case_ids.new() as case:
            case.name = "First"
        self.assertEqual(step._outcome_codes(), ["case_1", "otherwise"])

    def test_scenario_form_and_settings(self):
        with Form(self.env["marketing.scenario"]) as form:
            form.name = "New one"
            form.reentry = "after_days"
            form.reentry_days = 5
        scenario = self.env["marketing.scenario"].search([("name", "=", "New one")])
        self.assertEqual(scenario.start_step_id.step_type, "start")
        settings = Form(self.env["res.config.settings"])
        settings.marketing_qualification_score = 70
        settings.save().execute()
        self.assertEqual(self.env["marketing.scenario"].qualification_score(), {"score": 70, "editable": True})
