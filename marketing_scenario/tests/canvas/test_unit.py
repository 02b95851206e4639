from ..tour_case import TourCase

SUITE = "@marketing_scenario"


def hoot_id(name):
    """The id by which Odoo's test page knows a suite."""
    number = 0
    for character in name:
        number = ((number << 5) - number + ord(character)) & 0xFFFFFFFF
    return f"{number:08x}"


class TestUnit(TourCase):
    bundles = ("web.assets_unit_tests_setup", "web.assets_unit_tests")

    def test_the_canvas_in_parts(self):
        """The unit tests of ``static/tests/unit``: layout, store, gestures."""
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=30000&id={hoot_id(SUITE)}",
            "",
            "",
            login="admin",
            timeout=600,
            success_signal="[HOOT] Test suite succeeded",
            error_checker=lambda message: "[HOOT]" not in message,
        )
