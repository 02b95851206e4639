"""Mails that come back, handed to Odoo as its mail gateway script does."""

import xmlrpc.client
from email.message import EmailMessage
from email.utils import make_msgid

from e2e.mails import Mail

REPORT = """\
From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: {bounce}
Subject: Undelivered Mail Returned to Sender
Message-ID: {message_id}
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_report"

--=_report
Content-Type: text/plain; charset=us-ascii

I could not deliver your message: {recipient} is unknown here.

--=_report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; {recipient}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 user unknown

--=_report
Content-Type: message/rfc822

{headers}

--=_report--
"""


class Gateway:
    """Hands incoming mail to Odoo over XML-RPC."""

    def __init__(self, xmlrpc_api):
        self._call = xmlrpc_api

    def bounce(self, mail: Mail) -> None:
        """Return a delivered mail as undeliverable (RFC 3464)."""
        headers = "\n".join(
            f"{name}: {mail.message[name]}" for name in ("From", "To", "Message-ID", "References") if mail.message[name]
        )
        text = REPORT.format(bounce=mail.sender, message_id=make_msgid(), recipient=mail.recipient, headers=headers)
        self._process(text.replace("\n", "\r\n").encode())

    def reply(self, mail: Mail, text: str) -> None:
        """Answer a mail as its recipient."""
        answer = EmailMessage()
        answer["From"] = mail.message["To"]
        answer["To"] = mail.message["Reply-To"] or mail.message["From"]
        answer["Subject"] = f"Re: {mail.subject}"
        answer["Message-ID"] = make_msgid()
        answer["In-Reply-To"] = answer["References"] = mail.message_id
        answer.set_content(text)
        self._process(answer.as_bytes())

    def _process(self, content: bytes) -> None:
        self._call("mail.thread", "message_process", False, xmlrpc.client.Binary(content))
