from odoo.tests import BaseCase

from ...tools.graph import Node, loops_without_wait, open_outcomes, unreachable


def step(*outcomes, children=None, to=None, waits=False, root=False):
    return Node(outcomes=outcomes, children=children or {}, jumps_to=to, waits=waits, is_root=root)


class TestGraph(BaseCase):
    def test_open_outcomes_names_each_free_way(self):
        nodes = {1: step("next", children={"next": 2}, root=True), 2: step("yes", "no", children={"yes": 3}), 3: step()}
        self.assertEqual(open_outcomes(nodes), [(2, "no")])

    def test_unreachable_ignores_what_a_jump_reaches(self):
        nodes = {1: step("next", children={"next": 2}, root=True), 2: step(to=3), 3: step(), 4: step()}
        self.assertEqual(unreachable(nodes), [4])

    def test_loops(self):
        cases = {
            "straight back": ({1: step("next", children={"next": 2}), 2: step(to=1)}, [2]),
            "a pause on the way": ({1: step("next", children={"next": 2}, waits=True), 2: step(to=1)}, []),
            "pause on another branch does not help": (
                {
                    1: step("yes", "no", children={"yes": 2, "no": 3}),
                    2: step("next", children={"next": 4}, waits=True),
                    3: step(to=1),
                    4: step(),
                },
                [3],
            ),
            "forward jump": ({1: step(to=2), 2: step()}, []),
            "two jumps in turn": ({1: step(to=2), 2: step(to=1)}, [1, 2]),
        }
        for name, (nodes, expected) in cases.items():
            with self.subTest(name):
                self.assertEqual(loops_without_wait(nodes), expected)
