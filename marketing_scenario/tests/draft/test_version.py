"""Each activation and each publication is a version: who, when, what, and a way back (S54)."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..step_case import StepCase

DAY = {"pause_days": 1}


@tagged("post_install", "-at_install")
class TestVersion(StepCase):
    def setUp(self):
        super().setUp()
        self.scenario = self._make_scenario(
            ("pause", DAY, "first"), ("pause", {"pause_days": 2}, "second"), active=False
        )
        self.scenario.action_activate()

    def _draft(self):
        return self.env["marketing.scenario"].browse(self.scenario.action_edit()["res_id"])

    def _publish(self, note=False):
        self._draft()._publish(note=note)
        self.scenario.invalidate_recordset()

    def _names(self):
        return self.scenario.step_ids.sorted("position").mapped("name")

    def test_versions_say_who_when_and_what(self):
        self._step(self._draft(), "first").pause_days = 4
        self.forward(run=False, days=1)
        self._publish("Slower")
        newest, oldest = self.scenario.version_ids
        self.assertEqual((oldest.event, oldest.what), ("activated", "The first version that was kept"))
        self.assertEqual(
            (newest.number, newest.event, newest.user_id, newest.at, newest.note, newest.what),
            (2, "published", self.env.user, self.now, "Slower", "“first” is changed"),
        )
        self.assertEqual(newest.other_id, oldest)
        self.assertEqual(newest.differences[0]["details"], ["Days: 1 → 4"])
        self.assertEqual(newest.definition, self.scenario._definition())
        self.assertIn("“first” is changed – Slower", self.scenario.message_ids[0].body)

    def test_any_two_versions_are_compared_from_old_to_new(self):
        for days in (4, 6):
            self._step(self._draft(), "first").pause_days = days
            self._publish()
        third, _second, first = self.scenario.version_ids
        self.assertEqual(third.differences[0]["details"], ["Days: 4 → 6"], "as a rule with the one before")
        manager = new_test_user(self.env, "comparer", groups="marketing_scenario.group_scenario_manager")
        for chosen in (third + first, first + third):
            action = chosen.with_user(manager).action_compare()
            shown = third.browse(action["res_id"]).with_user(manager).with_context(**action["context"])
            self.assertEqual((shown, shown.other_id), (third, first))
            self.assertEqual(shown.differences[0]["details"], ["Days: 1 → 6"])
        with self.assertRaisesRegex(UserError, "Choose two versions"):
            third.action_compare()

    def test_a_version_is_restored_by_a_draft(self):
        ids = {step.name: step.id for step in self.scenario.step_ids}
        draft = self._draft()
        self._step(draft, "second")._delete(True, self.env["marketing.scenario.step"])
        self._step(draft, "first").name = "renamed"
        self._publish()
        self.assertEqual(self._names(), ["Start", "renamed", "End"])
        first = self.scenario.version_ids[-1]
        draft = self.env["marketing.scenario"].browse(first.action_restore()["res_id"])
        self.assertEqual(draft.original_id, self.scenario)
        self.assertEqual(self._names(), ["Start", "renamed", "End"], "nothing yet")
        self.assertEqual(
            [change["text"] for change in draft.changes],
            ["“first” is changed", "“second” (Pause) is added after “first”"],
        )
        draft._publish()
        self.scenario.invalidate_recordset()
        self.assertEqual(self._names(), ["Start", "first", "second", "End"])
        self.assertEqual(self._step(self.scenario, "first").id, ids["first"])
        self.assertEqual(self._step(self.scenario, "second").pause_days, 2)

    def test_unpublished_changes_are_not_lost_by_a_restore(self):
        self._step(self._draft(), "first").pause_days = 9
        with self.assertRaisesRegex(UserError, "unpublished changes"):
            self.scenario.version_ids.action_restore()

    def test_a_filter_is_brought_back_by_the_owner_only(self):
        manager = new_test_user(self.env, "restorer", groups="marketing_scenario.group_scenario_manager")
        draft = self._draft()
        rule = {"kind": "domain", "domain_partner": "[('name', '=', 'x')]"}
        start = draft.start_step_id
        ask = {"scenario_id": draft.id, "parent_id": start.id, "step_type": "if", "name": "ask", "outcome": "next"}
        start._insert("next", lambda: start.create({**ask, "rule_ids": [(0, 0, rule)]}))
        draft.action_add_missing_ends()
        self._publish()
        self._draft()._apply(self.scenario.version_ids[-1].definition)
        self._publish()
        self.assertEqual(self._names(), ["Start", "first", "second", "End"])
        with_filter = self.scenario.version_ids[1]
        with self.assertRaisesRegex(AccessError, "runs with the rights of"), self.env.cr.savepoint():
            with_filter.with_user(manager).action_restore()
        with_filter.action_restore()
        self.assertEqual(self._step(self._draft(), "ask").rule_ids.domain_partner, rule["domain_partner"])

    def test_only_managers_of_the_company_see_versions(self):
        version = self.scenario.version_ids
        self.scenario.company_id = self.env.company
        with self.assertRaises(AccessError):
            version.with_user(self.seller).read(["definition"])
        second = self.env["res.company"].create({"name": "Second"})
        other = new_test_user(
            self.env,
            "other_manager",
            groups="marketing_scenario.group_scenario_manager",
            company_id=second.id,
            company_ids=[(6, 0, second.ids)],
        )
        with self.assertRaises(AccessError):
            version.with_user(other).read(["definition"])
        with self.assertRaises(AccessError):
            version.with_user(other).action_restore()
