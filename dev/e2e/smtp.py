"""A mail server that keeps what it gets and refuses some."""

import threading
from dataclasses import dataclass

from aiosmtpd.controller import Controller

from env import free_port

REFUSED = ("bounce-me", "reject")


@dataclass(frozen=True)
class Delivery:
    """One message as it came over SMTP."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes


class MailServer:
    """Listens on a free port of this machine."""

    def __init__(self):
        self.deliveries: list[Delivery] = []
        self.refused: list[str] = []
        self._lock = threading.Lock()
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port, decode_data=False)

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *details) -> None:
        self._controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options) -> str:  # noqa: N802 aiosmtpd's name
        """Refuse the addresses that stand for people who are gone."""
        if address.split("@")[0].startswith(REFUSED):
            with self._lock:
                self.refused.append(address)
            return "550 5.1.1 user unknown"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 aiosmtpd's name
        """Keep the message."""
        with self._lock:
            self.deliveries.append(Delivery(envelope.mail_from, tuple(envelope.rcpt_tos), envelope.content))
        return "250 OK"

    def to(self, address: str) -> list[Delivery]:
        """What was delivered to an address, in order."""
        with self._lock:
            return [delivery for delivery in self.deliveries if address in delivery.recipients]
