"""A steady stream through a real server, minute after minute: is the last one as the first?"""

import http.client
import logging
import os
import statistics
import threading
import time
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from urllib.parse import urlencode, urlsplit

import psutil

from bench.measure import machine_is_busy, table_sizes
from bench.report import Figure
from bench.works.forms import HEADERS, answers, ask
from bench.works.mailing import BODY, SUBJECT, open_always
from e2e.mails import TRACKED, Mail
from e2e.smtp import MailServer
from e2e.visitor import BROWSER
from env import free_port, say, start_server

# Each second so many of each; of the mails every other one is clicked.
ENTRIES, EVENTS, POSTS = 2, 2, 1
PAUSE_SECONDS = 60
READING_SECONDS = 3
WORKERS, CRON_THREADS, CLIENTS = 2, 2, 8
LOOK_SECONDS = 0.25
AFTERWARDS_SECONDS = 120  # for what is on its way when the stream ends
# Compared: the last third of the minutes with the first one, less the minutes in which caches fill.
WARM_MINUTES = 2
SLOWER, SLACK_SECONDS, MORE = 1.5, 1, 1.2
TABLES = (
    "marketing_scenario_enrollment",
    "marketing_scenario_trace",
    "marketing_automatism_event",
    "marketing_automatism_log",
    "marketing_engagement_submission",
    "marketing_latch",
    "mail_mail",
    "mail_message",
    "mailing_trace",
    "link_tracker_click",
    "ir_cron_trigger",
    "res_partner",
    "crm_lead",
)
# What is done, by the key under which it was begun; each looks only for those still awaited.
DONE = {
    "click → end": "SELECT partner_id FROM marketing_scenario_enrollment WHERE partner_id = ANY(%s) AND state = 'done'",
    "event → in a scenario": """
        SELECT partner_id FROM marketing_scenario_enrollment WHERE partner_id = ANY(%s) AND door = 'automatism'
    """,
    "form → lead": "SELECT email_normalized FROM crm_lead WHERE email_normalized = ANY(%s)",
}
MAIL = "due → mail received"


class Stream:
    """What was begun and waits to be done, and how long what is done took, by minute."""

    def __init__(self):
        self.waiting: dict = {}
        self.minutes: dict[int, list[float]] = defaultdict(list)

    def begin(self, key, at: float) -> None:
        """From ``at`` on, ``key`` is due."""
        self.waiting[key] = at

    def done(self, key, minute: int, now: float) -> None:
        """Note how long it took."""
        if (since := self.waiting.pop(key, None)) is not None:
            self.minutes[minute].append(now - since)

    def late(self, now: float) -> int:
        """How many are due and not done."""
        return sum(since <= now for since in list(self.waiting.values()))


