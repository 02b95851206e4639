"""Strangers at the public doors: whatever they send, they get a clear answer and nothing of the server breaks (S48)."""

import json
import re

from odoo.tests import tagged

from ..engagement_common import EngagementHttpCase

OURS = "/marketing/"  # routes of Odoo that the addon extends are Odoo's to harden
VARIABLE = re.compile(r"<(\w+)(?:\([^)]*\))?:\w+>")
TEXTS = (
    "x",
    "%00",
    "%FF%FE",
    "%ED%A0%80",
    "%C3%A9" * 20,
    "..%5C..%5Cetc",
    "%25s%27%22--",
    "%7B%7B7*7%7D%7D",
    "a" * 3000,
    "0123456789abcdef0123456789abcdef",
    "WzEsICJ4Il0=.deadbeef",
)
NUMBERS = ("0", "1", str(2**31), str(2**63), str(10**40))
QUERIES = (
    "",
    "?lang=%00&email=%00&utm_source=%ED%A0%80&page_url=%FF",
    "?preview=1&embed=1&lang=xx_YY&" + "&".join(f"f{n}=x" for n in range(50)),
)
BODIES = (
    b"",
    b"\x00\xff\xfe",
    b"{",
    b"[" * 5000,
    b'"text"',
    b"null",
    b'{"email": "\\ud800", "emails": ["\\u0000", "\\udfff"], "res_ids": [1e999]}',
    json.dumps({"res_ids": [2**31, 2**63, 10**40, -1]}).encode(),
    json.dumps({"res_ids": [True, None, 1.5, "1", {}, []]}).encode(),
    json.dumps({"scenario_id": 10**40, "res_model": "res.users", "emails": ["a@example.com"]}).encode(),
    json.dumps({"res_model": {"a": 1}, "emails": "a@example.com"}).encode(),
    b"email=%00&first_name=%ED%A0%80&csrf_token=x&nonce=%00",
)


@tagged("-at_install", "post_install")
class TestOutsiders(EngagementHttpCase):
    def _routes(self):
        """``{address with its variables: methods}`` of this addon's public routes."""
        http = self.env["ir.http"]
        routes = {}
        for url, endpoint in http._generate_routing_rules(["marketing_scenario"], converters=http._get_converters()):
            if url.startswith(OURS) and endpoint.routing["auth"] == "public":
                routes.setdefault(url, set()).update(endpoint.routing["methods"])
        return routes

    def _addresses(self, url):
        for text in TEXTS:
            for number in NUMBERS if "<int" in url else ("",):
                yield VARIABLE.sub(lambda found, text=text, number=number: number if found[1] == "int" else text, url)

    def test_no_address_breaks_the_server(self):
        routes = self._routes()
        self.assertGreaterEqual(len(routes), 8, routes)
        for url, methods in routes.items():
            for address in self._addresses(url):
                for query in QUERIES if "<int" not in url else ("",):
                    for method in methods & {"GET", "POST"}:
                        with self.subTest(method=method, address=address[:80], query=query[:20]):
                            answer = self.url_open(
                                address + query,
                                data=b"x=%00" if method == "POST" else None,
                                allow_redirects=False,
                                method=method,
                            )
                            self.assertLess(answer.status_code, 500)
                            self.assertNotIn("Traceback", answer.text)

    def _bodies(self, address, **headers):
        for kind in ("application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
            for body in BODIES:
                with self.subTest(address=address[:40], kind=kind, body=body[:60]):
                    answer = self.url_open(
                        address, data=body, headers={"Content-Type": kind, **headers}, allow_redirects=False
                    )
                    self.assertLess(answer.status_code, 500)
                    self.assertNotIn("Traceback", answer.text)

    def test_no_body_breaks_a_form(self):
        self._bodies(self.path)
        self._bodies(f"{self.path}/json")
        self.env.invalidate_all()
        self.point.sudo().action_make_server_key()
        self.env.flush_all()
        self._bodies(f"{self.path}/json", **{"X-Marketing-Key": self.point.server_key})

    def test_no_body_breaks_a_webhook_address(self):
        scenario = self.env["marketing.scenario"].create({"name": "Outsiders"})
        scenario._set_state("active")
        row = self.env["marketing.scenario.token"].create(
            {"name": "Outsiders", "scenario_ids": scenario.ids, "rate_limit": 10_000}
        )
        token = row.action_make_address()["context"]["default_url"].rpartition("/")[2]
        self.env.flush_all()
        self._bodies(f"/marketing/enroll/{token}")
