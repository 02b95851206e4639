"""The storm: workers that do what the server's threads do, users who click, and the troubles of the plan."""

import contextlib
import json
import random
import time
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry

from odoo.addons.marketing_scenario.models.engine import engine

from faults.workers import Worker, hold_row, write_as_user
from fuzz.clock import Clock
from fuzz.deeds import carry_out, clerk
from fuzz.outside import Outside
from fuzz.plan import CLERKS, SECONDS
from fuzz.stage import Stage

BATCH_SIZE = 7  # small batches make many commits, and many moments to be killed at
ENGINES = 2
OUTAGE = 1.0  # seconds without a mail server
HELD = 1.5  # seconds for which somebody keeps a contact's row
PATIENCE = 120  # seconds for the last click to be answered
HORIZON_DAYS = 12  # of quiet; who waits longer is looked at while waiting
STRIDE = 3  # hours at least from one look to the next
# when everything happens in turn: how often time passes, and how often the mail server refuses
JUMPS = 0.3
REFUSALS = 0.2


def _environment(cr):
    return api.Environment(cr, SUPERUSER_ID, {})


@contextlib.contextmanager
def _turn(database: str):
    """A transaction of a scheduled job, which hears first what other processes have changed."""
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        yield _environment(cr)
    registry.signal_changes()


def engine_turn(database: str) -> None:
    """What the engine's scheduled job does."""
    engine.BATCH_SIZE = BATCH_SIZE
    with _turn(database) as env:
        env["marketing.scenario.engine"]._cron_run_due()


def events_turn(database: str) -> None:
    """What the scheduled job of the automations does."""
    with _turn(database) as env:
        env["marketing.automatism.event"]._cron_process()


def post_turn(database: str, passes: Path) -> None:
    """What the scheduled jobs of the queues do: mails, SMS, webhooks. The moment it begins is noted."""
    with passes.open("a") as output:
        output.write(json.dumps(time.time()) + "\n")
    with _turn(database) as env:
        env["mail.mail"].process_email_queue()
        env.cr.commit()
        env["sms.sms"]._cron_retry()
        env["sms.sms"]._process_queue()
        env.cr.commit()
        env["marketing.webhook.call"]._cron_send()


def again_and_again(turn) -> None:
    """Take turns for ever, as a server does."""
    while True:
        turn()
        time.sleep(0.05)


class Storm:
    """One round's processes."""

    def __init__(self, database, stage: Stage, clock: Clock, outside: Outside, folder: Path):
        self.database, self.stage, self.clock, self.outside = database, stage, clock, outside
        self.passes, self.deeds, self.log = folder / "passes.jsonl", folder / "deeds.jsonl", folder / "workers.log"
        for path in (self.passes, self.deeds, self.log):
            path.unlink(missing_ok=True)
        self.began = time.time()
        self.events: list[str] = []  # what happened when, for the reader
        self.findings: list[str] = []
        self.kills = 0  # of the queue: each may cost one message twice
        self._later: list[tuple] = []  # (moment, what to do)

    def blow(self) -> None:
        """Let everything happen at once, then wait for the users."""
        turns = [engine_turn] * ENGINES + [events_turn, partial(post_turn, passes=self.passes)]
        workers = {number: self._worker(again_and_again, partial(turn, self.name)) for number, turn in enumerate(turns)}
        clerks = [
            self._worker(clerk, self.name, self.stage, number, self.deeds, 3 * SECONDS) for number in range(CLERKS)
        ]
        began = time.monotonic()
        coming = [(jump[0], "jump", jump[1]) for jump in self.stage.plan.jumps]
        coming += [(trouble.at, trouble.name, trouble.chance) for trouble in self.stage.plan.troubles]
        coming.sort()
        while (passed := time.monotonic() - began) < 3 * SECONDS + PATIENCE:
            while coming and coming[0][0] <= passed:
                _at, name, chance = coming.pop(0)
                self._note(f"{name} {chance:g}" if name == "jump" else name)
                getattr(self, f"_{name}")(workers, turns, chance)
            self._do_later()
            for number, worker in workers.items():
                if not worker.alive():
                    self.findings.append(f"a worker ({turns[number]}) ended with status {worker.status}")
                    workers[number] = self._worker(again_and_again, partial(turns[number], self.name))
            if passed > SECONDS and not any(one.alive() for one in clerks):
                break
            time.sleep(0.02)
        self._do_later(all_of_it=True)
        for one in clerks:
            if one.alive():
                self.findings.append("a user waits for an answer for ever")
                one.kill()
            elif one.status:
                self.findings.append(f"a user's process ended with status {one.status}")
        for worker in workers.values():
            worker.kill()
        self.kills += 1  # the queue was killed at the end, too

    def take_turns(self) -> None:
        """In place of ``blow``: one thing after the other, in an order that the seed gives."""
        worker = self._worker(_take_turns, self.name, self.stage, self.clock, self.outside, self.passes, self.deeds)
        if worker.wait():
            self.findings.append(f"a turn failed with status {worker.status}")

    def calm(self) -> None:
        """Nobody disturbs any more: everybody walks on until nothing is due for a long time."""
        self._note("the storm is over")
        outcome = self.log.with_name("calm.json")
        outcome.unlink(missing_ok=True)
        worker = self._worker(_calm, self.name, self.stage, self.clock, self.passes, outcome)
        if worker.wait():
            self.findings.append(f"undisturbed work failed with status {worker.status}")
        elif problem := json.loads(outcome.read_text()):
            self.findings.append(problem)
        self._note("all quiet")

    @property
    def name(self) -> str:
        return self.database.name

    def _worker(self, task, *arguments) -> Worker:
        return Worker(partial(task, *arguments), self.log)

    def _note(self, words: str) -> None:
        self.events.append(f"{time.time():.3f}  {self.clock.now():%m-%d %H:%M:%S}  {words}")

    def _do_later(self, all_of_it: bool = False) -> None:
        due = [one for one in self._later if all_of_it or one[0] <= time.monotonic()]
        self._later = [one for one in self._later if one not in due]
        for _moment, action in due:
            action()

    def _after(self, seconds: float, action) -> None:
        self._later.append((time.monotonic() + seconds, action))

    # -- the troubles, each (workers, turns, chance) ---------------------------------------------------------------

    def _jump(self, _workers, _turns, hours) -> None:
        self.clock.jump(hours)

    def _kill_engine(self, workers, turns, chance) -> None:
        self._replace(workers, turns, int(chance * ENGINES))

    def _kill_post(self, workers, turns, _chance) -> None:
        self.kills += 1
        self._replace(workers, turns, len(turns) - 1)

    def _replace(self, workers, turns, number) -> None:
        workers[number].kill()
        workers[number] = self._worker(again_and_again, partial(turns[number], self.name))

    def _no_smtp(self, _workers, _turns, _chance) -> None:
        self.outside.refusing.value = 1

        def back():
            self.outside.refusing.value = 0
            self._note("the mail server answers again")

        self._after(OUTAGE, back)

    def _hold_row(self, _workers, _turns, chance) -> None:
        partners = self._partners()
        if not partners:
            return
        ready = self.log.with_name("held")
        holder = self._worker(hold_row, self.name, partners[int(chance * len(partners))], ready)
        self._after(HELD, holder.kill)

    def _rival(self, _workers, _turns, chance) -> None:
        partners = self._partners()
        if not partners:
            return
        done = self.log.with_name("rival")
        rival = self._worker(write_as_user, self.name, partners, Random(chance), 1.5, done)
        self._after(3, rival.kill)

    def _clock_back(self, _workers, _turns, _chance) -> None:
        self.clock.jump(-1)

    def _partners(self) -> list:
        return [record_id for model, record_id in self.stage.people.values() if model == "res.partner"] * 5