class Soak:
    """A world with a server, a mail server and the streams between them."""

    def __init__(self, world, minutes: int):
        self.world, self.minutes = world, minutes
        self.streams = {name: Stream() for name in (MAIL, *DONE)}
        self.posts = Stream()  # what visitors wait for
        self.tag, seen = world.tag("Asked for"), world.tag("Seen")
        clicked = {"if_wait_days": 1, "rule_ids": [(0, 0, {"kind": "link_clicked"})]}
        self.scenario = world.scenario(
            ("pause", {"pause_hours": PAUSE_SECONDS / 3600}),
            ("email", {"email_subject": SUBJECT, "email_body_html": BODY}),
            ("if", clicked, {"yes": [("tag", {"tag_id": seen.id}), ("end", {})]}),
        )
        listens = world.scenario(("pause", {"pause_days": 1}))
        world.env["marketing.automatism"].create(
            {
                "name": "Soak",
                "event_type": "tag_added",
                "tag_id": self.tag.id,
                "action_ids": [(0, 0, {"kind": "enroll", "scenario_id": listens.id})],
            }
        )
        self.point = world.env["marketing.engagement.point"].create({"name": "Soak", "title": "Soak", "rate_limit": 0})
        self.form = f"/marketing/form/{self.point.token}"  # the threads that post it have no environment of their own
        domain = world.env["mail.alias.domain"].create({"name": "example.com"})
        world.env["res.company"].search([]).write({"alias_domain_id": domain.id, "email": "news@example.com"})
        people = world.partners((ENTRIES + EVENTS) * 60 * minutes)
        self.entering, self.tagged = people[: ENTRIES * 60 * minutes], people[ENTRIES * 60 * minutes :]
        self.partner_of = {f"person{partner_id}@example.com": partner_id for partner_id in self.entering}
        open_always(world)

    def figures(self):
        """Let it run; yield a figure for each stream, and for what might grow."""
        port = free_port()
        self.world.env["ir.config_parameter"].set_param("web.base.url", f"http://127.0.0.1:{port}")
        self.world.cr.commit()
        logging.getLogger("mail.log").setLevel(logging.WARNING)  # aiosmtpd's
        with ExitStack() as stack:
            mails = stack.enter_context(MailServer())
            mails.deliveries = self  # each delivery is appended
            self.clients = stack.enter_context(ThreadPoolExecutor(CLIENTS))
            smtp = {"smtp_server": "127.0.0.1", "smtp_port": mails.port}
            self.server = stack.enter_context(
                start_server(self.world.database, port, workers=WORKERS, cron_threads=CRON_THREADS, **smtp)
            )
            self.connection = stack.enter_context(closing(self.world.database.connect()))
            self.connection.autocommit = True
            self.memory, self.sizes = [], [self._sizes()]
            self._run()
        yield from self._judged()

    def append(self, delivery) -> None:
        """A mail has come: note it, and click on every other one."""
        mail, now = Mail(delivery), time.monotonic()
        partner_id = self.partner_of[mail.recipient]
        self.streams[MAIL].done(partner_id, self.minute(now), now)
        if partner_id % 2:
            link = next(link for link in mail.links if TRACKED.search(link))
            self.streams["click → end"].begin(partner_id, now + READING_SECONDS)
            click = (self._request, "GET", urlsplit(link).path)
            threading.Timer(READING_SECONDS, self.clients.submit, click).start()

    def minute(self, now: float) -> int:
        """The minute of the soak at this moment."""
        return int((now - self.began) // 60)

    def _run(self) -> None:
        self.began = time.monotonic()
        seconds, told = 60 * self.minutes, 0
        say("minute  done: p50 p95 p99 in seconds …  | late | MB of the processes, the largest | MB of tables | load")
        for second in range(seconds):
            self._begin(second)
            self._look(until=self.began + second + 1)
            if (minute := self.minute(time.monotonic())) > told:
                self._tell(told)
                told = minute
        end = time.monotonic() + AFTERWARDS_SECONDS
        while time.monotonic() < end and any(stream.waiting for stream in self.streams.values()):
            self._look(until=time.monotonic() + 1)

    def _begin(self, second: int) -> None:
        """One second's worth of everything."""
        world = self.world
        entering = self.entering[ENTRIES * second :][:ENTRIES]
        tagged = self.tagged[EVENTS * second :][:EVENTS]
        partners = world.env["res.partner"]
        self.scenario._enroll(partners.browse(entering), "api")
        partners.browse(tagged).write({"category_id": [(4, self.tag.id)]})
        bodies = [answers(self.point, POSTS * second + number) for number in range(POSTS)]
        world.cr.commit()
        world.env.invalidate_all()
        now = time.monotonic()
        for partner_id in entering:
            self.streams[MAIL].begin(partner_id, now + PAUSE_SECONDS)
        for partner_id in tagged:
            self.streams["event → in a scenario"].begin(partner_id, now)
        for body in bodies:
            self.streams["form → lead"].begin(body["email"], now)
            self.clients.submit(self._post, body)

    def _post(self, body: dict) -> None:
        began = time.monotonic()
        self._request("POST", self.form, urlencode(body))
        self.posts.begin(body["email"], began)
        self.posts.done(body["email"], self.minute(began), time.monotonic())

    def _request(self, method: str, path: str, body: str | None = None) -> None:
        connection = http.client.HTTPConnection(urlsplit(self.server.url).netloc, timeout=120)
        ask(connection, path, body, {**HEADERS, **BROWSER}, method)
        connection.close()

    def _look(self, until: float) -> None:
        """See what is done, now and then, until that moment."""
        while True:
            for name, statement in DONE.items():
                stream = self.streams[name]
                if waiting := list(stream.waiting):
                    with self.connection.cursor() as cr:
                        cr.execute(statement, [waiting])
                        now = time.monotonic()
                        for (key,) in cr.fetchall():
                            stream.done(key, self.minute(now), now)
            if time.monotonic() >= until:
                return
            time.sleep(min(LOOK_SECONDS, max(until - time.monotonic(), 0)))

    def _tell(self, minute: int) -> None:
        """One line for a minute that is over."""
        now = time.monotonic()
        self.memory.append(self._memory())
        self.sizes.append(self._sizes())
        parts = []
        for name, stream in [*self.streams.items(), ("form answered", self.posts)]:
            taken = stream.minutes[minute]
            parts.append(f"{name} {len(taken)}: " + " ".join(f"{part:.1f}" for part in percentiles(taken)))
        late = sum(stream.late(now) for stream in self.streams.values())
        total, largest = self.memory[-1]
        grown = self.sizes[-1].total() - self.sizes[-2].total()
        say(
            f"{minute + 1:3} {'; '.join(parts)} | late {late} | {total:.0f} MB, {largest:.0f} "
            f"| tables +{grown / 1e6:.1f} MB | load {os.getloadavg()[0]:.1f}"
        )

    def _memory(self) -> tuple[float, float]:
        """MB that the server's processes hold in all, and the largest of them."""
        root = psutil.Process(self.server.process.pid)
        held = [process.memory_info().rss / 1e6 for process in (root, *root.children(recursive=True))]
        return sum(held), max(held)

    def _sizes(self) -> Counter:
        with self.connection.cursor() as cr:
            return table_sizes(cr, TABLES)

    def _judged(self):
        busy = machine_is_busy()
        for name, stream in [*self.streams.items(), ("form answered", self.posts)]:
            everything = [taken for minute in stream.minutes.values() for taken in minute]
            figure = Figure(f"soak, {name}", len(everything), len(everything) / self.minutes / 60)
            first, last = thirds([percentiles(stream.minutes[number])[1] for number in range(self.minutes)])
            left = f"; {len(stream.waiting)} never came" if stream.waiting else ""
            told = " ".join(f"{part:.2f}" for part in percentiles(everything))
            figure.note = f"p50 p95 p99: {told} s; p95 at first {first:.2f}, at last {last:.2f}{left}"
            figure.budget = f"p95 at last ≤ {SLOWER:g} × at first + {SLACK_SECONDS} s, none lost"
            figure.met = last <= SLOWER * first + SLACK_SECONDS and not left
            if busy and not figure.met:
                figure.met, figure.note = None, f"{figure.note}; not judged: others use the cores"
            yield figure
        for name, numbers in (
            ("MB of the processes", [total for total, _largest in self.memory]),
            ("MB of the largest process", [largest for _total, largest in self.memory]),
            (
                "MB of tables a minute",
                [(now.total() - then.total()) / 1e6 for then, now in zip(self.sizes, self.sizes[1:], strict=False)],
            ),
        ):
            first, last = thirds(numbers)
            figure = Figure(f"soak, {name}", self.minutes, budget=f"at last ≤ {MORE:g} × at first")
            figure.note, figure.met = f"at first {first:.1f}, at last {last:.1f}", last <= MORE * first
            if "tables" in name:
                grown = Counter(self.sizes[-1])
                grown.subtract(self.sizes[0])
                figure.note += "; most: " + ", ".join(
                    f"{table} {size / 1e6:.1f}" for table, size in grown.most_common(5)
                )
            yield figure


def percentiles(taken: list[float]) -> tuple[float, float, float]:
    """The median, the 95th and the 99th percentile."""
    if len(taken) < 2:
        return (*taken, 0, 0, 0)[:1] * 3
    parts = statistics.quantiles(taken, n=100, method="inclusive")
    return parts[49], parts[94], parts[98]


def thirds(numbers: list[float]) -> tuple[float, float]:
    """Medians of the first and the last third, less what comes before all is warm."""
    numbers = numbers[WARM_MINUTES:] or numbers
    third = max(len(numbers) // 3, 1)
    return statistics.median(numbers[:third]), statistics.median(numbers[-third:])


def soak(world, minutes: int):
    """A steady stream of entries, mails, clicks, events and forms through a real server with its scheduled actions."""
    yield from Soak(world, minutes).figures()
