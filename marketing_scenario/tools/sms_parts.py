"""How many SMS a text takes (GSM 03.38 and 03.40). Pure functions."""

from collections import namedtuple

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM7_EXTENDED = frozenset("^{}\\[~]|€\f")  # take two places
LIMITS = {"GSM-7": (160, 153), "UCS-2": (70, 67)}  # one SMS; each part of several

Parts = namedtuple("Parts", "count length encoding")


def count(text):
    """``Parts(count, length, encoding)``: number of SMS, places used, GSM-7 or UCS-2."""
    text = text or ""
    encoding = "GSM-7" if all(char in GSM7 or char in GSM7_EXTENDED for char in text) else "UCS-2"
    places = [_places(char, encoding) for char in text]
    length = sum(places)
    single, part = LIMITS[encoding]
    if length <= single:
        return Parts(1 if text else 0, length, encoding)
    parts, used = 1, 0
    for size in places:  # a character is never cut in two
        if used + size > part:
            parts, used = parts + 1, 0
        used += size
    return Parts(parts, length, encoding)


def _places(char, encoding):
    if encoding == "GSM-7":
        return 2 if char in GSM7_EXTENDED else 1
    return len(char.encode("utf-16-le")) // 2
