"""Reading Odoo's log while tests run: what passed, failed, was skipped, and what else the log complains about."""

import re
from dataclasses import dataclass, field
from datetime import datetime

from toolbox import paths

RECORD = re.compile(
    r"^(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): (?P<message>.*)"
)
STARTED = re.compile(r"^Starting (?P<test>\S+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<test>.+?) : (?P<reason>.*)", re.DOTALL)
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>\S+)(?P<rest>.*)")
TOTALS = re.compile(r"(?P<failed>\d+) failed, (?P<errors>\d+) error\(s\) of (?P<run>\d+) tests")
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")
OURS = re.compile(rf"{paths.ADDON_NAME}|\bmarketing\.\w")
# Records that are no fault of the addon, each with its reason.
ALLOWED = (
    # The embedded PostgreSQL has no contrib modules; Odoo then makes no trigram indexes.
    re.compile(r"extension \"pg_trgm\" is not available|pg_trgm"),
    # A test ended while its page was still loading something: the page is closed, not broken.
    re.compile(r"^Error received after termination: .*The loading of /web/assets/\S+ failed"),
    # Odoo's own contact form names a widget of partner_autocomplete, which only its auto-install brings.
    re.compile(r"Missing widget: res_partner_many2one"),
    # Said beside the skip of each browser test, and skips are judged on their own.
    re.compile(r"^Chrome executable not found"),
    # Odoo's crm names a widget of partner_autocomplete, which --skip-auto-install leaves out.
    re.compile(r"^Missing widget: res_partner_many2one "),
    # Said at the end of every run that has a failure; the failures are counted one by one.
    re.compile(r"^Module \S+: \d+ failures, \d+ errors of|failed, \d+ error\(s\) of \d+ tests"),
)


@dataclass
class Record:
    """One record of the log, with the lines that follow its first."""

    time: datetime
    level: str
    logger: str
    message: str

    def __str__(self) -> str:
        return f"{self.level} {self.logger}: {self.message}"


@dataclass
class Outcome:
    """What the log of a test run says."""

    started: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    modules: set[str] = field(default_factory=set)
    seconds: dict[str, float] = field(default_factory=dict)
    problems: list[Record] = field(default_factory=list)
    finished: bool = False

    @property
    def passed(self) -> int:
        """The number of tests that neither failed nor were skipped."""
        return len([test for test in self.started if test not in self.failed and test not in self.skipped])

    @property
    def totals(self) -> str:
        """The closing line."""
        return f"{self.passed} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"


class LogReader:
    """Takes the log line by line and keeps the outcome up to date."""

    def __init__(self, on_test=None):
        self.outcome = Outcome()
        self._on_test = on_test
        self._record: Record | None = None
        self._running: tuple[str, datetime] | None = None

    def feed(self, line: str) -> None:
        """Take the next line."""
        match = RECORD.match(line)
        if match:
            self.close()
            time = datetime.strptime(match["time"], "%Y-%m-%d %H:%M:%S,%f")
            self._record = Record(time, match["level"], match["logger"], match["message"].rstrip())
        elif self._record:
            self._record.message += "\n" + line.rstrip("\n")

    def close(self) -> None:
        """Understand the record that is complete now."""
        record, self._record = self._record, None
        if record is None:
            return
        if self._is_test_logger(record.logger) and self._understand_test(record):
            return
        if record.message == "Starting post tests":
            self._end_running(record.time)
        if record.logger == "odoo.tests.result" and TOTALS.search(record.message):
            self.outcome.finished = True
            self._end_running(record.time)
        if is_problem(record):
            self.outcome.problems.append(record)

    @staticmethod
    def _is_test_logger(logger: str) -> bool:
        return ".tests." in logger or logger == "odoo.tests.suite"

    def _understand_test(self, record: Record) -> bool:
        """Book what a record says about a test; tell whether it said anything."""
        message = record.message
        if match := STARTED.match(message):
            self._end_running(record.time)
            self._start(record, match["test"])
        elif match := SKIPPED.match(message):
            self.outcome.skipped[name_of(record.logger, match["test"])] = match["reason"]
        elif record.level == "ERROR" and (match := FAILED.match(message)):
            self._fail(record, match)
        else:
            return False
        return True

    def _start(self, record: Record, test: str) -> None:
        name = name_of(record.logger, test)
        self.outcome.started.append(name)
        self.outcome.modules.add(record.logger)
        self._running = (name, record.time)
        if self._on_test:
            self._on_test(name)

    def _end_running(self, now: datetime) -> None:
        if self._running:
            name, since = self._running
            self.outcome.seconds[name] = (now - since).total_seconds()
            self._running = None

    def _fail(self, record: Record, match: re.Match) -> None:
        """Book a failure; several failing subtests are one failed test."""
        test = match["test"]
        if test in ("setUpClass", "tearDownClass"):
            test += match["rest"].split("\n", 1)[0]
        name = name_of(record.logger, test)
        self.outcome.failed.setdefault(name, "")
        self.outcome.failed[name] += record.message + "\n"


def name_of(logger: str, test: str) -> str:
    """Return a test's name with its file, such as ``test_step.TestStep.test_x``."""
    return f"{logger.rsplit('.', 1)[-1]}.{test}" if ".tests." in logger else test


def is_problem(record: Record) -> bool:
    """Tell whether a record makes the run fail: any error, and any warning about the addon."""
    if record.level not in BAD_LEVELS or any(pattern.search(record.message) for pattern in ALLOWED):
        return False
    return record.level != "WARNING" or bool(OURS.search(record.logger) or OURS.search(record.message))
