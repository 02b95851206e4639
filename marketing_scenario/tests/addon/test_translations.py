import io
import re

import polib

from odoo.modules import get_module_path
from odoo.tests import TransactionCase, tagged
from odoo.tools.translate import trans_export

PLACEHOLDER = re.compile(r"%\(\w+\)s|%[sd]|\{\w+\}")


@tagged("post_install", "-at_install")
class TestTranslations(TransactionCase):
    """S49: everything user-facing is translated to French."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        exported = io.BytesIO()
        trans_export(False, ["marketing_scenario"], exported, "po", cls.env)
        cls.terms = polib.pofile(exported.getvalue().decode())
        french = polib.pofile(f"{get_module_path('marketing_scenario')}/i18n/fr.po")
        cls.french = {entry.msgid: entry for entry in french}

    def test_every_term_has_french(self):
        missing = [
            entry.msgid
            for entry in self.terms
            if not (entry.msgid in self.french and self.french[entry.msgid].msgstr) or self.french[entry.msgid].fuzzy
        ]
        self.assertFalse(missing, f"{len(missing)} terms lack French: run `python3 dev i18n` and translate them")

    def test_placeholders_survive_the_translation(self):
        for entry in self.french.values():
            with self.subTest(entry.msgid):
                self.assertEqual(sorted(PLACEHOLDER.findall(entry.msgid)), sorted(PLACEHOLDER.findall(entry.msgstr)))
