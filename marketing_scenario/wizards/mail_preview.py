from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.notice import notice
from ..models.trials.speaking import SPEAKING


class MarketingScenarioMailPreview(models.TransientModel):
    """Shows the mail of a step as one record would get it; nothing is sent or written (S19)."""

    _name = "marketing.scenario.mail.preview"
    _description = "Preview of a scenario mail"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade")
    variant_id = fields.Many2one(
        "marketing.scenario.variant", ondelete="cascade", default=lambda self: self.env.context.get(SPEAKING)
    )
    record_ref = fields.Reference(
        [("res.partner", "Contact or account"), ("crm.lead", "Lead")],
        "Record",
        default=lambda self: self._first_record(),
    )
    subject = fields.Char(compute="_compute_mail")
    email_from = fields.Char("From", compute="_compute_mail")
    email_to = fields.Char("To", compute="_compute_mail")
    body = fields.Html(compute="_compute_mail", sanitize=False)
    error = fields.Text(compute="_compute_mail")

    @api.model
    def _first_record(self):
        step = self.env["marketing.scenario.step"].browse(self.env.context.get("default_step_id"))
        for model in step.scenario_id._target_models() if step else []:
            order = "is_company, id" if model == "res.partner" else "id desc"
            record = self.env[model].search([("email_normalized", "!=", False)], order=order, limit=1)
            if record:
                return f"{model},{record.id}"
        return False

    @api.depends("step_id", "variant_id", "record_ref")
    def _compute_mail(self):
        for preview in self:
            preview.update({"subject": False, "email_from": False, "email_to": False, "body": False, "error": False})
            if not preview.record_ref:
                continue
            preview.record_ref.check_access("read")
            try:
                content, mail = self.env["marketing.scenario.channel.mail"]._sample(preview._step(), preview.record_ref)
            except UserError as error:
                preview.error = str(error)
                continue
            preview.update(
                {
                    "subject": mail["subject"],
                    "email_from": content.of("email_from", False),
                    "email_to": mail["email"],
                    "body": mail["body"],
                }
            )

    def _step(self):
        """The step as it speaks in this preview."""
        return self.step_id._as(self.variant_id)

    def action_send_me(self):
        """Send this mail, as the chosen record would get it, to the user alone (S19); it counts nowhere.

        :raise UserError: no record, no address of the user, or the mail could not leave; names the remedy
        """
        self.ensure_one()
        self.check_access("write")
        if not self.record_ref:
            raise UserError(self.env._("Choose the record for which the mail is made."))
        self.record_ref.check_access("read")
        if not self.env.user.email:
            raise UserError(self.env._("You have no email address. Enter it in your preferences."))
        channel = self.env["marketing.scenario.channel.mail"]
        channel._send_sample(self._step(), self.record_ref, self.env.user.email_formatted)
        return notice(self.env._("Sent to %(email)s.", email=self.env.user.email), next=False)  # the preview stays
