"""Sending queued mails to a mail server of this machine, with the last gate and without it."""

import multiprocessing
import time
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from bench.measure import alternate
from bench.report import Figure, within
from bench.works.mailing import BODY, SUBJECT, open_always
from e2e.smtp import MailServer

BATCH = 500
ROUNDS = 10
QUICK_ROUNDS = 4
LIMIT = 1.1  # the last gate may cost a tenth of the sending rate


def gate(world, sizes, quick):
    """Odoo's mail queue sends the mails of one step, each second batch past the last gate."""
    if "email" not in dict(world.env["marketing.scenario.step"]._fields["step_type"].selection):
        return
    size = 2 * BATCH * (QUICK_ROUNDS if quick else ROUNDS)
    scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
    open_always(world)
    world.place(scenario.start_step_id.child_ids, world.partners(size)[:size])
    while world.engine_batch():
        pass
    mails = world.env["mail.mail"].search([("mailing_id", "=", scenario.step_ids.email_mailing_id.id)])
    chunks = [mails[start : start + BATCH] for start in range(0, size, BATCH)]
    with mail_server(world):
        for chunk in (chunks.pop(), chunks.pop()):  # caches, and the first connection
            send(chunk)
        passed, past, ratio = alternate(lambda: send(next_of(chunks)), lambda: send_past_the_gate(next_of(chunks)))
    left = mails.exists().filtered(lambda mail: mail.state != "sent")
    if left:
        raise AssertionError(f"{len(left)} mails did not leave: {set(left.mapped('failure_reason'))}")
    world.retire(scenario)
    figure = Figure("sending with the last gate", passed.total + past.total, passed.rate, past.rate, ratio)
    figure.statements = (passed.statements - past.statements) / passed.total
    figure.note = f"{figure.statements:.2f} SQL each by the gate"
    yield within(figure, LIMIT)


def next_of(chunks: list):
    """Take the next batch of mails, or none."""
    return chunks.pop() if chunks else None


def send(mails) -> int:
    """Send as Odoo's queue does, which commits after each mail."""
    if not mails:
        return 0
    mails.env.invalidate_all()
    mails.send(auto_commit=True)
    return len(mails)


def send_past_the_gate(mails) -> int:
    """Send as Odoo would without the addon's gate."""
    from odoo.addons.marketing_scenario.models.channels.mail_mail import MailMail

    def odoos_own(self, *args, **options):
        return super(MailMail, self)._send(*args, **options)

    with patch.object(MailMail, "_send", odoos_own):
        return send(mails)


@contextmanager
def mail_server(world) -> Iterator[None]:
    """Have Odoo send to a server in a process of its own: in this one it would slow down what is measured."""
    context = multiprocessing.get_context("spawn")
    ours, its = context.Pipe()
    process = context.Process(target=listen, args=(its,), daemon=True)
    process.start()
    try:
        world.env["ir.mail_server"].create({"name": "Sink", "smtp_host": "127.0.0.1", "smtp_port": ours.recv()})
        world.cr.commit()
        yield
    finally:
        ours.send("stop")
        process.join(10)


def listen(pipe) -> None:
    """Take mails until told to stop."""
    with MailServer() as server:
        pipe.send(server.port)
        while not pipe.poll(0):
            time.sleep(0.1)
