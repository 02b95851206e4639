"""The world outside, in a process of its own: a mail server, an SMS provider, a program that gets webhooks.

What arrives is written to a file, a line of JSON each, with the moment: what counts is what came out of the house.
"""

import json
import multiprocessing
import os
import signal
import time
from email import message_from_bytes
from email.policy import default
from pathlib import Path

from e2e.receiver import Receiver
from e2e.smtp import MailServer
from env import DevError


class Noted(list):
    """A list that writes what it is given to a file, at once."""

    def __init__(self, path: Path, lines):
        super().__init__()
        self._path, self._lines = path, lines

    def append(self, item) -> None:
        """Note it with the moment at which it came."""
        with self._path.open("a") as output:
            for line in self._lines(item):
                output.write(json.dumps({"at": time.time(), **line}) + "\n")


def _mails(delivery):
    message = message_from_bytes(delivery.content, policy=default)
    for address in delivery.recipients:
        yield {"kind": "mail", "address": address, "id": message["Message-Id"], "subject": message["Subject"]}


def _posts(call):
    if "/sms/" not in call.path:
        yield {"kind": "webhook", "id": call.headers.get("X-Marketing-Delivery")}
        return
    for message in call.data()["params"]["messages"]:
        for number in message["numbers"]:
            yield {"kind": "sms", "address": number["number"], "id": number["uuid"], "subject": message["content"]}


class MoodyMailServer(MailServer):
    """Refuses everything for a while when it is told to."""

    def __init__(self, refusing):
        super().__init__()
        self._refusing = refusing

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 aiosmtpd's name
        """Ask to come back later, or answer as always."""
        if self._refusing.value:
            return "451 4.3.0 try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)


class Outside:
    """Starts the process and reads what it got."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._arrived = folder / "arrived.jsonl"
        self._ports = folder / "ports.json"
        self.refusing = multiprocessing.Value("b", 0)

    def __enter__(self) -> "Outside":
        for path in (self._arrived, self._ports):
            path.unlink(missing_ok=True)
        self.pid = os.fork()
        if not self.pid:
            self._serve()
        end = time.monotonic() + 20
        while not self._ports.exists():
            if time.monotonic() > end:
                raise DevError("the mail server of the fuzzer does not start", f"look into {self.folder}")
            time.sleep(0.02)
        ports = json.loads(self._ports.read_text())
        self.smtp_port, self.url = ports["smtp"], ports["url"]
        return self

    def __exit__(self, *details) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def _serve(self) -> None:
        """In the other process: serve until it is killed."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with MoodyMailServer(self.refusing) as post, Receiver() as receiver:
            post.deliveries = Noted(self._arrived, _mails)
            receiver.calls = Noted(self._arrived, _posts)
            draft = self._ports.with_suffix(".new")
            draft.write_text(json.dumps({"smtp": post.port, "url": receiver.url}))
            draft.rename(self._ports)
            while os.getppid() != 1:
                time.sleep(1)
        os._exit(0)

    def arrived(self) -> list[dict]:
        """All that came so far."""
        return [json.loads(line) for line in self._arrived.read_text().splitlines()] if self._arrived.exists() else []
