"""Findings of the walk, and waiting for what happens elsewhere."""

import time
from collections.abc import Callable

from env import DevError


class Checks:
    """Collects what was checked; tells failures at once."""

    def __init__(self):
        self.passed = 0
        self.failures: list[str] = []

    def that(self, holds, text: str) -> bool:
        """Note whether something holds."""
        if holds:
            self.passed += 1
        else:
            self.failures.append(text)
            print(f"FAILED: {text}", flush=True)
        return bool(holds)

    def same(self, found, expected, text: str) -> bool:
        """Note whether what was found is what was expected."""
        return self.that(found == expected, f"{text}: expected {expected!r}, found {found!r}")


def wait_until(what: str, condition: Callable, seconds: float = 60, every: float = 0.5, instead: Callable = lambda: ""):
    """Return the condition's first true value.

    :param instead: says what is there instead, for the error
    :raise DevError: it did not come true in time
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(every)
    raise DevError(f"within {seconds:.0f} s this did not happen: {what}. {instead()}")
