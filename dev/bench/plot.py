"""The pictures beside SCALE.md, drawn from the kept figures."""

import sys
from pathlib import Path

from bench.report import Figure
from toolbox import downloads

MATPLOTLIB = "matplotlib>=3.10,<4"
JOURNEY = "pause → IF → tag → end"
SCREENS = ("scenario form", "scenario list", "enrollments of a scenario", "enrollments, all", "pane of a contact")
LOOK = {
    "svg.fonttype": "none",  # text stays text
    "svg.hashsalt": "marketing_scenario",  # the same figures give the same file
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.alpha": 0.3,
    "legend.frameon": False,
}


def draw(figures: list[Figure], folder: Path) -> list[str]:
    """Draw what these figures are enough for; return the lines of Markdown that show it."""
    pictures = (
        ("scale_journey.svg", "People a second", f"{JOURNEY}: rate against the number of people due", rates(figures)),
        ("scale_screens.svg", "Milliseconds", "Server time of a screen, slowest of three roles", times(figures)),
    )
    shown = []
    for name, unit, title, lines in pictures:
        if lines := {label: points for label, points in lines.items() if len(points) > 1}:
            _picture(folder / name, unit, title, lines)
            shown += [f"![{title}]({name})", ""]
    return shown


def rates(figures: list[Figure]) -> dict[str, dict[int, float]]:
    """``{line: {size: rate}}`` of the journey and of its floor."""
    journeys = [figure for figure in figures if figure.work == JOURNEY]
    return {
        "this addon": {figure.size: figure.rate for figure in journeys},
        "plain SQL writing the same rows": {figure.size: figure.floor_rate for figure in journeys},
    }


def times(figures: list[Figure]) -> dict[str, dict[int, float]]:
    """``{screen: {size: milliseconds}}``, of the role that waits longest."""
    lines = {}
    for screen in SCREENS:
        line = lines[screen] = {}
        for figure in figures:
            if figure.work.startswith(f"{screen}, ") and figure.milliseconds:
                line[figure.size] = max(line.get(figure.size, 0), figure.milliseconds)
    return lines


def _picture(path: Path, unit: str, title: str, lines: dict[str, dict[int, float]]) -> None:
    # last on the path: what Odoo needs comes from its own environment
    sys.path.append(str(downloads.provide("matplotlib", MATPLOTLIB)))
    import matplotlib  # noqa: PLC0415 - just fetched

    matplotlib.use("svg")
    from matplotlib import pyplot  # noqa: PLC0415
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415

    with matplotlib.rc_context(LOOK):
        drawing, axes = pyplot.subplots(figsize=(7, 4), layout="constrained")
        for (label, points), marker in zip(lines.items(), "os^Dv", strict=False):
            axes.plot(sorted(points), [points[size] for size in sorted(points)], marker=marker, label=label)
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(FuncFormatter(lambda value, _position: f"{value:,.0f}"))
        axes.set(title=title, ylabel=unit, xlabel="People")
        drawing.legend(loc="outside lower center", ncols=3)
        drawing.savefig(path, metadata={"Date": None, "Creator": None})
        pyplot.close(drawing)
