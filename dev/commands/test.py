"""``python3 dev test``: the addon's tests, with Odoo's own runner on a copy of a prepared database.

Without a selection the addon is installed and then tested. With one, the tests run on a copy of a database
that has the addon already, made anew only when the addon's installed files changed.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from toolbox import browser, database, odoo, paths, postgres, templates, test_selection
from toolbox.console import say, step
from toolbox.preparation import prepared_server
from toolbox.test_log import LogReader, Outcome

TAKES_THE_REST = True
SHOWN_DURATIONS = 5


def add_arguments(parser) -> None:
    """Say which tests, and how strictly to judge."""
    parser.add_argument("paths", nargs="*", metavar="PATH", help="tests/test_x.py, also ::Class or ::Class::method")
    parser.add_argument(
        "-k", dest="expression", metavar="EXPR", help="only tests whose names match, such as 'pause and not window'"
    )
    parser.add_argument("--allow-skips", action="store_true", help="skipped tests are no failure")
    parser.add_argument(
        "--keep", action="store_true", help="keep the database for a look with 'dev odoo shell -d NAME'"
    )
    parser.add_argument("--durations", type=int, default=SHOWN_DURATIONS, metavar="N", help="show the N slowest tests")


def main(options) -> int:
    """Run the tests and judge the outcome."""
    began = time.monotonic()
    tags = test_selection.tags(options.paths, options.expression)
    whole = tags == test_selection.ALL
    server = prepared_server(postgres.FAST)
    browser.ensure()
    drop_leftovers(server)
    name = f"test_{os.getpid()}"
    templates.copy(server, name, install=not whole)
    log = paths.LOGS / ("test.log" if whole else "test_selection.log")
    step(f"running the tests (log: {log})")
    try:
        outcome, status = run(server, name, ["-i", paths.ADDON_NAME] if whole else [], tags, options.rest, log)
    finally:
        if not options.keep:
            database.drop(server, name)
    complaints = judge(outcome, status, options.allow_skips or browser.may_be_missing(), whole)
    report(outcome, complaints, options.durations, time.monotonic() - began)
    print(outcome.totals, flush=True)
    return 1 if complaints else 0


def drop_leftovers(server: postgres.Server) -> None:
    """Drop the databases of test runs that were killed."""
    for name in database.names(server):
        number = name.removeprefix("test_")
        if name.startswith("test_") and number.isdigit() and not Path(f"/proc/{number}").exists():
            database.drop(server, name)


def run(server, name: str, install: list[str], tags: str, extra: list[str], log: Path) -> tuple[Outcome, int]:
    """Run Odoo with its tests and follow its log."""
    port = odoo.free_port()
    config = odoo.config_for(server)
    line = odoo.command(
        "-c", config, "-d", name, "--http-port", port, *install, "--skip-auto-install", "--without-demo"
    )
    line += ["--test-tags", tags, "--stop-after-init", *extra]
    progress = Progress()
    reader = LogReader(progress.on_test)
    with log.open("w") as file:
        process = subprocess.Popen(
            line,
            env=odoo.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
        )
        try:
            for output in process.stdout:
                file.write(output)
                reader.feed(output)
        finally:
            stop(process)
    reader.close()
    progress.end(reader.outcome)
    return reader.outcome, process.returncode


def stop(process: subprocess.Popen) -> None:
    """Wait for Odoo's end, or bring it about when we were interrupted ourselves."""
    if sys.exc_info()[0]:
        process.kill()
    process.wait()


class Progress:
    """Shows one line per test class while the tests run."""

    def __init__(self):
        self._shown = ""
        self._count = 0
        self._since = time.monotonic()

    def on_test(self, name: str) -> None:
        """Take note of a test that starts."""
        test_class = name.rsplit(".", 1)[0]
        if test_class != self._shown:
            self._flush()
            self._shown = test_class
        self._count += 1

    def _flush(self) -> None:
        if self._shown:
            say(f"    {self._shown}: {self._count} tests, {time.monotonic() - self._since:.1f} s")
        self._count = 0
        self._since = time.monotonic()

    def end(self, outcome: Outcome) -> None:
        """Show the last class and every failure."""
        self._flush()
        for message in outcome.failed.values():
            say("-" * 100)
            say(message.rstrip())


def judge(outcome: Outcome, status: int, skips_allowed: bool, whole: bool) -> list[str]:
    """Return everything that makes the run a failure."""
    complaints = []
    if outcome.failed:
        complaints.append(f"{len(outcome.failed)} tests failed")
    if not outcome.started:
        complaints.append("no test ran: is the file imported in tests/__init__.py, and does the addon install?")
    if outcome.skipped and not skips_allowed:
        complaints.append(f"{len(outcome.skipped)} tests were skipped (--allow-skips lets them pass)")
    if outcome.problems:
        complaints.append(f"the log has {len(outcome.problems)} warnings or errors")
    if status and not outcome.failed:
        complaints.append(f"Odoo ended with exit status {status}")
    if not outcome.finished:
        complaints.append("Odoo ended before it told its own result")
    if whole:
        complaints += [f"{file.name} has tests but none of them ran" for file in silent_files(outcome)]
    return complaints


def silent_files(outcome: Outcome) -> list[Path]:
    """Return the test files that Odoo did not see, most likely because tests/__init__.py does not import them."""
    ran = {module.rsplit(".", 1)[-1] for module in outcome.modules}
    return [
        file
        for file in test_selection.test_files()
        if file.stem not in ran and any(test_selection.tests_in(file)) and "-standard" not in file.read_text()
    ]


def report(outcome: Outcome, complaints: list[str], durations: int, seconds: float) -> None:
    """Tell what is worth knowing beside the totals."""
    for record in outcome.problems:
        say(f"in the log: {record}")
    for test, reason in outcome.skipped.items():
        say(f"skipped: {test}: {reason}")
    slowest = sorted(outcome.seconds.items(), key=lambda item: -item[1])[:durations]
    if slowest:
        say("slowest: " + ", ".join(f"{test} {duration:.1f} s" for test, duration in slowest))
    for complaint in complaints:
        say(f"FAILED: {complaint}")
    say(f"took {seconds:.0f} s")
