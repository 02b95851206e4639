from odoo.tests import BaseCase

from ...tools import placeholders


class TestPlaceholders(BaseCase):
    def test_paths_that_a_text_reads(self):
        for source, language, expected in (
            (
                "Hi {{ object.marketing_first_name ||| you }}, {{object.user_id.name}}",
                "inline",
                ["marketing_first_name", "user_id.name"],
            ),
            ('<p>Hi <t t-out="object.name or object.partner_id.name"/></p>', "qweb", ["name", "partner_id.name"]),
            ('<a t-attf-href="/x/{{ object.id }}" title="object.no">x</a>', "qweb", ["id"]),
            ("{{ object.name.upper() }} {{ object.get_portal_url() }}", "inline", ["name"]),
            ("object.name outside", "inline", []),
            (False, "qweb", []),
            ("", "inline", []),
        ):
            with self.subTest(source):
                self.assertEqual(placeholders.paths(source, language), expected)

    def test_what_is_sent_as_typed(self):
        for source, language, expected in (
            ("<p>Hello {{ object.name }}, and {{ object.name }}</p>", "qweb", ["{{ object.name }}"]),
            ("<p>Hello {{ <b>object.name</b> }}</p>", "qweb", ["{{ object.name }}"]),
            ('<p>Hello <t t-out="object.name"/> <a t-attf-href="{{ object.x }}">x</a></p>', "qweb", []),
            ("Hello {{ object.name }}", "inline", []),
            ("Hello {{ object.name }", "inline", ["{{ object.name }"]),
            ("Hello object.name }}", "inline", ["Hello object.name }}"]),
            ("a { b } c", "inline", []),
            (None, "qweb", []),
        ):
            with self.subTest(source):
                self.assertEqual(placeholders.stray(source, language), expected)
