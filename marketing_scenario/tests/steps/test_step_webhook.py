import hashlib
import hmac
import json
import socket
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from odoo.tests.common import _super_send as SEND
from odoo.tools import mute_logger

from ...models.steps.webhook.queue import refusal
from ...tools import safe_http
from ..step_case import StepCase

PRIVATE = "marketing_scenario.webhook_allow_private"


class Receiver(BaseHTTPRequestHandler):
    """Keeps what it gets; answers with ``server.code``."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.received.append((dict(self.headers), body))
        self.send_response(self.server.code)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(b"thanks")

    def log_message(self, *_args):
        """Keep quiet."""


@tagged("post_install", "-at_install")
class TestStepWebhook(StepCase):
    def setUp(self):
        super().setUp()
        self.receiver = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
        self.receiver.received, self.receiver.code = [], 200
        threading.Thread(target=self.receiver.serve_forever, daemon=True).start()
        self.addCleanup(self.receiver.server_close)
        self.addCleanup(self.receiver.shutdown)
        self.env["ir.config_parameter"].set_param(PRIVATE, "True")

    def _scenario(self, url=None):
        return self._scenario_of(
            "webhook", {"webhook_url": url or f"http://127.0.0.1:{self.receiver.server_port}/hook"}
        )

    def _calls(self, scenario):
        return self.env["marketing.webhook.call"].search([("step_id", "in", scenario.step_ids.ids)])

    def _send(self):
        with patch.object(type(self.env["ir.cron"]), "_commit_progress", return_value=60):
            self.env["marketing.webhook.call"]._cron_send()

    def test_contact_account_and_lead(self):
        scenario = self._scenario()
        enrollments = self._walk(scenario)
        self.assertEqual(set(enrollments.mapped("state")), {"done"})
        self.assertFalse(self.receiver.received, "nothing leaves inside the engine's transaction")
        self._send()
        bodies = [json.loads(body) for _headers, body in self.receiver.received]
        self.assertEqual([body["target"]["kind"] for body in bodies], ["contact", "account", "lead"])
        self.assertEqual(bodies[2]["target"]["name"], "Paul Dupont")
        self.assertEqual(bodies[0]["enrollment_id"], enrollments[0].id)
        self.assertEqual(set(self._calls(scenario).mapped("state")), {"sent"})
        self.assertFalse(any(self._calls(scenario).mapped("body")), "personal data goes once it has arrived")

    def test_signature(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self._send()
        headers, body = self.receiver.received[0]
        secret = self._step(scenario, "step").webhook_secret
        signed = hmac.new(secret.encode(), headers["X-Marketing-Timestamp"].encode() + b"." + body, hashlib.sha256)
        self.assertEqual(headers["X-Marketing-Signature"], f"sha256={signed.hexdigest()}")
        self.assertEqual(headers["X-Marketing-Delivery"], json.loads(body)["delivery"])

    def test_tried_again_then_given_up(self):
        scenario = self._scenario()
        enrollment = self._walk(scenario, self.contact)
        self.receiver.code = 503
        call = self._calls(scenario)
        for minutes in (1, 10, 60, 360, 1440):
            self._send()
            self.assertEqual((call.state, call.next_try_at), ("waiting", self.now + timedelta(minutes=minutes)))
            self._send()  # too early: not sent
            self.forward(minutes=minutes)
        self._send()
        self.assertEqual((call.state, call.attempts, call.response_code), ("error", 6, 503))
        self.assertEqual(len({headers["X-Marketing-Delivery"] for headers, _body in self.receiver.received}), 1)
        self.assertIn("503 thanks", enrollment.trace_ids.mapped("message"))
        self.receiver.code = 200
        call.action_retry()
        self._send()
        self.assertEqual(call.state, "sent")

    def test_redirects_are_not_followed(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self.receiver.code = 302
        self._send()
        self.assertEqual((self._calls(scenario).state, self._calls(scenario).response_code), ("waiting", 302))

    @mute_logger("odoo.addons.marketing_scenario.models.steps.webhook.queue")
    def test_a_silent_host_is_left_alone(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            scenario = self._scenario(f"http://127.0.0.1:{closed.getsockname()[1]}/hook")
            self._walk(scenario, self.contact, self.account)
            self._send()
        self.assertEqual(sorted(self._calls(scenario).mapped("attempts")), [0, 1])

    def test_private_addresses_are_refused(self):
        scenario = self._scenario()
        self._walk(scenario, self.contact)
        self.env["ir.config_parameter"].set_param(PRIVATE, "False")
        self._send()
        self.assertEqual(self._calls(scenario).state, "error")
        self.assertEqual(self._calls(scenario).response_text, "Refused: it is a private address.")
        self.assertFalse(self.receiver.received)
        for url in (
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest",
            "http://192.168.0.1",
            "http://[::ffff:10.0.0.1]/",
            "http://localhost:80/",
            "http://0.0.0.0/",
            "http://intranet.local/",
            "ftp://a.example.com/",
            "http://user:pass@a.example.com/",
            "http://a.example.com/a b",
            "nonsense",
        ):
            with self.subTest(url):
                with self.assertRaises(safe_http.Refused) as caught:
                    safe_http.check_url(url)
                self.assertTrue(refusal(self.env, caught.exception), "said in words")
        safe_http.check_url("https://hooks.example.com/x?y=1")

    def test_a_name_that_leads_inside_is_refused_on_the_connection(self):
        inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", self.receiver.server_port))]
        self.patch(
            type(self), "_request_handler", lambda session, request, **options: SEND(session, request, **options)
        )
        with patch.object(socket, "getaddrinfo", return_value=inside), self.assertRaises(safe_http.Refused):
            safe_http.post(f"http://hooks.example.com:{self.receiver.server_port}/", b"{}", {}, 5)
        self.assertFalse(self.receiver.received)

    def test_check(self):
        self.env["ir.config_parameter"].set_param(PRIVATE, "False")
        self.assertEqual(self._issue_codes(self._scenario_of("webhook")), ["no_url"])
        self.assertEqual(self._issue_codes(self._scenario("http://10.0.0.1/x")), ["bad_url"])
        self.assertEqual(self._issue_codes(self._scenario("http://a.example.com/x")), ["not_encrypted"])
        self.assertEqual(self._issue_codes(self._scenario("https://a.example.com/x")), [])

    def test_the_secret_is_for_managers(self):
        user = new_test_user(self.env, "plain.user", groups="marketing_scenario.group_scenario_user")
        step = self._step(self._scenario(), "step")
        self.assertEqual(len(step.webhook_secret), 64)
        self.assertNotIn("webhook_secret", step.with_user(user).fields_get())

    def test_budget(self):
        self.assertBudget(self._scenario(), constant=30)
