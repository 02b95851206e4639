"""Odoo's log: its records, and which of them make a run fail."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from toolbox import paths
from toolbox.console import DevError

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>[\w.]+): (?P<message>.*)"
)
BAD_LEVELS = ("WARNING", "ERROR", "CRITICAL")
OURS = re.compile(rf"{paths.ADDON_NAME}|\bmarketing\.\w")
# Records that are no fault of the addon, each with its reason.
ALLOWED = (
    # The embedded PostgreSQL has no contrib modules; Odoo then makes no trigram indexes.
    re.compile(r"pg_trgm"),
    # A test ended while its page was still loading something: the page is closed, not broken.
    re.compile(r"^Error received after termination: .*The loading of /web/assets/\S+ failed"),
    # Odoo's own contact form and crm name a widget of partner_autocomplete, which --skip-auto-install leaves out.
    re.compile(r"Missing widget: res_partner_many2one"),
    # Said beside the skip of each browser test, and skips are judged on their own.
    re.compile(r"^Chrome executable not found"),
    # Said at the end of a run that has a failure; the failures are counted one by one.
    re.compile(r"^Module \S+: \d+ failures, \d+ errors of|failed, \d+ error\(s\) of \d+ tests"),
)


@dataclass
class Record:
    """One record of the log, with the lines that follow its first."""

    level: str
    logger: str
    message: str

    def __str__(self) -> str:
        return f"{self.level} {self.logger}: {self.message}"

    @property
    def is_problem(self) -> bool:
        """Whether it makes a run fail: any error, and any warning about the addon."""
        if self.level not in BAD_LEVELS or any(pattern.search(self.message) for pattern in ALLOWED):
            return False
        return self.level != "WARNING" or bool(OURS.search(self.logger) or OURS.search(self.message))


def records(lines: Iterable[str]) -> Iterator[Record]:
    """Yield the records of a log."""
    current = None
    for line in lines:
        match = RECORD.match(line)
        if match:
            if current:
                yield current
            current = Record(match["level"], match["logger"], match["message"].rstrip())
        elif current:
            current.message += "\n" + line.rstrip("\n")
    if current:
        yield current


def read(log: Path) -> list[Record]:
    """Return the records of a log file."""
    with log.open(errors="replace") as lines:
        return list(records(lines))


def problems(log: Path) -> list[Record]:
    """Return the records of a log file that make a run fail."""
    return [record for record in read(log) if record.is_problem]


def require_clean(log: Path, what: str) -> None:
    """Fail when a log has problems: Odoo ends well, for example, when it had to leave out a module's demo data."""
    if found := problems(log):
        raise DevError(f"{what}: {found[0]}", f"mend it, then repeat the command; the whole log: {log}")
