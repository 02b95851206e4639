"""Words for people."""


def sentence(text):
    """The text with a capital letter at its beginning; findings are written to follow the name of a step."""
    return text[:1].upper() + text[1:]


def quoted(env, text):
    """The text in the quotation marks of the user's language."""
    return env._("“%(text)s”", text=text)
