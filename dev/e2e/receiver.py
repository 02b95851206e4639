"""A web server that stands for the world outside: an SMS provider and a program that gets webhooks."""

import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Call:
    """One POST as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    def data(self):
        """The body as JSON."""
        return json.loads(self.body)

    def signed_with(self, secret: str) -> bool:
        """Tell whether a webhook's signature is right."""
        text = self.headers["X-Marketing-Timestamp"].encode() + b"." + self.body
        expected = "sha256=" + hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, self.headers.get("X-Marketing-Signature", ""))


class Receiver:
    """Listens on a free port of this machine and answers every POST with success."""

    def __init__(self):
        self.calls: list[Call] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802 the library's name
                body = self.rfile.read(int(self.headers["Content-Length"]))
                call = Call(self.path, dict(self.headers), body)
                receiver.calls.append(call)
                answer = json.dumps(_sms_answer(call) if "/sms/" in call.path else {}).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *details):
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> "Receiver":
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *details) -> None:
        self._server.shutdown()

    def to(self, path: str) -> list[Call]:
        """The calls of an address."""
        return [call for call in self.calls if call.path == path]

    def messages(self) -> list[tuple[str, str]]:
        """The SMS sent: ``(number, text)``."""
        return [
            (number["number"], message["content"])
            for call in self.calls
            if "/sms/" in call.path
            for message in call.data()["params"]["messages"]
            for number in message["numbers"]
        ]


def _sms_answer(call: Call) -> dict:
    numbers = [number for message in call.data()["params"]["messages"] for number in message["numbers"]]
    return {
        "jsonrpc": "2.0",
        "id": call.data().get("id"),
        "result": [{"uuid": number["uuid"], "state": "success", "credit": 1} for number in numbers],
    }
