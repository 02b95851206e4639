from odoo.tests import BaseCase, tagged

from ...tools import sms_parts

CASES = [  # text, parts, places, encoding
    ("", 0, 0, "GSM-7"),
    ("a" * 160, 1, 160, "GSM-7"),
    ("a" * 161, 2, 161, "GSM-7"),
    ("a" * 306, 2, 306, "GSM-7"),
    ("a" * 307, 3, 307, "GSM-7"),
    ("é" * 160, 1, 160, "GSM-7"),
    ("€" * 80, 1, 160, "GSM-7"),
    ("a" * 152 + "€" * 10, 2, 172, "GSM-7"),
    ("a" * 152 + "€" + "a" * 152, 3, 306, "GSM-7"),  # the euro sign is not cut in two
    ("ê" + "a" * 69, 1, 70, "UCS-2"),
    ("ê" + "a" * 70, 2, 71, "UCS-2"),
    ("😀" * 35, 1, 70, "UCS-2"),
    ("😀" * 36, 2, 72, "UCS-2"),
    ("line\nbreak", 1, 10, "GSM-7"),
]


@tagged("post_install", "-at_install")
class TestSmsParts(BaseCase):
    def test_table(self):
        for text, parts, places, encoding in CASES:
            with self.subTest(f"{text[:3]}… × {len(text)}"):
                self.assertEqual(sms_parts.count(text), (parts, places, encoding))
