"""One line for each check, on the screen and in the end."""

from e2e.checks import Checks

SHOWN = 8


class Report(Checks):
    """Checks that are told when they hold as well: the report is the list of what an upgrade keeps."""

    def that(self, holds, text: str, trouble: str = "") -> bool:
        """Note whether something holds; ``trouble`` says what is there instead."""
        if holds:
            print(f"ok  {text}", flush=True)
        return super().that(holds, text if holds or not trouble else f"{text}: {trouble}")

    def same(self, found, expected, text: str) -> bool:
        """Note whether what was found is what was expected."""
        return self.that(found == expected, text, f"expected {expected!r}, found {found!r}")

    def none(self, troubles: list, text: str) -> bool:
        """Note whether there is no trouble; the first few are shown."""
        more = f" and {len(troubles) - SHOWN} more" if len(troubles) > SHOWN else ""
        return self.that(not troubles, text, "; ".join(map(str, troubles[:SHOWN])) + more)