def _take_turns(database: str, stage: Stage, clock: Clock, outside: Outside, passes: Path, deeds: Path) -> None:
    """Users and queues take turns, while time passes and the mail server comes and goes."""
    draw = Random(stage.plan.seed)
    random.seed(stage.plan.seed)  # what begins anywhere begins there
    turns = [engine_turn, events_turn, partial(post_turn, passes=passes)]
    coming = [(number, deed) for number, own in enumerate(stage.plan.clerks) for deed in own]
    draw.shuffle(coming)
    for number, deed in coming:
        for _turn in range(draw.randint(0, 3)):
            draw.choice(turns)(database)
            clock.jump(1 / 3600)
        if draw.random() < JUMPS:
            clock.jump(draw.choice(stage.plan.jumps)[1])
        outside.refusing.value = draw.random() < REFUSALS
        carry_out(database, stage, number, deed, deeds)
    outside.refusing.value = 0


def _calm(database: str, stage: Stage, clock: Clock, passes: Path, outcome: Path) -> None:
    """Go from one moment to the next until all rest."""
    random.seed(stage.plan.seed)
    with _turn(database) as env:
        scenarios = env["marketing.scenario"].browse(stage.scenarios)
        for scenario in scenarios:
            if scenario.sending_suspended_at:
                scenario.action_resume_sending()
            if scenario.state != "active":
                scenario.with_context(marketing_overdue="run_now").action_activate()
        env["marketing.scenario.enrollment"]._gc_persons()  # a night passes
    problem, end = "", clock.now() + timedelta(days=HORIZON_DAYS)
    for _look in range(HORIZON_DAYS * 24 // STRIDE + 2):
        for turn in (events_turn, engine_turn, events_turn, engine_turn, partial(post_turn, passes=passes)):
            turn(database)
        with _turn(database) as env:
            # the queues of mails and SMS have their own moments
            env.cr.execute(
                """
                SELECT min(moment) FROM (
                    SELECT next_run_at AS moment FROM marketing_scenario_enrollment
                     WHERE scenario_id = ANY(%(scenarios)s) AND state = 'running'
                     UNION ALL SELECT scheduled_date FROM mail_mail WHERE state = 'outgoing'
                     UNION ALL SELECT marketing_retry_at FROM sms_sms WHERE state IN ('error', 'held')
                     UNION ALL SELECT next_try_at FROM marketing_webhook_call WHERE state = 'waiting'
                     UNION ALL SELECT next_try_at FROM marketing_automatism_event WHERE state = 'waiting'
                ) coming
                """,
                {"scenarios": stage.scenarios},
            )
            [moment] = env.cr.fetchone()
        if moment is None or moment > end:
            break
        clock.jump(max((moment - clock.now()).total_seconds() / 3600, STRIDE))
    else:
        problem = f"people or messages stay due: the next moment is {moment}, now {clock.now()}"
    outcome.write_text(json.dumps(problem))
