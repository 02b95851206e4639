"""What was read off a text, kept for the next time. No Odoo import."""

from functools import wraps
from hashlib import blake2b

MOST = 5000  # texts; then it begins anew


def kept(read):
    """Have a function that reads a list off a text do so once for each text: messages are long and checked again and
    again, as a tree is looked at and edited. The text itself is not kept."""
    known = {}

    @wraps(read)
    def remembered(source, *args):
        text = str(source or "")
        key = (blake2b(text.encode(errors="surrogatepass"), digest_size=16).digest(), *args)
        found = known.get(key)
        if found is None:
            if len(known) >= MOST:
                known.clear()
            found = known[key] = tuple(read(text, *args))
        return list(found)

    return remembered
