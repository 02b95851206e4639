from odoo import api, fields, models
from odoo.exceptions import UserError

from .previous_message import SETTLES


class RuleLinkClicked(models.Model):
    """A link of an earlier mail was clicked: any, or one picked among its links (S24, R52)."""

    _inherit = "marketing.scenario.rule"

    kind = fields.Selection(selection_add=[("link_clicked", "Link clicked")], ondelete={"link_clicked": "cascade"})
    link_url = fields.Char("Link", help="Empty: any link of the mail.")
    link_label = fields.Char("Text of the link", help="Tells two links to the same page apart. Empty: any of them.")
    link_choices = fields.Json("Links of the mail", compute="_compute_link_choices")

    @api.depends("email_step_id", "owner_step_id", "kind")
    def _compute_link_choices(self):
        for rule in self:
            rule.link_choices = rule._mail_links() if rule.kind == "link_clicked" else []

    def _describe_link_clicked(self):
        link = self.link_label or self.link_url or self.env._("any link")
        return {
            "icon": "fa-mouse-pointer",
            "summary": self.env._("%(link)s clicked in %(mail)s", link=link, mail=self._email_label()),
            "events": ("link_clicked", *SETTLES),
            "settles": SETTLES,
            "is_dated": True,
        }

    def _validate_link_clicked(self):
        messages = self._previous_mail_messages()
        if not messages and self.link_url and not self._chosen_labels():
            messages.append(
                self.env._("the link “%(link)s” is no longer in the mail.", link=self.link_label or self.link_url)
            )
        return messages

    def _match_link_clicked(self, enrollments):
        traces = self._mail_traces(enrollments)
        if not self.link_url:
            return enrollments.browse([i for i, trace in traces.items() if trace.links_click_datetime])
        ids = [trace.id for trace in traces.values()]
        domain = [("mailing_trace_id", "in", ids), ("link_id.url", "=", self.link_url)]
        if self.link_label:
            domain.append(("link_id.label", "in", [self.link_label, *self._chosen_labels()]))
        # sudo: the engine judges facts; nothing of the clicks is shown
        clicks = self.env["link.tracker.click"].sudo()._read_group(domain, ["mailing_trace_id"])
        clicked = {trace.id for (trace,) in clicks}
        return enrollments.browse([i for i, trace in traces.items() if trace.id in clicked])

    def _unsettled_link_clicked(self, enrollments):
        return self._unsettled(enrollments, self._mail_traces(enrollments))

    def _is_chosen(self, link):
        return link["url"] == self.link_url and self.link_label in (False, "", link["label"])

    def _mail_links(self):
        """``[{"url", "label", "kind"}]`` of the mail this rule looks at."""
        step = self._mail_step()
        return step._tracked_links() if step else []

    def _chosen_labels(self):
        """What the chosen link is called in each language of its mail: links stand in one order in all of them."""
        step = self._mail_step()
        spoken = [step.with_context(lang=lang)._tracked_links() for lang in step._tongues()] if step else []
        places = {place for links in spoken for place, link in enumerate(links) if self._is_chosen(link)}
        return {
            links[place]["label"]
            for links in spoken
            for place in places
            if place < len(links) and links[place]["url"] == self.link_url
        }

    def _play_link_clicked(self, enrollment):
        trace = self._played_trace(self._mail_traces(enrollment), enrollment)
        links = trace.mass_mailing_id._marketing_links()
        if self.link_url:
            links = links.filtered(lambda link: link.url == self.link_url)
        if self.link_label:
            labels = {self.link_label, *self._chosen_labels()}
            links = links.filtered(lambda link: link.label in labels)
        link = links[:1]
        if not link:
            raise UserError(self.env._("The mail that was sent has no such link."))
        self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
