"""Figures, and the table they make."""

from dataclasses import asdict, dataclass

from env import say

COLUMNS = (
    ("work", "work", "<"),
    ("size", "targets", ">"),
    ("rate", "per second", ">"),
    ("floor_rate", "floor", ">"),
    ("ratio", "× floor", ">"),
    ("statements", "SQL/each/step", ">"),
    ("peak_mb", "peak MB", ">"),
    ("bytes_each", "bytes each", ">"),
    ("load", "load", ">"),
    ("budget", "budget", "<"),
    ("verdict", "", "<"),
)


@dataclass
class Figure:
    """One measured work beside its floor.

    ``ratio`` is the cost over the floor's cost. ``met`` is None where no budget was set. ``load`` is the machine's load
    average just after it was measured: more than the cores means that programs waited for each other. ``bytes_each`` is
    what one takes on the disk with its indexes.
    """

    work: str
    size: int
    rate: float = 0
    floor_rate: float = 0
    ratio: float = 0
    statements: float | None = None
    peak_mb: float | None = None
    budget: str = ""
    met: bool | None = None
    note: str = ""
    milliseconds: float | None = None
    load: float = 0
    bytes_each: float | None = None

    @property
    def missed(self) -> bool:
        """Whether a budget was set and is not kept."""
        return self.met is False

    @property
    def verdict(self) -> str:
        """The last column."""
        word = {True: "ok", False: "MISSED", None: ""}[self.met]
        return ", ".join(filter(None, [word, self.note]))

    def as_dict(self) -> dict:
        """The figure as plain data."""
        return asdict(self)


def within(figure: Figure, limit: float, statements: float, quick: bool) -> Figure:
    """Judge a figure: at most ``limit`` times its floor, and at most so many statements.

    The quick form judges the statements alone: no other program of the machine can change them.
    """
    figure.budget = f"≤ {statements:g} SQL" if quick else f"≤ {limit:g} ×, ≤ {statements:g} SQL"
    figure.met = (quick or figure.ratio <= limit) and figure.statements <= statements
    return figure


def tell(figure: Figure) -> None:
    """Show a figure as soon as it is known."""
    say("  " + " ".join(cell for cell in cells(figure) if cell))


def table(figures: list[Figure]) -> str:
    """Return all figures as a table of plain text."""
    rows = [[title for _name, title, _align in COLUMNS], *(cells(figure) for figure in figures)]
    widths = [max(len(row[number]) for row in rows) for number in range(len(COLUMNS))]
    aligned = [
        "  ".join(f"{cell:{align}{width}}" for cell, width, (_n, _t, align) in zip(row, widths, COLUMNS, strict=True))
        for row in rows
    ]
    return "\n".join([aligned[0], "-" * len(aligned[0]), *aligned[1:]])


def cells(figure: Figure) -> list[str]:
    """Return one row."""
    return [written(name, getattr(figure, name)) for name, _title, _align in COLUMNS]


def written(name: str, value) -> str:
    """Return a value as it stands in the table."""
    if isinstance(value, str):
        return value
    if not value:
        return ""
    return {"ratio": f"{value:.2f}", "load": f"{value:.1f}", "statements": f"{value:.4f}"}.get(name, f"{value:,.0f}")
