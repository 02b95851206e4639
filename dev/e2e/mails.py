"""Reading delivered mails as a mail program does, and what each must be like."""

import email
import re
from email import policy
from email.message import EmailMessage

from lxml import html

from e2e.checks import Checks
from e2e.smtp import Delivery

TRACKED = re.compile(r"/r/\w+/m/\d+")
PIXEL = re.compile(r"/mail/track/\d+/[\w-]+/blank\.gif")


class Mail:
    """A delivered message, parsed."""

    def __init__(self, delivery: Delivery):
        self.sender = delivery.sender
        self.recipient = delivery.recipients[0]
        self.message: EmailMessage = email.message_from_bytes(delivery.content, policy=policy.default)
        self.subject = str(self.message["Subject"])
        self.message_id = str(self.message["Message-ID"]).strip()
        self.plain = self._part("text/plain")
        self.html = self._part("text/html")
        self.links = [node.get("href") for node in html.fromstring(self.html or "<p/>").iter("a") if node.get("href")]

    def _part(self, content_type: str) -> str:
        for part in self.message.walk():
            if part.get_content_type() == content_type:
                return part.get_content()
        return ""

    @property
    def tracked_links(self) -> list[str]:
        """Links that Odoo counts."""
        return [link for link in self.links if TRACKED.search(link)]

    @property
    def pixel(self) -> str:
        """Address of the picture that tells that the mail was opened."""
        return next((source for source in html.fromstring(self.html).xpath("//img/@src") if PIXEL.search(source)), "")

    @property
    def one_click(self) -> str:
        """Address to unsubscribe at with one request (RFC 8058)."""
        match = re.search(r"<(https?://[^>]+)>", str(self.message["List-Unsubscribe"] or ""))
        return match[1] if match else ""


def check_mail(checks: Checks, mail: Mail, name: str, address: str) -> None:
    """Check that a mail of a scenario is complete: parts, headers, tracking, way out, name spelled right."""
    message, who = mail.message, f"mail “{mail.subject}” to {address}"
    checks.same(message.get_content_type(), "multipart/alternative", f"{who}: type")
    checks.that(mail.plain.strip(), f"{who}: has a plain text part")
    for part in message.walk():
        if part.get_content_maintype() == "text":
            checks.same(
                (part.get_content_charset() or "").lower(), "utf-8", f"{who}: charset of {part.get_content_type()}"
            )
    checks.that(name in mail.html, f"{who}: greets {name}")
    checks.that(name in mail.plain, f"{who}: greets {name} in the plain text too")
    checks.that("object." not in mail.html and "{{" not in mail.subject + mail.html, f"{who}: no placeholder is left")
    checks.that(re.fullmatch(r"<[^<>@\s]+@[^<>@\s]+>", mail.message_id), f"{who}: Message-ID {mail.message_id}")
    checks.that(mail.one_click, f"{who}: List-Unsubscribe")
    checks.same(message["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click", f"{who}: List-Unsubscribe-Post")
    checks.that(len(mail.tracked_links) >= 2, f"{who}: tracked links, found {mail.links}")
    checks.that(mail.pixel, f"{who}: pixel")
    checks.that(any("unsubscribe" in link for link in mail.links), f"{who}: a link to unsubscribe for the eye")
    checks.that(mail.sender, f"{who}: an address to bounce to")
