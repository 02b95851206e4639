"""What Odoo's own test runner wrote to the log."""

import re
from dataclasses import dataclass, field

from toolbox.odoo_log import Record

STARTED = re.compile(r"^Starting (?P<test>\w+\.\w+) \.\.\.")
SKIPPED = re.compile(r"^skipped (?P<test>.+?) : ")
FAILED = re.compile(r"^(?:FAIL|ERROR): (?:Subtest )?(?P<test>(?:(?:setUp|tearDown)Class \()?[\w.]+)")


@dataclass
class Outcome:
    """The tests by outcome, each named ``odoo.addons.ADDON.tests.FILE.CLASS.METHOD``; subtests count as their test."""

    started: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    skipped: set[str] = field(default_factory=set)

    @property
    def totals(self) -> str:
        """The closing line."""
        passed = self.started - self.failed - self.skipped
        return f"{len(passed)} passed, {len(self.failed)} failed, {len(self.skipped)} skipped"

    def ran(self, place: str) -> bool:
        """Tell whether any test of an addon or a file ran, such as ``addons.queue_job.tests`` or ``test_step_tag``."""
        return any(f".{place}." in test for test in self.started)

    def add(self, log: list[Record]) -> None:
        """Book what a log says."""
        for record in log:
            for pattern, tests in ((STARTED, self.started), (SKIPPED, self.skipped), (FAILED, self.failed)):
                if match := pattern.match(record.message):
                    tests.add(f"{record.logger}.{match['test']}")
