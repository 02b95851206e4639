"""What a day of 100 million enrollments would take, reckoned from kept figures."""

from bench.plot import JOURNEY
from bench.report import Figure

PEOPLE = 100_000_000
SECONDS = 86_400
QUEUED = "each mail queued"
# what happens to a person, and the work in which one process did it
PARTS = {
    "entering": "enroll at once",
    f"{JOURNEY}: four steps": JOURNEY,
    "each further pause": "pause alone",
    QUEUED: "email step",
}
# what stays on the disk of a person, how many of them, and the work that weighed one
WEIGHTS = {
    "finished runs": (1, "a finished run"),
    "their traces, entry and four steps": (5, "a trace"),
    "what stays of a mail that was sent: message and statistics": (1, "a sent mail"),
}


def markdown(figures: list[Figure]) -> list[str]:
    """The reckoning, by the largest size of each work; nothing of what was not measured."""
    largest = {figure.work: figure for figure in sorted(figures, key=lambda figure: figure.size)}
    needed = PEOPLE / SECONDS
    lines = [f"{PEOPLE:,} ÷ {SECONDS:,} s = {needed:,.0f} a second on average.", ""]
    lanes = {part: needed / largest[work].rate for part, work in PARTS.items() if work in largest}
    if lanes:
        lines += ["| part | one process, a second | processes, all day long |", "| --- | --- | --- |"]
        lines += [f"| {part} | {largest[PARTS[part]].rate:,.0f} | {each:.2f} |" for part, each in lanes.items()]
    if len(lanes) == len(PARTS):
        walking = sum(list(lanes.values())[:2])
        with_mails = ", ".join(f"{count}: {walking + count * lanes[QUEUED]:.1f}" for count in (1, 3))
        lines += ["", f"Such a journey keeps {walking:.1f} processes busy; with as many mails each, {with_mails}."]
    weighed = [(what, each, largest[work].bytes_each) for what, (each, work) in WEIGHTS.items() if work in largest]
    if weighed:
        lines += ["", "| a day leaves | bytes each, with indexes | GB |", "| --- | --- | --- |"]
        lines += [
            f"| {what} | {each} × {size:,.0f} | {PEOPLE * each * size / 1e9:,.0f} |" for what, each, size in weighed
        ]
    return lines
