"""Processes that do the engine's work, and can be killed."""

import os
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psycopg2

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

from odoo.addons.marketing_scenario.models import clock
from odoo.addons.marketing_scenario.models.engine import engine

from e2e.smtp import MailServer

# Small batches make many commits, and so many different moments to be killed at.
BATCH_SIZE = 50
LIMIT_SECONDS = 900  # who takes longer hangs; no slow machine may come near
HELD_SECONDS = 120  # for which somebody keeps a row


class Worker:
    """A process of its own, forked so that it need not load Odoo again; its errors go to a log."""

    def __init__(self, task: Callable[[], None], log: Path):
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        self.status: int | None = None
        if not self.pid:
            os._exit(self._run(task, log))

    @staticmethod
    def _run(task: Callable[[], None], log: Path) -> int:
        with log.open("a") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            try:
                task()
            except BaseException:  # noqa: BLE001 the status tells; the text is in the log
                traceback.print_exc()
                sys.stderr.flush()
                return 1
        return 0

    def alive(self) -> bool:
        """Tell whether the process still runs."""
        if self.status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.status = os.waitstatus_to_exitcode(status) if pid else None
        return self.status is None

    def kill(self) -> bool:
        """Kill it without any chance to clean up; tell whether it still ran."""
        if not self.alive():
            return False
        os.kill(self.pid, signal.SIGKILL)
        self.wait()
        return True

    def wait(self, seconds: float = LIMIT_SECONDS) -> int:
        """Wait for its end and return its status; a process that hangs is killed and counts as failed."""
        end = time.monotonic() + seconds
        while self.alive():
            if time.monotonic() > end:
                os.kill(self.pid, signal.SIGKILL)
            time.sleep(0.01)
        return self.status


def walk_due(database: str, batch_size: int = BATCH_SIZE) -> None:
    """What the engine's cron does: all that is due, one committed batch after the other."""
    engine.BATCH_SIZE = batch_size
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["marketing.scenario.engine"]._cron_run_due()


def walk_on(database: str) -> None:
    """As ``walk_due``, again and again, as a server's cron threads do."""
    while True:
        walk_due(database)
        time.sleep(0.05)


def send_mails(database: str, port: int) -> None:
    """What Odoo's mail queue does: all mails that are to leave now, by the mail server at ``port``."""
    config["smtp_server"], config["smtp_port"] = "127.0.0.1", port
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["mail.mail"].process_email_queue()
        cr.commit()


def send_sms(database: str) -> None:
    """What Odoo's SMS queue does."""
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["sms.sms"]._process_queue()
        cr.commit()


def deliver_mails(database: str, delivered: Path) -> None:
    """As ``send_mails``, with a mail server that answers; the addresses it got go to the file ``delivered``."""
    with MailServer() as post:
        send_mails(database, post.port)
        delivered.write_text("\n".join(address for delivery in post.deliveries for address in delivery.recipients))


def write_as_user(database: str, partner_ids: list[int], draw, seconds: float, done: Path) -> None:
    """Change contacts one by one in any order, in transactions that are repeated on conflict, as a user's requests are.

    ``color`` counts the changes; the number of those committed goes to the file ``done``.
    """
    with Registry(database).cursor() as cr:
        committed, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            chosen = draw.sample(partner_ids, 5)
            try:
                for partner_id in chosen:
                    cr.execute("UPDATE res_partner SET color = coalesce(color, 0) + 1 WHERE id = %s", [partner_id])
                    time.sleep(0.002)
                cr.commit()
                committed += len(chosen)
            except (psycopg2.errors.SerializationFailure, psycopg2.errors.DeadlockDetected):
                cr.rollback()
    done.write_text(str(committed))


def walk_at(database: str, hours: int) -> None:
    """As ``walk_on``, with a clock that is so many hours ahead."""
    right = clock.now
    clock.now = lambda env: right(env) + timedelta(hours=hours)
    walk_on(database)


def run_queries(database: str) -> None:
    """What the cron of the dynamic queries does."""
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["marketing.scenario.query"]._cron_evaluate()


def process_events(database: str) -> None:
    """What the cron of the automations does."""
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["marketing.automatism.event"]._cron_process()


def take_forms_in(database: str) -> None:
    """What the cron of the forms does."""
    with Registry(database).cursor() as cr:
        api.Environment(cr, api.SUPERUSER_ID, {})["marketing.engagement.submission"]._cron_process()


def hold_row(database: str, partner_id: int, ready: Path) -> None:
    """Lock a contact and keep it locked, as a transaction that hangs does; the file ``ready`` says so."""
    with Registry(database).cursor() as cr:
        cr.execute("SELECT FROM res_partner WHERE id = %s FOR UPDATE", [partner_id])
        ready.write_text("held")
        time.sleep(HELD_SECONDS)
