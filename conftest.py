"""What pytest-odoo leaves to us: Odoo's log is part of the verdict, so are skips, and the last line tells the totals.

``python3 dev test`` gives pytest the database, Odoo's configuration and ``--odoo-http``. Where pytest-xdist shares the
files out among workers, each of them has a ``Witness``, and who started them the ``Judge``; else one process has both.
"""

import logging
import os

import pytest

from odoo.tests.loader import get_module_test_cases, get_test_modules

from toolbox.odoo_log import Record
from toolbox.paths import ADDON, ADDON_NAME

OUTCOMES = ("passed", "skipped", "failed")
_logger = logging.getLogger("odoo.tests.pytest")


def pytest_addoption(parser):
    """Add the option that lets skipped tests pass."""
    parser.addoption("--allow-skips", action="store_true", help="skipped tests are no failure")


def is_worker(config):
    """Tell whether this process only runs what another one judges."""
    return hasattr(config, "workerinput")


def has_workers(config):
    """Tell whether this process only judges what others run."""
    return not is_worker(config) and config.option.dist != "no"


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_cmdline_main(config):
    """Give each worker a database and a log of its own, before Odoo reads its options."""
    if is_worker(config):
        # by this pytest-odoo would make a copy itself, in a way that Odoo 19 does not take
        worker = os.environ.pop("PYTEST_XDIST_WORKER")
        options = config.option
        options.odoo_database += f"_{worker}"
        options.odoo_extra = [extra.replace("test.log", f"test_{worker}.log") for extra in options.odoo_extra]
    return (yield)


def pytest_configure(config):
    """Watch every test, judge every run."""
    complaints = []
    if not has_workers(config):
        config.pluginmanager.register(Witness(complaints))
    if is_worker(config):
        config.workeroutput["complaints"] = complaints
    else:
        config.pluginmanager.register(Judge(config, complaints))


class Problems(logging.Handler):
    """Keeps the problems of the log. What a test mutes or expects (assertLogs) never comes here."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self._found = []

    def emit(self, record):
        """Keep a record that makes the run fail; the threads of the HTTP server log too."""
        found = Record(logging.getLevelName(record.levelno), record.name, self.format(record))
        if found.is_problem:
            self._found.append(f"in the log: {found}")

    def take(self):
        """Return what was found since the last time."""
        with self.lock:
            found, self._found = self._found, []
        return found


class Witness:
    """Sees what happens beside the tests: what is logged, and what Odoo's own runner would not find."""

    def __init__(self, complaints):
        self.complaints = complaints
        self.log = Problems()

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self):
        """Listen to the log; ask Odoo's own runner for its tests before pytest imports files by itself."""
        logging.getLogger().addHandler(self.log)
        try:
            self.known = {t.id() for module in get_test_modules(ADDON_NAME) for t in get_module_test_cases(module)}
        except Exception:  # a test file cannot be imported, which pytest tells at length
            self.known = None

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        """Complain of tests of the addon that run here only: not imported in tests/__init__.py, or inherited."""
        for item in items:
            if not item.path.is_relative_to(ADDON):
                continue
            name = f"{item.module.__name__}.{item.getmodpath()}"
            if self.known is not None and name not in self.known:
                self.complaints.append(f"Odoo's own runner does not find {name}: is it imported in tests/__init__.py?")

    def pytest_runtest_logstart(self, nodeid):
        """Say in the log where a test begins."""
        _logger.info("Starting %s", nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self):
        """Fail the test, or the subtest, during which something was logged; the call answers for the setup too."""
        report = yield
        found = [] if report.when == "setup" and report.passed else self.log.take()
        if found and not report.failed:
            report.outcome, report.longrepr = "failed", "\n".join(found)
        return report

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self):
        """Complain of what was logged outside of any test."""
        self.complaints += self.log.take()


class Judge:
    """Makes a failure of what pytest would let pass, and counts by test: however many subtests, it is one."""

    def __init__(self, config, complaints):
        self.config = config
        self.complaints = complaints
        self.outcomes = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node, error):
        """Take over what a worker complains of, each complaint once; or that it died."""
        told = [f"the worker {node.gateway.id} died: {error}"] if error else node.workeroutput["complaints"]
        self.complaints += [complaint for complaint in told if complaint not in self.complaints]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_logreport(self, report):
        """Keep the worst outcome of a test; one with a failed subtest has failed."""
        before = self.outcomes.get(report.nodeid, "passed")
        whole = report.when == "call" and not isinstance(report, pytest.SubtestReport)
        if whole and report.passed and before == "failed":
            report.outcome, report.longrepr = "failed", "a subtest failed"
        if report.when == "call" or not report.passed:
            self.outcomes[report.nodeid] = max(before, report.outcome, key=OUTCOMES.index)

    def pytest_collectreport(self, report):
        """Count a file that cannot be collected as a failure."""
        if report.failed:
            self.outcomes[report.nodeid] = "failed"

    def pytest_sessionfinish(self, session):
        """Make a failure of what no single test answers for."""
        skipped = self.count("skipped")
        if skipped and not self.config.option.allow_skips:
            self.complaints.append(f"tests were skipped: {skipped}")
        if self.complaints and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter):
        """Tell the complaints."""
        for complaint in self.complaints:
            terminalreporter.write_line(f"FAILED: {complaint}", red=True)

    def pytest_unconfigure(self):
        """Tell the totals, as the very last line."""
        line = ", ".join(f"{self.count(outcome)} {outcome}" for outcome in ("passed", "failed", "skipped"))
        self.config.get_terminal_writer().line(line)

    def count(self, outcome):
        """Return the number of tests with an outcome."""
        return list(self.outcomes.values()).count(outcome)
