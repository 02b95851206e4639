"""The results of runs in ``readme/SCALE.md``, its pictures, and what is reckoned from them: none is typed by hand."""

import json
import os
import platform
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from bench import day, plot
from bench.report import COLUMNS, Figure, cells
from env import DevError, environment

FIGURES = "<!-- figures: python3 dev bench --write -->", "<!-- end of figures -->"
DAY = "<!-- a day: python3 dev bench --write -->", "<!-- end of the day -->"
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


def write(figures: list[Figure], run: Run) -> None:
    """Keep figures, each in place of the one of the same work and size; write the table and the pictures of all."""
    latest = {}
    for figure, its in [*read(), *((figure, run) for figure in figures)]:
        latest.pop(_about(figure), None)
        latest[_about(figure)] = figure, its
    _keep(list(latest.values()))


def keep_only(run: Run) -> None:
    """Forget what other runs measured: this one measured everything."""
    _keep([(figure, its) for figure, its in read() if its == run])


def _keep(kept: list[tuple[Figure, Run]]) -> None:
    """Keep these figures, and show them."""
    path = environment().addon / "readme" / "SCALE.md"
    KEPT.write_text(
        json.dumps([{**asdict(figure), "run": asdict(its)} for figure, its in kept], indent=1, ensure_ascii=False)
        + "\n"
    )
    known = [figure for figure, _run in kept]
    text = placed(path.read_text(), FIGURES, [*markdown(kept), "", *plot.draw(known, path.parent)])
    path.write_text(placed(text, DAY, [*day.markdown(known), ""]))


def _about(figure: Figure) -> tuple[str, int | None]:
    """What a figure tells of. A soak is one work, however long it went on."""
    return figure.work, None if figure.work.startswith("soak, ") else figure.size


def placed(text: str, marks: tuple[str, str], lines: list[str]) -> str:
    """The text with these lines between two marks, in place of what stood there.

    :raise DevError: it has no such marks
    """
    before, begin, rest = text.partition(marks[0])
    _old, end, after = rest.partition(marks[1])
    if not begin or not end:
        raise DevError("SCALE.md has no place for the figures", f"it needs the lines {marks[0]} and {marks[1]}")
    return "\n".join([before + begin, "", *lines, end + after])


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
