"""What a submission sets in motion: people, tags, score, note, consent, event; and its confirmation (S34, S35)."""

from markupsafe import Markup

from odoo import api, models
from odoo.tools import hash_sign, verify_hash_signed

from .. import clock

CONFIRM_SCOPE = "marketing_engagement_confirm"
CONFIRM_DAYS = 30


class EngagementProcess(models.Model):
    _inherit = "marketing.engagement.submission"

    def _process(self):
        """Turn a new submission into a contact and/or lead, with tags, score, note, consent and event.

        Called in the superuser environment of ``_public_point`` only. Queues, never sends.
        """
        self.ensure_one()
        point = self.point_id
        partner, lead = self._find_or_create_targets()
        self.write({"partner_id": partner.id, "lead_id": lead.id})
        partner.category_id |= point.tag_ids
        lead.tag_ids |= point.lead_tag_ids
        for record in filter(None, (partner, lead)):
            record.message_post(body=self._note_body(), subtype_xmlid="mail.mt_note")
        target = lead or partner
        if point.score:
            target._add_score(point.score, self.env._("Form: %(name)s", name=point.name), "form")
        if self.consent and point.double_optin and self.email:
            self.state = "to_confirm"
            self._queue_confirmation()
            if point.fire_on == "fill":
                self._fire()
            return
        self._store_optin()
        self._fire()

    def _fire(self):
        """Note the event of the automations (S14), for one record: no one shall enter twice.

        That is the lead, or the contact when the form is there to create contacts.
        """
        self.ensure_one()
        payload = {"point_id": self.point_id.id, "submission_id": self.id}
        record = self.partner_id if self.point_id.creates == "contact" else self.lead_id
        self.env["marketing.automatism.event"]._note("form_filled", record or self.lead_id or self.partner_id, payload)

    def _store_optin(self):
        """Set the opt-in with its proof on the contact and the lead, when the box was ticked (S34)."""
        self.ensure_one()
        if not self.consent:
            return
        self.consent_date = clock.now(self.env)
        proof = self.env._(
            "Form “%(form)s”, submission %(number)s\nReceived: %(at)s UTC, confirmed: %(confirmed)s UTC\n"
            "IP address: %(ip)s\nPage: %(page)s\nText shown: %(text)s",
            form=self.point_id.name,
            number=self.id,
            at=self.at,
            confirmed=self.consent_date,
            ip=self.ip or "",
            page=self.page_url or "",
            text=self.consent_text or "",
        )
        for record in filter(None, (self.partner_id, self.lead_id)):
            record._set_optin(source=self.env._("form: %(name)s", name=self.point_id.name), proof=proof)

    def _note_body(self):
        """:return: the chatter note (Markup); every answer is escaped and none is evaluated."""
        rows = Markup().join(
            Markup("<li>%s: %s</li>") % (label, Markup("<br/>").join(text.split("\n")))
            for label, text in self._labelled()
        )
        return Markup("<p>%s</p><ul>%s</ul>") % (self.env._("Form “%(name)s” filled", name=self.point_id.name), rows)

    def _queue_confirmation(self):
        """Queue the mail with the confirmation link; Odoo's mail cron sends it."""
        self.ensure_one()
        company = self.point_id.company_id or self.env.company
        url = f"{self.point_id.get_base_url()}/marketing/confirm/{self._confirm_payload()}"
        body = self.env["ir.qweb"]._render(
            "marketing_scenario.engagement_confirm_mail", {"submission": self, "company": company, "url": url}
        )
        self.env["mail.mail"].create(
            {
                "subject": self.env._("Please confirm your email address"),
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "email_to": self.email,
                "body_html": body,
                "auto_delete": True,
            }
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _confirm_payload(self):
        return hash_sign(
            self.env(su=True), CONFIRM_SCOPE, [self.id, self.confirm_token], expiration_hours=24 * CONFIRM_DAYS
        )

    @api.model
    def _by_confirm_payload(self, payload):
        """:return: the submission that a confirmation link names; empty when the link is false or expired."""
        try:
            found = verify_hash_signed(self.env(su=True), CONFIRM_SCOPE, payload)
        except ValueError:
            found = None
        if not found:
            return self.browse()
        return self.search(
            [
                ("id", "=", found[0]),
                ("confirm_token", "=", found[1]),
                ("state", "in", ("to_confirm", "done", "refused")),
            ]
        )

    def _confirm(self, accepted):
        """The visitor pressed the button of the confirmation page. Pressing it again changes nothing."""
        self.ensure_one()
        if self.state != "to_confirm":
            return
        if not accepted:
            self.state = "refused"
            return
        self.state = "done"
        self._store_optin()
        if self.point_id.fire_on == "confirm":
            self._fire()
