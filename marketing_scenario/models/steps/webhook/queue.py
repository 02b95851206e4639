"""Webhooks waiting to be sent: queued by the step, sent by cron, never in the engine's transaction (S27)."""

import hashlib
import hmac
import json
import logging
import uuid
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.tools import str2bool

from ....tools import safe_http
from ... import clock
from ...conflicts import nightly
from ...engine import back_off
from ...engine.drain import drain

_logger = logging.getLogger(__name__)

TIMEOUT = 10  # seconds, to connect and between two answers
BATCH_SIZE = 100
KEPT_DAYS = 30
ALLOW_PRIVATE = "marketing_scenario.webhook_allow_private"


def refusal(env, refused):
    """:return: why an address may not be called (``safe_http.Refused``), in words for people"""
    return {
        "incomplete": env._("it is not a complete http or https address"),
        "password": env._("a password stands in it"),
        "blanks": env._("blanks stand in it"),
        "private": env._("it is a private address"),
    }[refused.reason]


class MarketingWebhookCall(models.Model):
    _name = "marketing.webhook.call"
    _description = "Webhook to send"
    _inherit = ["marketing.guarded"]
    _order = "id"
    _rec_name = "url"

    step_id = fields.Many2one("marketing.scenario.step", ondelete="cascade", index=True, readonly=True)
    scenario_id = fields.Many2one(related="step_id.scenario_id")
    enrollment_id = fields.Many2one(
        "marketing.scenario.enrollment", ondelete="cascade", index="btree_not_null", readonly=True
    )
    delivery = fields.Char(
        required=True, help="Stays the same on each try: the receiver knows what it has already.", readonly=True
    )
    url = fields.Char("Address", required=True, readonly=True)
    body = fields.Text(help="Emptied once it has arrived.", readonly=True)
    state = fields.Selection(
        [("waiting", "Waiting"), ("sent", "Sent"), ("error", "Error")], default="waiting", required=True, readonly=True
    )
    attempts = fields.Integer("Tries", default=0, readonly=True)
    next_try_at = fields.Datetime("Next try", required=True, readonly=True)
    response_code = fields.Integer("Answer", readonly=True)
    response_text = fields.Text("Text of the answer", readonly=True)

    _waiting_idx = models.Index("(next_try_at, id) WHERE state = 'waiting'")

    @api.model
    def _queue(self, step, enrollments):
        """One row per enrollment, in one ``create``, in the caller's transaction."""
        now = clock.now(self.env)
        rows = []
        for target, enrollment_id in enrollments._pairs():
            delivery = uuid.uuid4().hex
            body = json.dumps(step._webhook_payload(target, enrollment_id, delivery, now))
            rows.append(
                {
                    "step_id": step.id,
                    "enrollment_id": enrollment_id,
                    "delivery": delivery,
                    "url": step.sudo().webhook_url,
                    "body": body,
                    "next_try_at": now,
                }
            )
        # sudo: the queue belongs to the system
        self.sudo().create(rows)
        self._cron()._trigger()

    @api.model
    def _cron_send(self):
        """Cron: send what is due, each call committed by itself; a host that does not answer is left alone
        until the next run."""
        silent = set()

        def work():
            call = self._due(silent)
            if call and not call._send():
                silent.add(call._host())
            return len(call)

        drain(self._cron(), work, self._next_at)

    def _next_at(self):
        return self.search([("state", "=", "waiting")], order="next_try_at", limit=1).next_try_at

    @api.model
    def _cron(self):
        # sudo: who queues a call wakes the cron, without rights on it
        return self.env.ref("marketing_scenario.ir_cron_send_webhooks").sudo()

    def _due(self, silent):
        """The oldest call whose moment has come, locked, of the hosts that answer."""
        domain = [("state", "=", "waiting"), ("next_try_at", "<=", clock.now(self.env))]
        domain += [("url", "not like", f"://{host}") for host in silent]
        return self.search(domain, limit=BATCH_SIZE, order="next_try_at, id").try_lock_for_update(limit=1)

    def _send(self):
        """Send one call and note the answer. :return: whether the host answered at all"""
        allow_private = str2bool(self.env["ir.config_parameter"].sudo().get_param(ALLOW_PRIVATE, "False"))
        body = (self.body or "").encode()
        try:
            code, text = safe_http.post(self.url, body, self._headers(body), TIMEOUT, allow_private)
        except safe_http.Refused as error:
            self._note(0, self.env._("Refused: %(reason)s.", reason=refusal(self.env, error)), again=False)
            return True
        except requests.RequestException as error:
            _logger.info("Webhook %s to %s: %s", self.id, self._host(), error)
            self._note(0, str(error))
            return False
        self._note(code, text)
        return True

    def _headers(self, body):
        now = str(int(clock.now(self.env).timestamp()))
        # sudo: the secret is shown to managers only; the queue signs with it
        secret = (self.step_id.sudo().webhook_secret or "").encode()
        signature = hmac.new(secret, now.encode() + b"." + body, hashlib.sha256).hexdigest()
        return {
            "Content-Type": "application/json",
            "User-Agent": "marketing_scenario",
            "X-Marketing-Delivery": self.delivery,
            "X-Marketing-Timestamp": now,
            "X-Marketing-Signature": f"sha256={signature}",
        }

    def _note(self, code, text, again=True):
        """Note an answer: arrived, tried again later (S44), or given up, which the run's timeline tells."""
        values = {
            "response_code": code,
            "response_text": (text or "")[: safe_http.MAX_ANSWER],
            "attempts": self.attempts + 1,
        }
        if 200 <= code < 300:
            self.write({**values, "state": "sent", "body": False})
        elif next_try := again and back_off.next_try(values["attempts"], clock.now(self.env)):
            self.write({**values, "next_try_at": next_try})
        else:
            self.write({**values, "state": "error"})
            self._trace_error(f"{code} {text}".strip("0 "))

    def _trace_error(self, message):
        self.enrollment_id._trace("error", "error", message=message, step=self.step_id)

    def _host(self):
        return urlsplit(self.url).netloc

    def action_retry(self):
        """Try given-up calls again, from the first try on."""
        self.check_access("write")
        # sudo: nothing else of a queued call is ever changed by a person
        self.sudo().write({"state": "waiting", "attempts": 0, "next_try_at": clock.now(self.env)})
        self._cron()._trigger()
        return True

    @nightly
    def _gc_sent(self):
        limit = fields.Datetime.subtract(clock.now(self.env), days=KEPT_DAYS)
        self.search([("state", "=", "sent"), ("write_date", "<", limit)], limit=10000).unlink()


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _forget_person(self, person):
        """What was told to other programs is no longer kept, what waits is not told."""
        self._webhook_calls().unlink()
        return super()._forget_person(person)

    def _webhook_calls(self):
        return self.env["marketing.webhook.call"].search([(f"enrollment_id.{self._marketing_column}", "in", self.ids)])

    def _person_report(self):
        told = ("create_date", "url", "state", "body", "response_code", "response_text")
        calls = self._report_rows(self._webhook_calls().sorted("id"), told)
        return {**super()._person_report(), self.env._("Told to other programs"): calls}
