"""The results of a run in ``readme/SCALE.md``: no figure of the table there is typed by hand."""

import os
import platform
from datetime import date
from pathlib import Path

from bench.report import COLUMNS, Figure, cells
from env import DevError, environment

BEGIN, END = "<!-- figures: python3 dev bench --write -->", "<!-- end of figures -->"


def write(figures: list[Figure], told: str) -> None:
    """Replace the table in SCALE.md.

    :param told: how the run was made
    """
    path = environment().addon / "readme" / "SCALE.md"
    text = path.read_text()
    before, begin, rest = text.partition(BEGIN)
    _old, end, after = rest.partition(END)
    if not begin or not end:
        raise DevError(f"{path} has no place for the figures", f"it needs the lines {BEGIN} and {END}")
    path.write_text(f"{before}{BEGIN}\n\n{markdown(figures, told)}\n\n{END}{after}")


def markdown(figures: list[Figure], told: str) -> str:
    """Return the figures as a table, below a sentence on where they come from."""
    titles = [title or "kept" for _name, title, _align in COLUMNS]
    rows = [titles, ["---"] * len(titles), *(cells(figure) for figure in figures)]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    where = f"Python {platform.python_version()}, {machine()}"
    return "\n".join([f"{date.today():%-d %B %Y}, {told}; {where}.", "", *lines])


def machine() -> str:
    """Name the processor's cores and the memory."""
    memory = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemTotal:"))
    return f"{os.cpu_count()} cores, {int(memory.split()[1]) // 1_000_000} GB"
