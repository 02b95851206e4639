"""Measure the engine against its budgets; exit status 1 where one is missed."""

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

# This folder's own modules are reached as ``bench.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench import report, scale, soak  # noqa: E402
from bench.works import ONLY_FULL, WORKS  # noqa: E402
from bench.world import fresh_world  # noqa: E402
from env import main_guard, step  # noqa: E402

QUICK_SIZES = [1_000, 10_000]
SIZES = [1_000, 10_000, 100_000]
FULL_SIZES = [1_000, 10_000, 100_000, 1_000_000]


def main() -> int:
    """Run the chosen works and print the table."""
    options = parse()
    figures = []
    began = time.monotonic()
    run = scale.this_run(sys.argv[1:])
    with fresh_world(durable=options.durable) as world:
        for its in works(world, options):
            figures += its
            if options.write:  # after each work, so that a run that is interrupted keeps what it measured
                scale.write(its, run)
    print(report.table(figures))
    print(f"took {time.monotonic() - began:.0f} s")
    if options.write and options.whole:
        scale.keep_only(run)
    if options.json:
        options.json.write_text(json.dumps([figure.as_dict() for figure in figures], indent=1))
    missed = [figure for figure in figures if figure.missed]
    for figure in missed:
        print(f"MISSED: {figure.work}, {figure.size}: {figure.verdict}")
    return 1 if missed else 0


def works(world, options) -> Iterator[list[report.Figure]]:
    """Measure one work after the other."""
    if options.soak:
        step(soak.soak.__doc__)
        yield told(soak.soak(world, options.soak))
        return
    for name in options.only:
        step(f"{name}: {WORKS[name].__doc__.splitlines()[0]}")
        yield measured(WORKS[name], world, options)


def measured(work, world, options) -> list[report.Figure]:
    """Measure a work; where it misses a budget, measure it once more.

    A slow moment of a shared machine does not come back in the second measurement; a slow program does. The table
    says which figures are those of a second one, and what the first one said.
    """
    first = told(work(world, options.sizes, options.quick))
    if not any(figure.missed for figure in first):
        return first
    step("missed; measured once more")
    second = told(work(world, options.sizes, options.quick))
    for then, now in zip(first, second, strict=True):
        if then.missed:
            now.note = "; ".join(filter(None, [now.note, f"measured twice, first {then.verdict}"]))
        now.bytes_each = then.bytes_each  # the second time the space is used again that the first one left
    return second


def told(measuring) -> list[report.Figure]:
    """Show each figure as soon as it is measured."""
    figures = []
    for figure in measuring:
        figure.load = os.getloadavg()[0]
        figures.append(figure)
        report.tell(figure)
    return figures


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python3 dev bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small sizes, without real servers; under three minutes")
    parser.add_argument("--full", action="store_true", help="up to a million targets")
    parser.add_argument("--sizes", type=sizes, help="numbers of targets, such as 1000,10000")
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"works out of {','.join(WORKS)}")
    parser.add_argument("--soak", type=int, metavar="MINUTES", help="a steady stream instead: does anything drift?")
    parser.add_argument(
        "--durable",
        action=argparse.BooleanOptionalAction,
        help="on a database server that waits for the disk; so by default, unless --quick",
    )
    parser.add_argument(
        "--write", action="store_true", help="keep the figures, and write them into readme/SCALE.md with its pictures"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    options = parser.parse_args()
    options.whole = not (options.only or options.soak)
    options.only = options.only or [name for name in WORKS if not (options.quick and name in ONLY_FULL)]
    if set(options.only) - set(WORKS):
        parser.error(f"--only: choose out of {', '.join(WORKS)}")
    if options.durable is None:
        options.durable = not options.quick
    options.sizes = options.sizes or (FULL_SIZES if options.full else QUICK_SIZES if options.quick else SIZES)
    return options


def sizes(text: str) -> list[int]:
    """Read ``1000,10000``."""
    return sorted(int(part) for part in text.split(","))


if __name__ == "__main__":
    main_guard(main)
