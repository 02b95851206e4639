"""The shape of a file that carries a scenario."""

import json
from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...tools import scenario_file

START = {"ref": 1, "type": "start", "parent": None, "outcome": "next"}


def document(**changes):
    scenario = {"name": "x", "settings": {}, "steps": [dict(START)]}
    return {"format": "marketing_scenario", "version": scenario_file.VERSION, "scenario": scenario, **changes}


@tagged("post_install", "-at_install")
class TestScenarioFile(BaseCase):
    def _read(self, value):
        return scenario_file.read(json.dumps(value).encode(), 2**20)

    def assertRefused(self, value, code):
        with self.assertRaises(scenario_file.Refused) as refusal:
            self._read(value)
        self.assertEqual(refusal.exception.code, code)

    def test_what_may_be_left_out_is_there(self):
        read = self._read(document())
        self.assertEqual(read["records"], {})
        self.assertEqual(read["scenario"]["steps"][0]["values"], {})

    def test_written_and_read_it_is_the_same(self):
        read = self._read(document())
        self.assertEqual(scenario_file.read(scenario_file.write(read), 2**20), read)

    def test_depth_is_bounded_however_deep_it_is(self):
        deep = "[" * 100_000 + "]" * 100_000
        with self.assertRaises(scenario_file.Refused) as refusal:
            scenario_file.read(deep.encode(), 2**20)
        self.assertIn(refusal.exception.code, ("too_deep", "not_json"))
        value = "x"
        for _level in range(40):
            value = [value]
        self.assertRefused(document(about={"summary": value}), "too_deep")

    def test_characters_that_no_text_has(self):
        self.assertRefused(document(about={"summary": "a\0"}), "characters")
        self.assertRefused(document(about={"summary": "\ud800"}), "characters")

    def test_a_tree_is_a_tree(self):
        def steps(*nodes):
            value = document()
            value["scenario"]["steps"] = [dict(START), *nodes]
            return value

        pause = {"ref": 2, "type": "pause", "parent": 1, "outcome": "next"}
        self._read(steps(pause))
        self.assertRefused(steps({**pause, "parent": None}), "shape")
        self.assertRefused(steps({**pause, "parent": 2}), "shape")
        self.assertRefused(steps({**pause, "parent": 3}), "shape")
        self.assertRefused(steps(pause, {**pause, "ref": 3}), "shape")
        self.assertRefused(steps({**pause, "ref": 1}), "shape")
        self.assertRefused(steps({**pause, "ref": [1]}), "shape")
        self.assertRefused(steps({**pause, "id": 4}), "shape")
        self.assertRefused(steps({**pause, "values": []}), "shape")
        self.assertRefused(steps({**pause, "lines": {"rule_ids": [{"id": 3}]}}), "shape")

    def test_another_shape_is_refused(self):
        for change in (
            {"scenario": None},
            {"records": []},
            {"records": {"a": {"model": 1, "name": "x"}}},
            {"doors": ["a"]},
            {"files": {"a": {"name": "x"}}},
            {"questions": {"a": {"type": "password", "label": "x"}}},
            {"more": 1},
            {"version": "1"},
            {"version": True},
        ):
            with self.subTest(change):
                self.assertRefused(document(**change), "shape")
        self.assertRefused(document(format="other"), "other_file")
        self.assertRefused(document(version=scenario_file.VERSION + 1), "newer")

    def test_an_older_file_is_brought_up_to_date(self):
        def upgrade(old):
            return {**old, "scenario": {**old["scenario"], "name": old["scenario"]["name"].upper()}}

        old, version = document(), scenario_file.VERSION
        with (
            patch.object(scenario_file, "VERSION", version + 1),
            patch.object(scenario_file, "UPGRADES", {version: upgrade}),
        ):
            self.assertEqual(self._read(old)["scenario"]["name"], "X")

    def test_a_text_in_one_language(self):
        text = {"languages": {"en_US": "Yes", "fr_FR": "Oui"}}
        self.assertEqual(scenario_file.in_language(text, "fr_FR"), "Oui")
        self.assertEqual(scenario_file.in_language(text, "de_DE"), "Yes")
        self.assertEqual(scenario_file.in_language("Yes", "fr_FR"), "Yes")
