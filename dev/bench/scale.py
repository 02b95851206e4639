"""The results of runs in ``readme/SCALE.md`` and its pictures: no figure of the table there is typed by hand."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bench import plot
from bench.report import COLUMNS, Figure, cells
from env import DevError, environment

BEGIN, END = "<!-- figures: python3 dev bench --write -->", "<!-- end of figures -->"
KEPT = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Run:
    """How some figures were measured."""

    day: str
    command: str
    machine: str

    def __str__(self) -> str:
        return f"{self.day}, `{self.command}`; {self.machine}"


def this_run(arguments: list[str]) -> Run:
    """The run that is being made."""
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:"))
    machine = f"{os.cpu_count()} cores, {int(memory.split()[1]) // 1_000_000} GB, Python {platform.python_version()}"
    return Run(f"{date.today():%-d %B %Y}", " ".join(["python3 dev bench", *arguments]), machine)


def write(figures: list[Figure], run: Run, whole: bool) -> None:
    """Keep figures; write the table and the pictures of all that are kept.

    :param whole: forget the figures of other runs; otherwise each replaces the one of the same work and size
    """
    path = environment().addon / "readme" / "SCALE.md"
    text = path.read_text()
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise DevError(f"{path} has no place for the figures", f"it needs the lines {BEGIN} and {END}")
    kept = [] if whole else read()
    measured = {(figure.work, figure.size) for figure in figures}
    kept = [(figure, its) for figure, its in kept if (figure.work, figure.size) not in measured]
    kept += [(figure, run) for figure in figures]
    KEPT.write_text(
        json.dumps([{**asdict(figure), "run": asdict(its)} for figure, its in kept], indent=1, ensure_ascii=False)
        + "\n"
    )
    pictures = plot.draw([figure for figure, _run in kept], path.parent)
    path.write_text("\n".join([f"{before}{BEGIN}", "", *markdown(kept), "", *pictures, f"{END}{after}"]))


def read() -> list[tuple[Figure, Run]]:
    """The kept figures, each with its run."""
    rows = json.loads(KEPT.read_text()) if KEPT.exists() else []
    return [
        (Figure(**{name: value for name, value in row.items() if name != "run"}), Run(**row["run"])) for row in rows
    ]


def markdown(kept: list[tuple[Figure, Run]]) -> list[str]:
    """The figures as a table, below the runs they come from."""
    runs = list(dict.fromkeys(run for _figure, run in kept))
    titles = [*(title or "kept" for _name, title, _align in COLUMNS), "run"]
    rows = [titles, ["---"] * len(titles)]
    rows += [[*cells(figure), str(runs.index(run) + 1)] for figure, run in kept]
    return [
        *(f"{number}. {run}" for number, run in enumerate(runs, 1)),
        "",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]
