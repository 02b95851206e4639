"""The mailings behind a message step: Odoo hangs opens, clicks, replies, bounces and unsubscriptions on them.

Odoo's public pages look a recipient up in the mailing's model, so a step that writes to contacts and to leads has
one mailing for each. The step holds the text; its mailings are kept equal to it.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from .. import engine_sql

MAILING_FIELDS = {"res.partner": "email_mailing_id", "crm.lead": "email_lead_mailing_id"}
COUNTS = ("expected", "sent", "delivered", "opened", "clicked", "replied", "bounced", "failed", "canceled")
MERGE_FIELDS = tuple(
    f"object.{name}"
    for name in (
        "marketing_person_name",
        "marketing_first_name",
        "marketing_company_name",
        "marketing_email",
        "marketing_phone",
        "marketing_user_id.name",
        "marketing_user_id.email",
        "marketing_user_id.phone",
        "marketing_company_id.name",
    )
)
QUIET = {
    "mail_create_nolog": True,
    "mail_create_nosubscribe": True,
    "mail_notrack": True,
    "tracking_disable": True,
    "marketing_sync": True,
}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    email_mailing_id = fields.Many2one("mailing.mailing", "Mailing", copy=False, ondelete="set null")
    email_lead_mailing_id = fields.Many2one("mailing.mailing", "Mailing for leads", copy=False, ondelete="set null")

    @api.model_create_multi
    def create(self, vals_list):
        steps = super().create(vals_list)
        steps._check_mail_placeholders()
        return steps

    def write(self, vals):
        result = super().write(vals)
        texts = self._mail_text_fields() & vals.keys()
        if texts:
            self._check_mail_placeholders()
        if texts or "name" in vals:
            self._sync_mailings()
        return result

    def _mail_text_fields(self):
        """Hook: names of the step's fields that a mail's text comes from (subject, body, preview)."""
        return set()

    def _mail_text_values(self):
        """Hook: ``{subject, preview, body_arch, body_html}`` of this step for its mailings."""
        return {"subject": self.name, "preview": False, "body_arch": False, "body_html": False}

    def _mail_sender(self):
        """Hook: the From address of this step, or False."""
        return False

    def _mail_mailing(self, model):
        """The mailing that holds this step's statistics for targets of ``model``, created on demand.

        Archived: it never shows among the user's own mailings and no cron of Odoo's ever sends it.
        """
        self.ensure_one()
        field = MAILING_FIELDS[model]
        step = self.sudo()  # a technical record of the step, whoever needs it first
        if not step[field]:
            # two lanes may need it first at the same moment: the second waits here, then begins its batch again
            engine_sql.lock_step(self.env.cr, self.id)
            step[field] = step.env["mailing.mailing"].with_context(**QUIET).create(step._mailing_values(model))
        return step[field].with_env(step.env)

    def _mailing_values(self, model):
        other = self.email_mailing_id or self.email_lead_mailing_id
        source = {"source_id": other.source_id.id} if other else {"name": self._mailing_name()}
        return {
            **source,
            **self._mail_text_values(),
            "marketing_step_id": self.id,
            "active": False,
            "mailing_type": "mail",
            "mailing_model_id": self.env["ir.model"]._get_id(model),
            "mailing_domain": "[]",
            "reply_to_mode": "new",
            "email_from": self._mail_sender() or self.env["ir.mail_server"]._get_default_from_address() or "-",
            "campaign_id": self.scenario_id.campaign_id.id,
            "user_id": self.scenario_id.user_id.id,
        }

    def _mailing_name(self):
        return f"{self.scenario_id.name} – {self.name}"

    def _sync_mailings(self):
        """Write the texts to the mailings that exist, both at once."""
        for step in self.sudo():  # see _mail_mailing
            for mailing in step.email_mailing_id + step.email_lead_mailing_id:
                mailing.with_context(**QUIET).write(step._mail_text_values())

    def _check_mail_placeholders(self):
        """What is typed here is evaluated by the engine with all rights: keep Odoo's own rule for templates.

        :raise AccessError: code beyond the merge fields, typed by someone who may not edit templates
        """
        if self.env.su or self.env.user.has_group("mail.group_mail_template_editor"):
            return
        renderer = self.env["mail.render.mixin"]
        for step in self:
            values = step._mail_text_values() if step._mail_text_fields() else {}
            for model in MAILING_FIELDS:
                if renderer._has_unsafe_expression_template_qweb(values.get("body_html"), model) or any(
                    renderer._has_unsafe_expression_template_inline_template(values.get(name), model)
                    for name in ("subject", "preview")
                ):
                    raise AccessError(
                        self.env._("Only template editors may use placeholders other than the merge fields.")
                    )

    def _message_counts(self):
        """Rates of message steps, both mailings together (S38, S43).

        :return: ``{step id: {expected, sent, delivered, opened, clicked, replied, bounced, failed, canceled}}``
        """
        # sudo: figures only; a user sees the same as the manager
        mailings = self.sudo().with_context(active_test=False)._all_mailings()
        counts = {step.id: dict.fromkeys(COUNTS, 0) for step in self}
        for mailing in mailings:
            for name in COUNTS:
                counts[mailing.marketing_step_id.id][name] += mailing[name]
        return counts

    def _all_mailings(self):
        return self.env["mailing.mailing"].search([("marketing_step_id", "in", self.ids)])


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    @api.model
    def mail_allowed_qweb_expressions(self):
        """Merge fields (S2) may be used in mails by anyone who may edit a step, not only by template editors."""
        return super().mail_allowed_qweb_expressions() + MERGE_FIELDS
