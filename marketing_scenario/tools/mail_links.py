"""Links of a mail, read with lxml: what can be tracked, how a person would name it, and what is broken."""

import re
from collections import namedtuple
from functools import lru_cache

from lxml import html

from .kept import kept

LABEL_LENGTH = 40  # as Odoo's link tracker
# Placeholders that Odoo replaces by a personal address when it sends, and links that are short already.
PERSONAL_PATHS = ("/unsubscribe_from_list", "/view", "/cards", "/r", "/mail/unfollow", "/marketing/document")
OTHER_SCHEMES = re.compile(r"^(mailto|tel|sms|cid|data):", re.IGNORECASE)
WEB_ADDRESS = re.compile(r"^https?://[^\s/?#:@]+(:\d+)?([/?#]\S*)?$", re.IGNORECASE)
DYNAMIC_HREF = ("t-att-href", "t-attf-href", "t-att")

Link = namedtuple("Link", "node url label kind")


def parse(source):
    """The source under one ``div``, as Odoo's renderer parses it."""
    return html.fragment_fromstring(source or "", create_parent="div")


def find_links(root, base_url=""):
    """Trackable links of a parsed mail, in order.

    :return: list of ``Link(node, url, label, kind)``; url absolute; kind = button, image or text
    """
    links = []
    for node in root.iter("a"):
        url = absolute(node.get("href"), base_url)
        if url and not _is_personal(url, base_url):
            links.append(Link(node, url, _label(node), _kind(node)))
    return links


def absolute(href, base_url=""):
    """Absolute web address of ``href``, or None when it is an anchor, a mail address, a placeholder or nothing."""
    href = (href or "").strip()
    if not href or href.startswith(("#", "?")) or "{{" in href or OTHER_SCHEMES.match(href):
        return None
    if href.startswith("//"):
        return "https:" + href
    if href.startswith("/"):
        return base_url.rstrip("/") + href
    return href if "://" in href else "http://" + href


def describe(source, base_url=""):
    """The links of a mail for a person to choose from: ``[{"url", "label", "kind"}]``, each pair once."""
    return [{"url": url, "label": label, "kind": kind} for url, label, kind in _described(str(source or ""), base_url)]


@lru_cache(maxsize=32)
def _described(source, base_url):
    """Kept: a condition on a link asks about the same mail for each batch of people, in each of its languages."""
    found = {}
    for link in find_links(parse(source), base_url):
        found.setdefault((link.url, link.label), (link.url, link.label, link.kind))
    return tuple(found.values())


@kept
def broken(source, base_url=""):
    """Texts of the links that lead nowhere: an empty target, a bare ``#``, a space, another scheme."""
    wrong = []
    for node in parse(source).iter("a"):
        if node.get("href") is None or any(node.get(name) for name in DYNAMIC_HREF):
            continue
        href = node.get("href").strip()
        if OTHER_SCHEMES.match(href) or (href.startswith("#") and len(href) > 1):
            continue
        url = absolute(href, base_url or "http://localhost.localdomain")
        if not url or not WEB_ADDRESS.match(url):
            wrong.append(_label(node) or href or "?")
    return wrong


def has_dynamic_links(root):
    """True when the address of a link is computed for each recipient."""
    return any(node.get(name) for node in root.iter("a") for name in DYNAMIC_HREF)


def has_unsubscribe(source):
    return "/unsubscribe_from_list" in (source or "")


def _is_personal(url, base_url):
    path = url.removeprefix(base_url.rstrip("/")) if base_url else url
    return any(path == own or path.startswith((own + "/", own + "?", own + "#")) for own in PERSONAL_PATHS)


def _label(node):
    text = " ".join(" ".join(node.itertext(with_tail=False)).split())
    if text:
        return text[:LABEL_LENGTH]
    title = node.get("aria-label") or node.get("title")
    if title:
        return title[:LABEL_LENGTH]
    for image in node.iter("img"):
        name = image.get("alt") or (image.get("src") or "").rsplit("/", 1)[-1]
        return f"[media] {name}"[:LABEL_LENGTH]
    return ""


def _kind(node):
    classes = (node.get("class") or "").split()
    style = (node.get("style") or "").replace(" ", "").lower()
    if next(node.iter("img"), None) is not None:
        return "image"
    if "btn" in classes or any(name.startswith("btn-") for name in classes) or "background" in style:
        return "button"
    return "text"
