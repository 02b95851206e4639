"""The mailings behind a message step: Odoo hangs opens, clicks, replies, bounces and unsubscriptions on them.

Odoo's public pages look a recipient up in the mailing's model, so a step that writes to contacts and to leads has
one mailing for each. The step holds the text; its mailings are kept equal to it.
"""

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools.rendering_tools import parse_inline_template

from ...tools import mail_links
from ...tools.one_line import is_one_line
from . import sql
from .addresses import named_address
from .languages import designed_language, in_languages
from .render import PARTS, check_text

MAILING_FIELDS = {"res.partner": "email_mailing_id", "crm.lead": "email_lead_mailing_id"}
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "marketing_sync": True,
}


def _may_write_code(user):
    """Whether Odoo lets this user write templates with code; texts of the addon's own data are the superuser's."""
    return user._is_superuser() or user.has_group("mail.group_mail_template_editor")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    email_mailing_id = fields.Many2one("mailing.mailing", "Mailing", copy=False, ondelete="set null")
    email_lead_mailing_id = fields.Many2one("mailing.mailing", "Mailing for leads", copy=False, ondelete="set null")

    text_author_id = fields.Many2one(
        "res.users",
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Who wrote the texts of this step last, and so answers for all of them.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_rendered_fields()
        steps._note_text_author()
        return steps

    def write(self, vals):
        result = super().write(vals)
        texts = self._rendered_fields().keys() & vals.keys()
        if texts:
            self._check_rendered_fields()
            self._note_text_author()
        if texts or "name" in vals:
            self._sync_mailings()
        return result

    @api.model
    def _in_words(self, text):
        """A one-line text with its merge fields by name, as in “Hello [First name]”."""
        labels = self.env["marketing.scenario.target"]._first_merge_fields()
        parts = []
        for literal, expression, default in parse_inline_template(str(text or "")):
            parts.append(literal)
            if expression:
                path = re.match(r"object\.([\w.]+)", expression)
                parts.append(f"[{labels.get(path and path.group(1)) or default or expression}]")
        return "".join(parts)

    def _forgotten_settings(self):
        # the figures of the old message stay with its mailings; the new one has its own
        return {**super()._forgotten_settings(), "email_mailing_id": False, "email_lead_mailing_id": False}

    def _mail_text(self):
        """``{subject, preview, body_arch, body_html …}`` for the mailings of this step (``_mail_text_<type>``)."""
        empty = {"subject": self.name, "preview": False, "body_arch": False, "body_html": False}
        return {**empty, **(self.with_context(lang=designed_language(self.env))._part("mail_text") or {})}

    def _tracked_links(self):
        """``[{"url", "label", "kind"}]``: the links of this step's mail whose clicks are told."""
        return mail_links.describe(self._mail_text()["body_html"] or "", self.get_base_url())

    def _mail_sender(self):
        """The From address of this step, or False (``_mail_sender_<type>``)."""
        return self._part("mail_sender") or False

    def _speaking_companies(self, pairs):
        """``{enrollment id: company}`` whose default sender and address are used, where the scenario has no company."""
        if self.scenario_id.company_id:
            return {}
        return {enrollment_id: target.marketing_company_id for target, enrollment_id in pairs}

    @api.model
    def _sender_name_fields(self):
        """Hook: the fields whose text stands in the From header instead of the sender's own name."""
        return []

    @api.constrains(lambda self: self._sender_name_fields())
    def _check_sender_names(self):
        for step in self:
            if not all(is_one_line(step[name]) for name in step._sender_name_fields()):
                raise ValidationError(
                    self.env._("%(step)s: “Sender name” must be one line, without control characters.", step=step.name)
                )

    def _from_address(self, sender, name=False, company=None):
        """``sender`` (else the company's address) as a From header, or False when there is no address."""
        company = company or self.scenario_id.company_id or self.env.company
        address = sender.email or company.email
        return named_address(name or sender.name or company.name, address) if address else False

    def _mail_mailing(self, model):
        """The mailing that holds this step's statistics for targets of ``model``, created on demand.

        Archived: it never shows among the user's own mailings and no cron of Odoo's ever sends it.
        """
        self.ensure_one()
        field = MAILING_FIELDS[model]
        step = self.sudo()  # a technical record of the step, no matter who needs it first
        holder = step._mailing_holder()
        if not holder[field]:
            # two lanes may need it first at the same moment: the second waits here, then begins its batch again
            sql.lock_step(self.env.cr, self.id)
            # Odoo looks for a free name of the source; that of another scenario's step may be the same
            self.env["marketing.latch"]._hold("source", [self._mailing_name()])
            holder[field] = step.env["mailing.mailing"].with_context(**QUIET).create(step._mailing_values(model))
        return holder[field].with_env(step.env)

    def _mailing_holder(self):
        """Hook: the record whose mailings count what is sent now."""
        return self

    def _mailing_values(self, model):
        holder = self._mailing_holder()
        other = holder.email_mailing_id or holder.email_lead_mailing_id
        source = {"source_id": other.source_id.id} if other else {"name": self._mailing_name()}
        return {
            **source,
            "marketing_step_id": self.id,
            "active": False,
            "mailing_type": "mail",
            "mailing_model_id": self.env["ir.model"]._get_id(model),
            "mailing_domain": "[]",
            "reply_to_mode": "new",
            "email_from": self._mail_sender() or self.env["ir.mail_server"]._get_default_from_address() or "-",
            "campaign_id": self.scenario_id.campaign_id.id,
            "user_id": self.scenario_id.user_id.id,
            **self._mail_text(),
        }

    def _mailing_name(self):
        return f"{self.scenario_id.name} – {self.name}"

    def _sync_mailings(self):
        """Write the texts to the mailings that exist, both at once."""
        for step in self.sudo():  # see _mail_mailing
            holder = step._mailing_holder()
            for mailing in holder.email_mailing_id + holder.email_lead_mailing_id:
                mailing.with_context(**QUIET).write(step._mail_text())

    def _check_rendered_fields(self):
        """What is typed here is evaluated by the engine with all rights: keep Odoo's own rule for templates.

        Every such field is checked, whatever the type of the step: a text kept on a pause is a text all the same.

        :raise AccessError: code beyond the merge fields, typed by someone who may not edit templates
        """
        self._check_texts(self)

    @api.model
    def _check_texts(self, records):
        """As ``_check_rendered_fields``, for records that bear fields of these names."""
        if self.env.su or _may_write_code(self.env.user):
            return
        for name, language in self._rendered_fields().items():
            for record in records if language and name in records._fields else ():
                for text in set(in_languages(record, name).values()):
                    for model in MAILING_FIELDS:
                        check_text(self.env, model, text, language)

    def _note_text_author(self):
        # sudo: noted by the server
        self.sudo().text_author_id = self.env.uid

    def _vouched_texts(self):
        """Those of ``PARTS`` that may be evaluated unchecked, because of who wrote them: all or none of a step.

        Asked at each rendering; rights that the author lost count no more.
        """
        author = self.sudo().text_author_id  # sudo: asked by the engine and by previews
        return PARTS if author and _may_write_code(author) else ()

    def _message_counts(self):
        """What became of the messages of these steps, both mailings together (S38, S43).

        :return: ``{step id: {fact: count}}``, see ``sql.FACTS_TOLD``
        """
        # sudo: figures only; a user sees the same as the manager
        mailings = self.sudo().with_context(active_test=False)._all_mailings()
        self.env["mailing.trace"].flush_model()
        told = sql.message_counts(self.env.cr, mailings.ids)
        counts = {step.id: dict.fromkeys(sql.FACTS_TOLD, 0) for step in self}
        for mailing in mailings.filtered(lambda mailing: mailing.id in told):
            step = counts[mailing.marketing_step_id.id]
            for fact, count in told[mailing.id].items():
                step[fact] += count
        return counts

    def _all_mailings(self):
        return self.env["mailing.mailing"].search([("marketing_step_id", "in", self.ids)])
