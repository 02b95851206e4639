"""What the last gate costs: mails of a scenario sent to a mail server of this machine."""

import logging
import multiprocessing
import time
from contextlib import contextmanager
from unittest.mock import patch

from odoo import sql_db
from odoo.tools import config

from bench.measure import Side
from bench.report import Figure, within
from bench.works.mailing import BODY, SUBJECT, open_always
from e2e.smtp import MailServer

BATCH = 200
WARM = 20
ROUNDS = 10  # of a batch each
QUICK_ROUNDS = 1
MOST = 1.1  # × the cost of sending alone
MOST_STATEMENTS = 0.2  # of the gate for each mail


def sending(world, sizes, quick):
    """Mails of the email step from Odoo's queue to a mail server; the floor is the same without the last gate's time.

    Neighbours would be judged by the machine's other load: the gate is a few percent.
    """
    with mail_server(world):
        count = BATCH * (QUICK_ROUNDS if quick else ROUNDS) + WARM
        partner_ids = world.partners(count)[:count]
        scenario = world.scenario(("email", {"email_subject": SUBJECT, "email_body_html": BODY}))
        world.env.company.email = "sender@company.example.com"
        open_always(world)
        world.place(scenario.start_step_id.child_ids, partner_ids)
        while world.engine_batch():
            pass
        mails = world.env["mail.mail"].search([("mailing_id.marketing_step_id.scenario_id", "=", scenario.id)])
        send(world, mails[:WARM])  # connects, and reads what every mail needs
        gate, side = TimedGate(world), Side()
        with patch.object(world.registry["mail.mail"], "_pass_last_gate", gate.pass_last_gate):
            for start in range(WARM, count, BATCH):
                side.run(lambda start=start: send(world, mails[start : start + BATCH]))
        world.retire(scenario)
    seconds = sum(side.seconds)
    alone = seconds - gate.seconds
    figure = Figure("sending, last gate", side.total, side.total / seconds, side.total / alone, seconds / alone)
    figure.statements = gate.statements / side.total
    yield within(figure, MOST, MOST_STATEMENTS, quick)


class TimedGate:
    """Odoo's queue passes it instead of the last gate, which it asks."""

    def __init__(self, world):
        self.usual = world.registry["mail.mail"]._pass_last_gate
        self.seconds, self.statements = 0.0, 0

    @property
    def pass_last_gate(self):
        """The method to put in its place."""

        def timed(mails):
            began, asked = time.perf_counter(), sql_db.sql_counter
            passed = self.usual(mails)
            mails.env.flush_all()
            self.seconds += time.perf_counter() - began
            self.statements += sql_db.sql_counter - asked
            return passed

        return timed


def send(world, mails) -> int:
    """Send as Odoo's queue does; check that all left."""
    world.env.invalidate_all()
    mails.send(auto_commit=True)
    world.cr.commit()
    left = world.env["mailing.trace"].search_count(
        [("mail_mail_id_int", "in", mails.ids), ("trace_status", "=", "sent")]
    )
    if left != len(mails):
        raise AssertionError(f"{left} of {len(mails)} mails left")
    return len(mails)


@contextmanager
def mail_server(world):
    """A mail server in a process of its own, which forgets what it gets."""
    ports = multiprocessing.SimpleQueue()
    with world.away():
        process = multiprocessing.get_context("fork").Process(target=_serve, args=(ports,), daemon=True)
        process.start()
    usual = config["smtp_server"], config["smtp_port"]
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", ports.get()
    try:
        yield
    finally:
        config["smtp_server"], config["smtp_port"] = usual
        process.kill()
        process.join()


class Forgetful(list):
    """Keeps nothing."""

    def append(self, item) -> None:
        """Forget it."""


def _serve(ports) -> None:
    logging.disable(logging.INFO)
    with MailServer() as server:
        server.deliveries = Forgetful()
        ports.put(server.port)
        multiprocessing.Event().wait()
