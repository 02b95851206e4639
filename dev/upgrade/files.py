"""Files of scenarios that the old version gave away are taken in, and nothing in them is lost (S11)."""

from base64 import b64decode

from upgrade.new_world import NewWorld
from upgrade.report import Report

# what says by which code a file was made
MADE_BY = ("format", "version")


class Files:
    """What was exported before the update."""

    def __init__(self, world: NewWorld, report: Report):
        self.world, self.report = world, report

    def take_in(self) -> None:
        """Import each file, export what came of it, and compare."""
        for name, content in self.world.facts["known"].get("files", {}).items():
            scenarios = self.world.admin["marketing.scenario"]
            before = scenarios._read_file(b64decode(content))
            arrived = scenarios._unpack(before)
            after = scenarios._read_file(arrived._file())
            lost = list(differences(before, after))
            self.report.none(lost, f"the file of “{name}” is taken in as it is")
            self.world.cr.rollback()
            self.world.env.invalidate_all()


def differences(before, after, place=""):
    """Where the later document does not hold what the earlier one did; it may hold more."""
    if isinstance(before, str) and isinstance(after, dict) and after.keys() == {"languages"}:
        # versions before languages were told apart
        after = before if set(after["languages"].values()) == {before} else after
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if place or key not in MADE_BY:
                yield from differences(value, after.get(key), f"{place}/{key}")
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for number, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{place}/{number}")
    elif before != after:
        yield f"{place}: {before!r} became {after!r}"
