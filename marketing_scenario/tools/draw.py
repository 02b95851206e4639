"""Chance that answers the same whenever it is asked again."""

import hashlib

LOTS = 10_000  # hundredths of a percent


def draw(text):
    """A number from 0 to 9999, always the same for this text, and evenly spread over texts."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) % LOTS
