"""What stands in the placeholders of a text, read without evaluating anything. No Odoo import."""

import re

from lxml import html

from .kept import kept

INLINE = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
PATH = re.compile(r"\bobject((?:\.[A-Za-z_]\w*)+)(\s*\()?")
UNPAIRED = re.compile(r"\{\{.{0,40}|.{0,40}\}\}")  # with some letters, so that one finds it


@kept
def paths(source, language):
    """Field paths that a text reads of its record, in order, each once: ``marketing_user_id.name``.

    :param language: ``qweb`` (HTML) or ``inline`` (one text with ``{{ }}``)
    :return: list of paths; the name of a method that is called is left out
    """
    found = []
    for expression in _expressions(source, language):
        for match in PATH.finditer(expression):
            names = match[1][1:].split(".")
            path = ".".join(names[:-1] if match[2] else names)
            if path:
                found.append(path)
    return list(dict.fromkeys(found))


@kept
def stray(source, language):
    """What looks like a placeholder and is sent as it was typed: ``{{ }}`` in HTML, a brace without its partner.

    :return: list of texts, each once
    """
    if language == "qweb":
        # attributes may hold {{ }} (t-attf-…); what people read may not
        text = "".join(_fragment(source).itertext())
        found = INLINE.findall(text)
        strays = [f"{{{{{inner}}}}}" for inner in found]
        text = INLINE.sub("", text)
    else:
        strays, text = [], INLINE.sub("", source or "")
    strays += UNPAIRED.findall(text)
    return list(dict.fromkeys(stray.strip() for stray in strays))


def _expressions(source, language):
    if not source:
        return []
    if language == "inline":
        return [inner.partition("|||")[0] for inner in INLINE.findall(source)]
    nodes = [node for node in _fragment(source).iter() if isinstance(node.tag, str)]
    return [value for node in nodes for name, value in node.attrib.items() if name.startswith("t-")]


def _fragment(source):
    return html.fragment_fromstring(source or "", create_parent="div")
