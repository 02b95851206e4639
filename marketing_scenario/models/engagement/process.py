"""What a submission sets in motion: people, tags, score, note, consent, event; and its confirmation (S34, S35)."""

from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, models
from odoo.fields import Domain
from odoo.tools import hash_sign, verify_hash_signed

from .. import clock
from ..target.mixin import TARGET_MODELS

CONFIRM_SCOPE = "marketing_engagement_confirm"
CONFIRM_DAYS = 30


class EngagementProcess(models.Model):
    _inherit = "marketing.engagement.submission"

    def _process(self):
        """Turn a new submission into a contact and/or lead, with tags, score, note, consent and event.

        Called in the superuser environment of ``_as_sent`` or ``_public_point`` only. Queues, never sends.
        """
        self.ensure_one()
        # a post of the same person worked on at the same moment begins again, and then finds what this one made
        self.env["marketing.latch"]._hold("form", [self.email, self.phone])
        self.write({"state": "done", "message": False})
        point = self.point_id
        partner, lead = self._find_or_create_targets()
        self.write({"partner_id": partner.id, "lead_id": lead.id})
        partner.category_id |= point.tag_ids
        lead.tag_ids |= point.lead_tag_ids
        target = lead or partner
        self._hand_over_files(target)
        for record in filter(None, (partner, lead)):
            files = self.attachment_ids.ids if record == target else []
            record.message_post(body=self._note_body(), subtype_xmlid="mail.mt_note", attachment_ids=files)
        if point.score:
            target._add_score(point.score, self.env._("Form: %(name)s", name=point.name), "form")
        opted_out = self.consent and bool(self.email) and self._has_opted_out()
        if self.consent and self.email and (point.double_optin or opted_out):
            self.state = "to_confirm"
            if not (opted_out and self._was_asked_lately()):
                self._queue_confirmation()
            if not point.double_optin or point.fire_on == "fill":
                self._fire()
            return
        self._store_optin(confirmed=False)
        self._fire()

    def _has_opted_out(self):
        """Whether the owner of this address once refused: then only a confirmed link takes that back (S35)."""
        refused = Domain("marketing_refuse_email", "=", True) | Domain("marketing_refuse_all", "=", True)
        owner = Domain("email_normalized", "=", self.email)
        return bool(self.env["mail.blacklist"].search_count([("email", "=", self.email)], limit=1)) or any(
            self.env[model].with_context(active_test=False).search_count(owner & refused, limit=1)
            for model in TARGET_MODELS
        )

    def _was_asked_lately(self):
        """Whether this address got a confirmation mail within a day: who refused must not be flooded with them."""
        since = clock.now(self.env) - timedelta(days=1)
        asked = [("email", "=", self.email), ("state", "in", ("to_confirm", "refused")), ("at", ">", since)]
        return bool(self.search_count([*asked, ("id", "!=", self.id)], limit=1))

    def _fire(self):
        """Note the event of the automations (S14), for one record: no one shall enter twice.

        That is the lead, or the contact when the form is there to create contacts.
        """
        self.ensure_one()
        self.fired = True
        payload = {"point_id": self.point_id.id, "submission_id": self.id}
        record = self.partner_id if self.point_id.creates == "contact" else self.lead_id
        self.env["marketing.automatism.event"]._note("form_filled", record or self.lead_id or self.partner_id, payload)

    def _store_optin(self, confirmed):
        """Set the opt-in with its proof on the contact and the lead, when the box was ticked (S34).

        :param confirmed: by the link sent to the address; only that takes back an earlier opt-out
        """
        self.ensure_one()
        if not self.consent:
            return
        self.consent_date = clock.now(self.env) if confirmed else self.at
        proof = self.env._(
            "Form “%(form)s”, submission %(number)s\nReceived: %(at)s UTC, confirmed by mail: %(confirmed)s\n"
            "IP address: %(ip)s\nPage: %(page)s\nText shown: %(text)s",
            form=self.point_id.name,
            number=self.id,
            at=self.at,
            confirmed=f"{self.consent_date} UTC" if confirmed else "–",
            ip=self.ip or "",
            page=self.page_url or "",
            text=self.consent_text or "",
        )
        for record in filter(None, (self.partner_id, self.lead_id)):
            record._set_optin(
                source=self.env._("form: %(name)s", name=self.point_id.name), proof=proof, confirmed=confirmed
            )

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
                "marketing_message": "confirmation",
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
        self._store_optin(confirmed=True)
        if not self.fired:
            self._fire()

    def action_not_spam(self):
        """Button *Not spam: process*: do now what was held back when the submission came."""
        self.check_access("write")
        for submission in self.filtered(lambda submission: submission.state == "spam"):
            submission._as_sent()._process()
        return True

    def _as_sent(self):
        """This submission in the world it was sent into: the language of its visitor, the company of its form."""
        self.ensure_one()
        # superuser, as at the public door: the form decides what a submission creates, not who presses a button
        sent = self.with_user(SUPERUSER_ID).with_context(lang=self.lang or self.env.lang, mail_notify_force_send=False)
        return sent.with_company(sent.company_id) if sent.company_id else sent
