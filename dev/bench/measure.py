"""Stopwatch, statement counter and memory gauge."""

import ctypes
import gc
import statistics
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from odoo import sql_db

CORES = Path("/proc/stat")
STATUS = Path("/proc/self/status")
CLEAR_PEAK = Path("/proc/self/clear_refs")


@dataclass
class Side:
    """Batches of one of the two sides of a comparison: how many were handled and how long each took."""

    counts: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    statements: int = 0

    @property
    def total(self) -> int:
        """How many were handled in all."""
        return sum(self.counts)

    @property
    def each(self) -> float:
        """Median of the seconds per one handled."""
        return statistics.median(second / count for second, count in zip(self.seconds, self.counts, strict=True))

    @property
    def least(self) -> float:
        """Seconds per one handled of the best batch: others disturb and nobody helps."""
        return min(second / count for second, count in zip(self.seconds, self.counts, strict=True))

    @property
    def rate(self) -> float:
        """How many are handled in a second."""
        return 1 / self.each

    def run(self, batch: Callable[[], int]) -> int:
        """Run and note one batch; return how many it handled."""
        statements = sql_db.sql_counter
        began = time.perf_counter()
        count = batch()
        seconds = time.perf_counter() - began
        if count:
            self.statements += sql_db.sql_counter - statements
            self.seconds.append(seconds)
            self.counts.append(count)
        return count


def alternate(ours: Callable[[], int], floor: Callable[[], int]) -> tuple[Side, Side, float]:
    """Run batches of both sides in turn until both handle nothing more.

    Neighbours in time meet the same other load of the machine: the ratio is the median over neighbours.

    :return: ``(our side, the floor's side, ratio of the costs)``
    """
    sides = Side(), Side()
    more = True
    while more:
        handled = [side.run(batch) for side, batch in zip(sides, (ours, floor), strict=True)]
        more = any(handled)
    if sides[0].total != sides[1].total:
        raise AssertionError(f"the engine handled {sides[0].total}, the floor {sides[1].total}")
    return *sides, ratio(*sides)


def ratio(ours: Side, floor: Side) -> float:
    """Cost of one of ours over one of the floor's: median over the batches that ran side by side."""
    return statistics.median(
        (second / count) / (floor_second / floor_count)
        for second, count, floor_second, floor_count in zip(
            ours.seconds, ours.counts, floor.seconds, floor.counts, strict=True
        )
    )


def machine_is_busy(seconds: float = 2.0) -> bool:
    """Tell whether others use more than a third of the machine's cores, watched while this process rests (Linux)."""
    before = _core_times()
    time.sleep(seconds)
    idle, total = (now - then for now, then in zip(_core_times(), before, strict=True))
    return idle < total * 2 / 3


def _core_times() -> tuple[int, int]:
    times = [int(part) for part in CORES.read_text().split("\n", 1)[0].split()[1:]]
    return times[3] + times[4], sum(times)


def forget_peak() -> None:
    """Let the peak of this process's memory begin anew (Linux), without what is free in it: making people took that."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    CLEAR_PEAK.write_text("5")


def peak_mb() -> float:
    """Peak of this process's memory since ``forget_peak``, in MB."""
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def table_sizes(cr, tables) -> Counter:
    """``{table: bytes on the disk, with its indexes}``"""
    cr.execute("SELECT name, pg_total_relation_size(name::regclass) FROM unnest(%s) AS name", [list(tables)])
    return Counter(dict(cr.fetchall()))
