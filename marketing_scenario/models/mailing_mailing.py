from collections import defaultdict

from odoo import fields, models
from odoo.tools import email_normalize

STEP_FIELDS = {  # what the mail designer edits → where the step keeps it
    "subject": "email_subject",
    "preview": "email_preview",
    "body_arch": "email_body_arch",
    "body_html": "email_body_html",
}


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

    def write(self, vals):
        result = super().write(vals)
        if not self.env.context.get("marketing_sync") and STEP_FIELDS.keys() & vals.keys():
            self._push_to_step(vals)
        return result

    def _push_to_step(self, vals):
        """What was edited in the mail designer belongs to the step, and so to its other mailing."""
        for mailing in self.filtered("marketing_step_id"):
            values = {STEP_FIELDS[name]: mailing[name] for name in STEP_FIELDS.keys() & vals.keys()}
            mailing.marketing_step_id.write(values)

    def _render_field(self, field, res_ids, *args, **kwargs):
        """“View in browser” of a step that uses a template shows it in the reader's language."""
        step = self.sudo().marketing_step_id if len(self) == 1 else self.env["marketing.scenario.step"]
        if field == "body_html" and step.step_type == "email" and step.email_source == "template":
            record = self.env[self.mailing_model_real].browse(res_ids[:1])
            lang = record.exists().marketing_lang or self.env.lang
            body = step._email_text(lang)[1]
            return self._render_template(
                body, self.mailing_model_real, res_ids, engine="qweb", options=kwargs.get("options")
            )
        return super()._render_field(field, res_ids, *args, **kwargs)

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

    def _marketing_unsubscribe(self, res_id, email):
        """Someone unsubscribed through a mail of a scenario (S35): refusal, event, end of the runs.

        :param res_id: id of the record the mail went to, as the page got it
        :param email: the address, proved by the signed link
        """
        step = self.marketing_step_id
        address = email_normalize(email)
        if not step or not address:
            return
        recipient, people = self._marketing_people(res_id, address)
        if recipient and not recipient.marketing_refuse_email:  # the page may be opened again
            self.env["marketing.automatism.event"]._note("unsubscribed", recipient, {"step_id": step.id})
        for records in people:
            fresh = records.filtered(lambda record: not record.marketing_refuse_email)
            fresh._set_refusal("email", self.env._("Unsubscribed from “%(mailing)s”", mailing=step.name))
        contacts, leads = people
        self.env["marketing.scenario.enrollment"].search(
            [
                ("state", "in", ("running", "paused", "error")),
                ("scenario_id.leave_on_unsubscribe", "=", True),
                "|",
                ("partner_id", "in", contacts.ids),
                ("lead_id", "in", leads.ids),
            ]
        )._stop("unsubscribed")

    def _marketing_resubscribe(self, res_id, email):
        """The person took the unsubscription back on Odoo's page: the refusal goes as well."""
        address = email_normalize(email)
        if self.marketing_step_id and address:
            for records in self._marketing_people(res_id, address)[1]:
                records.write({"marketing_refuse_email": False})

    def _marketing_people(self, res_id, address):
        """The record the mail went to, and everybody with its address: ``(recipient, (contacts, leads))``.

        The recipient may have got the mail at the address of its company or contact.
        """
        recipient = self.env[self.mailing_model_real].browse(int(res_id) if str(res_id).isdigit() else 0).exists()
        domain = [("email_normalized", "=", address)]
        contacts = self.env["res.partner"].search(domain)
        leads = self.env["crm.lead"].search(domain)
        if recipient._name == "crm.lead":
            leads |= recipient
        else:
            contacts |= recipient
        return recipient, (contacts, leads)
