from unittest.mock import patch

from odoo.tests import BaseCase, tagged

from ...tools import mail_links

BASE = "https://us.example.com"


@tagged("post_install", "-at_install")
class TestMailLinks(BaseCase):
    def _found(self, source):
        return [(link["url"], link["label"], link["kind"]) for link in mail_links.describe(source, BASE)]

    def test_kinds_and_labels(self):
        cases = [
            ('<a href="https://a.example.com">Read <b>more</b></a>', ("https://a.example.com", "Read more", "text")),
            ('<a class="btn btn-lg" href="/shop">Buy</a>', (BASE + "/shop", "Buy", "button")),
            ('<a style="background-color: red" href="a.example.com">Go</a>', ("http://a.example.com", "Go", "button")),
            ('<a href="//a.example.com"><img alt="Logo"/></a>', ("https://a.example.com", "[media] Logo", "image")),
            ('<a href="/x"><img src="/i/photo.png"/></a>', (BASE + "/x", "[media] photo.png", "image")),
            ('<a href="/x" title="Facebook"><i/></a>', (BASE + "/x", "Facebook", "text")),
        ]
        for source, expected in cases:
            with self.subTest(source=source):
                self.assertEqual(self._found(source), [expected])

    def test_what_is_not_tracked(self):
        hrefs = (
            "",
            "#",
            "#top",
            "mailto:a@b.example.com",
            "tel:+33",
            "/unsubscribe_from_list",
            "/view",
            BASE + "/r/abc",
        )
        for href in hrefs:
            with self.subTest(href=href):
                self.assertEqual(self._found(f'<a href="{href}">x</a>'), [])
        self.assertEqual(len(self._found('<a href="/viewer">x</a><a href="/research">y</a>')), 2)

    def test_a_mail_is_parsed_once_however_often_it_is_asked_about(self):
        source = "<p><a href='https://once.example.com'>Once</a></p>"
        with patch.object(mail_links, "parse", wraps=mail_links.parse) as parse:
            first, second = mail_links.describe(source, BASE), mail_links.describe(source, BASE)
        self.assertEqual((first, parse.call_count), (second, 1))
        first[0]["label"] = "Mine"
        self.assertEqual(self._found(source), [("https://once.example.com", "Once", "text")], "each has their own")

    def test_the_same_link_is_listed_once(self):
        self.assertEqual(len(self._found('<a href="/a">x</a><a href="/a">x</a><a href="/a">y</a>')), 2)

    def test_broken(self):
        wrong = ("", "#", "http://", "htp:/x", "https://a b.example.com", "{{ object.website }}")
        for href in wrong:
            with self.subTest(href=href):
                self.assertEqual(mail_links.broken(f'<a href="{href}">x</a>', BASE), ["x"])
        fine = ("/shop", "#part", "mailto:a@b.example.com", "https://a.example.com:8443/x?y=1#z", "www.example.com")
        for href in fine:
            with self.subTest(href=href):
                self.assertEqual(mail_links.broken(f'<a href="{href}">x</a>', BASE), [])
        self.assertEqual(mail_links.broken('<a t-attf-href="/x/{{ object.id }}" href="#">x</a><a>y</a>', BASE), [])
