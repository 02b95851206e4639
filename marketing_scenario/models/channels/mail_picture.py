"""What a mail looks like, for those who build or read a scenario: its design, without anything that runs (S38, S43)."""

from zlib import crc32

from odoo import models

from ...tools import mail_links


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mail_picture(self):
        """The mail of this step as it is designed, its merge fields by their names.

        :return: an lxml element under one ``div``; empty where there is no mail
        """
        root = mail_links.parse(self._mail_text()["body_html"])
        for node in root.xpath("//script | //style[contains(., '@import')]"):
            node.drop_tree()
        fields = self.env["res.partner"].merge_fields()
        labels = {f"object.{field['path']}": field["label"] for field in fields["first"] + fields["more"]}
        for node in root.xpath("//*[@t-out]"):
            if not node.text_content().strip():
                node.text = f"[{labels.get(node.get('t-out').strip(), '…')}]"
        return root

    def _mail_picture_stamp(self):
        """A text that changes with the mail, or False where there is nothing to be seen."""
        body = self._channel() == "email" and self._mail_text()["body_html"]
        return f"{crc32(str(body).encode()):08x}" if body else False
