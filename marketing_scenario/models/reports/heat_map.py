"""Where a mail is clicked, on its own picture (S43)."""

from datetime import timedelta

from lxml import etree, html

from odoo import models

from ...tools import mail_links
from .. import clock


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def heat_map(self, days=90):
        """The mail of this step with the share of clicks on each of its links.

        :return: dict: ``html``: the mail as it is designed, each link marked, without anything that runs;
            ``links`` ``[{"label", "url", "clicks", "people", "share"}]``, those that are no longer in the mail too
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
        found = {(url, label): (clicks, people) for url, label, clicks, people in rows}
        root = mail_links.parse(self._mail_text()["body_html"])
        for node in root.xpath("//script | //style[contains(., '@import')]"):
            node.drop_tree()
        self._show_fields(root)
        known = set()
        for link in mail_links.find_links(root, self.get_base_url()):
            key = link.url, link.label or link.url
            known.add(key)
            _clicks, people = found.get(key, (0, 0))
            _mark(link.node, people / total if total else 0)
        links = [
            {"url": url, "label": label, "clicks": clicks, "people": people, "share": people / total}
            for (url, label), (clicks, people) in found.items()
        ]
        links += [
            {"url": url, "label": label, "clicks": 0, "people": 0, "share": 0} for url, label in known - found.keys()
        ]
        return {
            "html": html.tostring(root, encoding="unicode"),
            "links": sorted(links, key=lambda link: -link["people"]),
        }

    def _show_fields(self, root):
        """A merge field without a text of its own is shown by its name."""
        fields = self.env["res.partner"].merge_fields()
        labels = {f"object.{field['path']}": field["label"] for field in fields["first"] + fields["more"]}
        for node in root.xpath("//*[@t-out]"):
            if not node.text_content().strip():
                node.text = f"[{labels.get(node.get('t-out').strip(), '…')}]"


def _mark(node, part):
    """A frame around a link, the warmer the more it is clicked, and its share in the corner."""
    heat = f"hsl({round(220 - 220 * min(part * 1.5, 1))} 85% 45%)"
    style = (node.get("style") or "").rstrip("; ")
    node.set("style", f"{style}; position: relative; outline: 3px solid {heat}; outline-offset: 1px;".lstrip("; "))
    badge = etree.SubElement(node, "span")
    badge.text = f"{part:.0%}"
    badge.set(
        "style",
        f"position: absolute; top: -10px; right: -10px; padding: 1px 6px; border-radius: 9px; background: {heat}; "
        "color: #fff; font: bold 11px/16px sans-serif; white-space: nowrap; text-decoration: none;",
    )
