"""Whose turn it is among many: each batch begins where the one before ended."""

import random
from bisect import bisect_right


class Rotation:
    """The order in which scenarios are served. It begins anywhere, so that no number is always first."""

    def __init__(self, last=None):
        self._last = last

    def order(self, ids):
        """All of ``ids``, those first that follow the one served last."""
        ids = sorted(ids)
        start = random.randrange(len(ids) or 1) if self._last is None else bisect_right(ids, self._last)
        return ids[start:] + ids[:start]

    def served_until(self, last):
        """The next order begins behind this id."""
        self._last = last
