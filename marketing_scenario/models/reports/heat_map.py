"""Where a mail is clicked, on its own picture (S43)."""

from datetime import timedelta

from babel.numbers import format_percent
from lxml import etree, html

from odoo import models
from odoo.tools.misc import babel_locale_parse, get_lang

from ...tools import mail_links
from .. import clock
from ..channels.languages import active_languages


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def heat_map(self, days=90):
        """The mail of this step with the share of clicks on each of its links.

        :return: dict: ``html``: the mail as it is designed, each link marked, without anything that runs;
            ``links`` ``[{"label", "url", "labels", "clicks", "people", "share"}]``, those that are no longer in the
            mail too; ``labels``: what a link is called in all languages
        """
        self.ensure_one()
        self.check_access("read")
        since = clock.now(self.env) - timedelta(days=days)
        rows = self.env["marketing.report.click"]._read_group(
            [("step_id", "=", self.id), ("clicked_at", ">=", since)],
            ["url", "label"],
            ["__count", "enrollment_id:count_distinct"],
        )
        total = sum(people for _url, _label, _clicks, people in rows)
        step = self._as(self.trial_winner_id)
        read = step._links_as_read()
        found = {}
        for url, label, clicks, people in rows:
            link = found.setdefault((url, read.get((url, label), label)), {"labels": [], "clicks": 0, "people": 0})
            link["labels"].append(label)
            link["clicks"] += clicks
            link["people"] += people
        root = step._mail_picture()
        known = set()
        for link in mail_links.find_links(root, self.get_base_url()):
            key = link.url, link.label or link.url
            known.add(key)
            part = found[key]["people"] / total if key in found else 0
            _mark(link.node, part, format_percent(part, locale=babel_locale_parse(get_lang(self.env).code)))
        links = [
            {"url": url, "label": label, **link, "share": link["people"] / total}
            for (url, label), link in found.items()
        ]
        links += [
            {"url": url, "label": label, "labels": [label], "clicks": 0, "people": 0, "share": 0}
            for url, label in known - found.keys()
        ]
        return {
            "html": html.tostring(root, encoding="unicode"),
            "links": sorted(links, key=lambda link: -link["people"]),
        }

    def _links_as_read(self):
        """``{(address, label in some language): label in the language of the reader}``: links stand in one order in all
        languages."""
        mine, *others = (self.with_context(lang=lang)._tracked_links() for lang in active_languages(self.env))
        return {
            (link["url"], link["label"] or link["url"]): own["label"] or own["url"]
            for links in others
            for link, own in zip(links, mine, strict=False)
            if link["url"] == own["url"]
        }


def _mark(node, part, text):
    """A frame around a link, the warmer the more it is clicked, and its share as a text in the corner."""
    heat = f"hsl({round(220 - 220 * min(part * 1.5, 1))} 85% 45%)"
    style = (node.get("style") or "").rstrip("; ")
    node.set("style", f"{style}; position: relative; outline: 3px solid {heat}; outline-offset: 1px;".lstrip("; "))
    badge = etree.SubElement(node, "span")
    badge.text = text
    badge.set(
        "style",
        f"position: absolute; top: -10px; right: -10px; padding: 1px 6px; border-radius: 9px; background: {heat}; "
        "color: #fff; font: bold 11px/16px sans-serif; white-space: nowrap; text-decoration: none;",
    )
