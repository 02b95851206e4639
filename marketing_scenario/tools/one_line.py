"""Text that goes into the header of a mail."""

import re

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text):
    """``text`` without line breaks and control characters: what comes after one would be read as another header."""
    return CONTROL.sub(" ", text or "").strip()


def is_one_line(text):
    """Whether ``text`` holds no line break and no control character."""
    return not CONTROL.search(text or "")
