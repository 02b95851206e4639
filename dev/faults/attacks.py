"""The bad moments. Each attack brings journeys to their end through its troubles and returns what it found."""

import time
from dataclasses import dataclass, field
from functools import partial
from random import Random

from odoo import sql_db

from env import Database, DevError, environment, free_port
from faults.journey import Journey
from faults.workers import LIMIT_SECONDS, Worker, deliver_mails, send_mails, walk_due, walk_on, write_as_user


@dataclass
class Finding:
    """What came out of an attack."""

    attack: str
    troubles: int = 0
    people: int = 0
    losses: list[str] = field(default_factory=list)
    seconds: float = 0
    note: str = ""


class Battle:
    """The database under attack, its journeys and its workers."""

    def __init__(self, database: Database, seed: int, size: int):
        self.database = database
        self.draw = Random(seed)
        self.size = size
        self.log = environment().logs / "faults_workers.log"
        self._journeys = 0

    def journey(self) -> Journey:
        """Return a new journey with its people, all due; no connection stays open, so that workers can be forked."""
        self._journeys += 1
        journey = Journey(self.database, self._journeys, self.size)
        sql_db.close_all()
        return journey

    def worker(self, task=walk_due, *arguments) -> Worker:
        """Start a process on the database."""
        return Worker(partial(task, self.database.name, *arguments), self.log)

    def settle(self, finding: Finding, journey: Journey) -> None:
        """Let an undisturbed worker bring everybody to the end, then look."""
        end = time.monotonic() + LIMIT_SECONDS
        while not journey.finished() and time.monotonic() < end:
            if self.worker().wait():
                finding.losses.append(f"an undisturbed worker failed, see {self.log}")
                return
            time.sleep(0.2)
        finding.people += journey.size
        finding.losses += journey.losses()


def killed_workers(battle: Battle, kills: int) -> Finding:
    """A worker is killed at a random moment and followed by the next"""
    finding, journey = Finding("worker killed"), battle.journey()
    while finding.troubles < kills:
        worker = battle.worker()
        time.sleep(battle.draw.uniform(0.02, 0.6))
        finding.troubles += worker.kill()
        if journey.finished():
            battle.settle(finding, journey)
            journey = battle.journey()
    battle.settle(finding, journey)
    return finding


def many_workers(battle: Battle, rounds: int) -> Finding:
    """Four workers at once on the same due rows; one of them is killed"""
    finding = Finding("four workers, one killed")
    for _round in range(rounds):
        journey = battle.journey()
        workers = [battle.worker() for _worker in range(4)]
        time.sleep(battle.draw.uniform(0.1, 0.8))
        finding.troubles += battle.draw.choice(workers).kill()
        if any(worker.wait() > 0 for worker in workers):
            finding.losses.append(f"a worker failed beside others, see {battle.log}")
        battle.settle(finding, journey)
    return finding


def rival_user(battle: Battle, rounds: int) -> Finding:
    """A user changes the same contacts in any order while two workers run: deadlocks and conflicts"""
    finding = Finding("user against two workers")
    done = environment().work / "faults_user_writes"
    for _round in range(rounds):
        journey = battle.journey()
        battle.database.sql("UPDATE res_partner SET color = 0")
        user = battle.worker(write_as_user, journey.partner_ids, battle.draw, 4, done)
        workers = [battle.worker(walk_on) for _worker in range(2)]
        user.wait()
        for worker in workers:
            worker.kill()
        finding.troubles += int(done.read_text())
        counted = int(battle.database.sql("SELECT sum(color) FROM res_partner"))
        if counted != int(done.read_text()):
            finding.losses.append(f"the user made {done.read_text()} changes, {counted} are there")
        battle.settle(finding, journey)
    finding.note = "troubles = changes the user made meanwhile"
    return finding


def database_crash(battle: Battle, crashes: int) -> Finding:
    """PostgreSQL is killed under two workers and started again"""
    finding, journey = Finding("PostgreSQL killed"), battle.journey()
    while finding.troubles < crashes:
        workers = [battle.worker(walk_on) for _worker in range(2)]
        time.sleep(battle.draw.uniform(0.2, 1.5))
        battle.database.server.kill()
        for worker in workers:
            worker.kill()
        _start_again(battle.database.server)
        finding.troubles += 1
        if journey.finished():
            battle.settle(finding, journey)
            journey = battle.journey()
    battle.settle(finding, journey)
    return finding


def mail_server_down(battle: Battle, outages: int) -> Finding:
    """No mail server answers while the mails are to leave; it comes back"""
    finding, journey = Finding("mail server down"), battle.journey()
    battle.settle(finding, journey)
    for outage in range(outages):
        finding.troubles += 1
        battle.worker(send_mails, free_port()).wait()
        # told by their tries, not by their next moment: on a slow machine that of the first ones has come already
        tried = f"state = 'outgoing' AND marketing_attempts = {outage + 1} AND scheduled_date IS NOT NULL"
        kept = int(battle.database.sql(f"SELECT count(*) FROM mail_mail WHERE {tried}"))
        if kept != journey.size:
            finding.losses.append(f"{kept} of {journey.size} mails wait for another try")
        # As if the time until the next try had passed.
        battle.database.sql("UPDATE mail_mail SET scheduled_date = localtimestamp - interval '1 second'")
    delivered = environment().work / "faults_delivered"
    battle.worker(deliver_mails, delivered).wait()
    addresses = delivered.read_text().split()
    if (len(addresses), len(set(addresses))) != (journey.size, journey.size):
        finding.losses.append(f"{len(addresses)} mails to {len(set(addresses))} addresses, {journey.size} people")
    finding.losses += journey.unsent()
    return finding


def _start_again(server) -> None:
    """Start the server; its orphaned processes may need a moment to notice that they are orphans."""
    for _try in range(20):
        try:
            server.start()
            return
        except DevError:
            time.sleep(0.5)
    server.start()
