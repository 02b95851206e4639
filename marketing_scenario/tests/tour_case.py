from odoo.tests import HttpCase, tagged

from .common import ScenarioCase


@tagged("post_install", "-at_install")
class TourCase(ScenarioCase, HttpCase):
    """Screens in a real browser, with the clock of the machine."""

    bundles = ("web.assets_web", "web.assets_tests")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # a browser that waits for them on a busy machine holds the one cursor longer than requests wait for it
        for bundle in cls.bundles:
            files = cls.env["ir.qweb"]._get_asset_bundle(bundle, css=True, js=True)
            files.js()
            files.css()

    def setUp(self):
        super().setUp()
        self._clock.side_effect = lambda env: env.cr.now().replace(microsecond=0)
