from collections import defaultdict

from odoo import api, fields, models

from .languages import LANGUAGE

DESIGNED = ("subject", "preview", "body_arch", "body_html")  # what the mail designer edits


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    marketing_step_id = fields.Many2one(
        "marketing.scenario.step",
        string="Scenario step",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="This mailing counts the mails of a scenario step. It is never sent by itself.",
    )

    # those in which the mail can be designed, for the switch above the designer
    marketing_languages = fields.Json(compute="_compute_marketing_languages")
    marketing_is_translation = fields.Boolean(compute="_compute_marketing_languages")

    @api.depends("marketing_step_id")
    @api.depends_context("lang", LANGUAGE)
    def _compute_marketing_languages(self):
        self.marketing_languages = self.marketing_is_translation = False
        chosen, own = self.env.context.get(LANGUAGE), self.env.user.lang
        languages = [(code, name.rpartition(" / ")[2]) for code, name in self.env["res.lang"].get_installed()]
        for mailing in self.filtered("marketing_step_id"):
            alike = mailing._marketing_step()._is_alike()
            mailing.marketing_is_translation = chosen and chosen != own
            mailing.marketing_languages = {
                **mailing._marketing_designed(),
                "languages": sorted(languages, key=lambda language: language[0] != own),
                "alike": alike,
                "shown": chosen or ("" if alike else own),
            }

    def _marketing_designed(self):
        """Hook: whose mail this is, as ``{"model", "id", "design": its method that opens the designer}``."""
        step = self.marketing_step_id
        return {"model": step._name, "id": step.id, "design": "action_email_design"}

    def write(self, vals):
        result = super().write(vals)
        edited = [name for name in DESIGNED if name in vals]
        if edited and not self.env.context.get("marketing_sync"):
            # what was edited in the mail designer belongs to the step, and so to its other mailing
            for mailing in self.filtered("marketing_step_id"):
                mailing._marketing_step()._part("mail_designed", {name: mailing[name] for name in edited})
        return result

    def _marketing_step(self):
        """Hook: the step whose text this mailing holds, as it speaks here."""
        return self.marketing_step_id

    def _render_field(self, field, res_ids, *args, **kwargs):
        """“View in browser” of a step whose text depends on the reader's language."""
        step = self.sudo()._marketing_step() if len(self) == 1 else self.env["marketing.scenario.step"]
        if field == "body_html" and step:
            record = self.env[self.mailing_model_real].browse(res_ids[:1])
            language = self.env["marketing.scenario.channel.mail"]._language()
            body = step._part("mail_view", language(record.exists()))
            if body is not None:
                return self._render_template(
                    body, self.mailing_model_real, res_ids, engine="qweb", options=kwargs.get("options")
                )
        return super()._render_field(field, res_ids, *args, **kwargs)

    def _marketing_links(self):
        """The tracked links of this mailing. It shares them with the mailing of the same message for the other kind of
        record: Odoo finds a link again by its source, which is that of both.

        :return: ``link.tracker`` records
        """
        return self.env["link.tracker"].search([("source_id", "=", self.source_id.id)], order="id")

    def _marketing_short_links(self, links):
        """Short links of this mailing, found or created in a constant number of statements; fetches no page.

        :param links: list of ``mail_links.Link``
        :return: ``{(url, label): short url}``
        """
        keys = list(dict.fromkeys((link.url, link.label) for link in links))
        tracking = self._get_link_tracker_values()
        # the title is given: without one, Odoo would fetch the page to read it
        trackers = self.env["link.tracker"].search_or_create(
            [{**tracking, "url": url, "label": label, "title": label or url} for url, label in keys]
        )
        codes = defaultdict(str)
        for code in self.env["link.tracker.code"].search([("link_id", "in", trackers.ids)], order="id"):
            codes[code.link_id.id] = code.code
        host = self.get_base_url() + "/r/"
        return {key: host + codes[tracker.id] for key, tracker in zip(keys, trackers, strict=True)}
