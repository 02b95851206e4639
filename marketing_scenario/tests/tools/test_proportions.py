import random

from odoo.tests import BaseCase, tagged

from ...tools import proportions
from ...tools.draw import LOTS, draw

# The cases are those of the tables in Newcombe's two papers of 1998 (Statistics in Medicine 17: "Two-sided confidence
# intervals for the single proportion", Table I, method 3, and "Interval estimation for the difference between
# independent proportions", Table II, method 10), which were not at hand. The limits were compared with those of
# statsmodels 0.15.0 (``proportion_confint(method="wilson")``, ``confint_proportions_2indep(method="newcomb",
# compare="diff")``): alike in all four digits, and within 1e-14 in 3,000 random cases of up to 5,000 people.
WILSON = [
    ((81, 263), (0.2553, 0.3662)),
    ((15, 148), (0.0624, 0.1605)),
    ((0, 20), (0.0000, 0.1611)),
    ((1, 29), (0.0061, 0.1718)),
]
NEWCOMBE = [
    ((56, 70, 48, 80), (0.0524, 0.3339)),
    ((9, 10, 3, 10), (0.1705, 0.8090)),
    ((6, 7, 2, 7), (0.0582, 0.8062)),
    ((5, 56, 0, 29), (-0.0381, 0.1926)),
    ((0, 10, 0, 20), (-0.1611, 0.2775)),
    ((0, 10, 0, 10), (-0.2775, 0.2775)),
    ((10, 10, 0, 20), (0.6791, 1.0000)),
    ((10, 10, 0, 10), (0.6075, 1.0000)),
]
# by statsmodels 0.15.0, with the confidence of later looks and of more sides
WILSON_AT = [((37, 412, 0.99), (0.059731, 0.132882)), ((3, 5000, 0.975), (0.000178, 0.002025))]
NEWCOMBE_AT = [
    ((37, 412, 21, 398, 0.99), (-0.010550, 0.085511)),
    ((640, 6400, 512, 6400, 0.975), (0.008665, 0.031358)),
    ((0, 100, 4, 100, 0.975), (-0.110182, 0.014528)),
]


@tagged("post_install", "-at_install")
class TestProportions(BaseCase):
    def test_known_intervals(self):
        for interval, cases, digits in (
            (proportions.wilson, WILSON, 4),
            (proportions.newcombe, NEWCOMBE, 4),
            (proportions.wilson, WILSON_AT, 6),
            (proportions.newcombe, NEWCOMBE_AT, 6),
        ):
            for asked, limits in cases:
                with self.subTest(interval=interval.__name__, asked=asked):
                    self.assertEqual(tuple(round(limit, digits) for limit in interval(*asked)), limits)

    def test_nobody_is_no_error(self):
        self.assertEqual(proportions.wilson(0, 0), (0, 1))
        self.assertEqual(proportions.newcombe(0, 0, 5, 10), (-1, 1))

    def test_the_looks_spend_five_percent_in_all(self):
        for sides in (2, 3, 5):
            errors = [1 - proportions.confidence_of(look, sides) for look in range(1, 2000)]
            self.assertLess(sum(errors) * sides / 2, 0.05)
            self.assertGreater(sum(errors) * sides / 2, 0.0499)

    def test_a_look_each_time_the_number_has_doubled(self):
        looks = [proportions.look_of(size) for size in (0, 99, 100, 199, 200, 399, 400, 1600)]
        self.assertEqual(looks, [0, 0, 1, 1, 2, 2, 3, 5])
        self.assertEqual([proportions.size_of(look) for look in (1, 2, 5)], [100, 200, 1600])

    def test_means(self):
        low, high = proportions.difference_of_means(10, 4, 100, 8, 9, 100)
        self.assertEqual((round(low, 3), round(high, 3)), (1.293, 2.707))
        self.assertIsNone(proportions.difference_of_means(10, 0, 29, 0, 0, 100), "too few to say")

    def _winners(self, rates, rounds, looks=5):
        """How often each side is declared the best, looked at after each doubling."""
        chance = random.Random(7)  # noqa: S311 the same game each time
        won = [0] * len(rates)
        for _round in range(rounds):
            counts, size = [0] * len(rates), 0
            for look in range(1, looks + 1):
                more, size = proportions.size_of(look) - size, proportions.size_of(look)
                counts = [n + sum(chance.random() < p for _ in range(more)) for n, p in zip(counts, rates, strict=True)]
                if (best := proportions.best([(count, size) for count in counts], look)) is not None:
                    won[best] += 1
                    break
        return won

    def test_where_nothing_differs_hardly_ever_a_winner(self):
        for rates in ([0.02] * 2, [0.2] * 2, [0.1] * 3):
            with self.subTest(rates=rates):
                self.assertLessEqual(sum(self._winners(rates, 300)), 15)

    def test_a_difference_is_found_and_the_right_way_round(self):
        won = self._winners([0.05, 0.15], 60)
        self.assertGreaterEqual(won[1], 57)
        self.assertEqual(won[0], 0)

    def test_lots_are_stable_and_even(self):
        self.assertEqual([draw("1-1"), draw("7-email:lea@example.com")], [draw("1-1"), draw("7-email:lea@example.com")])
        lots = [draw(f"3-contact:{number}") for number in range(4000)]
        self.assertLess(abs(sum(lot < LOTS // 4 for lot in lots) - 1000), 100)
