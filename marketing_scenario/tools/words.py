"""Words for people."""


def sentence(text):
    """The text with a capital letter at its beginning; findings are written to follow the name of a step."""
    return text[:1].upper() + text[1:]
