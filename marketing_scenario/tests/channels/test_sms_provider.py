"""An SMS through a real HTTP service: queued, sent, delivered, failed, clicked, opted out, on real rows (S21)."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch
from urllib.parse import quote

import requests

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.iap.tools import iap_tools

from ..step_case import StepCase


def call_service(url, params, timeout=15):
    """Odoo's own call of the service, which refuses to work inside tests."""
    return requests.post(url, json={"jsonrpc": "2.0", "method": "call", "params": params}, timeout=timeout).json()[
        "result"
    ]


class Provider(BaseHTTPRequestHandler):
    """Stands in for the SMS service; numbers ending in 79 have no credit until ``server.paid``."""

    def do_POST(self):
        call = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        results = []
        for message in call["params"].get("messages", []):
            for to in message["numbers"]:
                unpaid = to["number"].endswith("79") and not self.server.paid
                self.server.received.append((to["number"], message["content"]))
                results.append(
                    {"uuid": to["uuid"], "state": "insufficient_credit" if unpaid else "success", "credit": 1}
                )
        body = json.dumps({"jsonrpc": "2.0", "id": call.get("id"), "result": results}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        """Keep quiet."""


@tagged("post_install", "-at_install")
class TestSmsProvider(StepCase, HttpCase):
    def setUp(self):
        super().setUp()
        self.provider = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
        self.provider.received, self.provider.paid = [], False
        threading.Thread(target=self.provider.serve_forever, daemon=True).start()
        self.addCleanup(self.provider.server_close)
        self.addCleanup(self.provider.shutdown)
        self.env["ir.config_parameter"].set_param("sms.endpoint", f"http://127.0.0.1:{self.provider.server_port}")
        self.startPatcher(patch.object(iap_tools, "iap_jsonrpc", call_service))
        body = "Hello {{ object.marketing_first_name ||| you }}: https://shop.example.com/x"
        self.scenario = self._scenario_of("sms", {"sms_body": body})

    def _status(self, sms, status):
        """A delivery report, as the service posts it."""
        report = {"params": {"message_statuses": [{"sms_status": status, "uuids": [sms.uuid]}]}}
        self.url_open("/sms/status", json.dumps(report), headers={"Content-Type": "application/json"})
        self.env.invalidate_all()

    @mute_logger("odoo.addons.sms.models.sms_sms")
    def test_the_life_of_an_sms(self):
        contact, account, lead = self._walk(self.scenario)
        trace = {e: e.trace_ids.mailing_trace_id for e in (contact, account, lead)}
        sms = {e: self.env["sms.sms"].browse(trace[e].sms_id_int) for e in trace}
        self.assertEqual({t.trace_status for t in trace.values()}, {"outgoing"})
        self.env["sms.sms"].concat(*sms.values())._send(unlink_sent=False)
        self.assertEqual(
            [number for number, _text in self.provider.received], ["+33612345678", "+33612345679", "+33612345680"]
        )
        self.assertEqual([t.trace_status for t in trace.values()], ["pending", "error", "pending"])

        self._status(sms[contact], "delivered")
        self.assertEqual(trace[contact].trace_status, "sent")
        self._status(sms[lead], "invalid_destination")
        self.assertEqual(trace[lead].trace_status, "bounce")
        self.assertTrue(self.lead.marketing_invalid_phone)

        link = self.provider.received[0][1].partition("/r/")[2].split()[0]
        self.url_open(f"/r/{link}", allow_redirects=False)
        self.env.invalidate_all()
        self.assertTrue(trace[contact].links_click_datetime)

        self.provider.paid = True
        self.forward(minutes=1)
        with self.enter_registry_test_mode():
            self.env.ref("marketing_scenario.ir_cron_retry_sms").method_direct_trigger()
        sms[account]._send(unlink_sent=False)
        self.assertEqual(trace[account].trace_status, "pending", "no credit: kept, and sent once it was paid")

    def test_stop(self):
        self.scenario.leave_on_unsubscribe = True
        elsewhere = self._walk(self._scenario_of("pause", {"pause_days": 9}), self.contact)
        enrollment = self._walk(self.scenario, self.contact)
        trace = enrollment.trace_ids.mailing_trace_id
        mailing = trace.mass_mailing_id
        number = f"sms_number={quote(trace.sms_number)}"
        self.url_open(f"/sms/{mailing.id}/unsubscribe/WRONG?{number}")
        self.assertFalse(self.contact.phone_sanitized_blacklisted)
        self.url_open(f"/sms/{mailing.id}/unsubscribe/{trace.sms_code}?{number}")
        self.env.invalidate_all()
        self.assertTrue(self.contact.phone_sanitized_blacklisted)
        self.assertTrue(self.contact.marketing_refuse_sms)
        self.assertEqual((elsewhere.state, elsewhere.end_reason), ("stopped", "unsubscribed"))
        self.assertEqual(self.contact._blocked("sms"), {self.contact.id: "refused_sms"})
