"""Which addresses may be called. Judged on tables and a fake resolver; nothing but the loopback is connected to."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import BaseCase, tagged
from odoo.tests.common import _super_send as SEND

from ...tools import safe_http

INSIDE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 100.127.255.255 127.0.0.1 127.255.0.1 169.254.169.254 172.16.0.1
172.31.255.255 192.0.0.0 192.0.0.8 192.0.0.170 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.19.255.255 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::8.8.8.8 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:10.0.0.1 64:ff9b::a00:1 64:ff9b::8.8.8.8
64:ff9b:1::1 100::1 2001::1 2001:20::1 2001:db8::1 2002:7f00:1::1 2002:808:808::1 3fff::1 3fff:fff::1 5f00::1 fc00::1
fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1 4000::1 8000::1
""".split()
OUTSIDE = """
1.1.1.1 8.8.8.8 9.255.255.255 11.0.0.1 100.63.255.255 100.128.0.1 172.15.0.1 172.32.0.1 192.0.1.1 198.17.255.255
198.20.0.1 223.255.255.255 2001:200::1 2606:4700:4700::1111 2a00:1450:4007::200e 3ffe::1
""".split()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.hosts.append(self.headers["Host"])
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *_args):
        """Keep quiet."""


def answers(*addresses):
    """What a resolver says."""
    return [
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80))
        for address in addresses
    ]


@tagged("-at_install", "post_install")
class TestSafeHttp(BaseCase):
    def test_addresses_inside_are_refused_in_every_spelling(self):
        for address in INSIDE:
            with self.subTest(address):
                with self.assertRaises(safe_http.Refused):
                    safe_http.check_ip(address)
                with self.assertRaises(safe_http.Refused):
                    safe_http.check_url(f"http://[{address}]/" if ":" in address else f"http://{address}/")

    def test_public_addresses_pass(self):
        for address in OUTSIDE:
            with self.subTest(address):
                safe_http.check_ip(address)

    def test_names_inside_are_refused_with_a_trailing_dot_too(self):
        for host in ("localhost", "printer.local", "db.internal", "a.localhost", "nas.lan", "router.home.arpa"):
            for name in (host, f"{host}.", host.upper(), f"{host}.."):
                with self.subTest(name), self.assertRaises(safe_http.Refused):
                    safe_http.check_url(f"https://{name}/x")
        for host in ("127.0.0.1.", ".", "..", "", "10.0.0.1.:80"):
            with self.subTest(host), self.assertRaises(safe_http.Refused):
                safe_http.check_url(f"http://{host}/")
        safe_http.check_url("https://hooks.example.com./x")

    def test_every_answer_of_the_resolver_is_judged(self):
        for inside in INSIDE[:5] + ["::ffff:127.0.0.1", "64:ff9b::1"]:
            with (
                self.subTest(inside),
                patch.object(socket, "getaddrinfo", return_value=answers("1.1.1.1", inside)),
                self.assertRaises(safe_http.Refused),
            ):
                safe_http.resolve("hooks.example.com", 80)
        with patch.object(socket, "getaddrinfo", return_value=answers("1.1.1.1", "2606:4700::1", "1.1.1.1")) as ask:
            self.assertEqual(safe_http.resolve("hooks.example.com.", 80), ["1.1.1.1", "2606:4700::1"])
        self.assertEqual(ask.call_args[0][0], "hooks.example.com")

    def test_the_address_judged_is_the_one_called(self):
        """A resolver that changes its mind after the judgement is not asked again; the name stays in the request."""
        receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        receiver.hosts = []
        threading.Thread(target=receiver.serve_forever, daemon=True).start()
        self.addCleanup(receiver.server_close)
        self.addCleanup(receiver.shutdown)
        port = receiver.server_port
        self.patch(
            type(self), "_request_handler", lambda session, request, **options: SEND(session, request, **options)
        )
        asked = []

        def resolver(host, *_args, **_options):
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

        with (
            patch.object(safe_http, "NOT_PUBLIC", ()),  # the loopback plays a public address
            patch.object(socket, "getaddrinfo", resolver),
        ):
            code, text = safe_http.post(f"http://hooks.example.com.:{port}/", b"{}", {}, 5)
        self.assertEqual((code, text), (200, "thanks"))
        self.assertEqual(asked, ["hooks.example.com", "127.0.0.1"], "the name is asked for once")
        self.assertEqual(receiver.hosts, [f"hooks.example.com:{port}"])

    def test_nothing_is_connected_to_before_the_judgement(self):
        self.patch(
            type(self), "_request_handler", lambda session, request, **options: SEND(session, request, **options)
        )
        with (
            patch.object(socket, "getaddrinfo", return_value=answers("10.0.0.1")),
            patch("urllib3.util.connection.create_connection") as connect,
            self.assertRaises(safe_http.Refused),
        ):
            safe_http.post("https://hooks.example.com/", b"{}", {}, 5)
        connect.assert_not_called()
