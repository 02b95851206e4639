from odoo import api, fields, models
from odoo.exceptions import UserError


class MarketingScenarioMailPreview(models.TransientModel):
    """Shows the mail of a step as one record would get it; nothing is sent or written (S19)."""

    _name = "marketing.scenario.mail.preview"
    _description = "Preview of a scenario mail"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade")
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

    @api.depends("step_id", "record_ref")
    def _compute_mail(self):
        for preview in self:
            preview.update({"subject": False, "email_from": False, "email_to": False, "body": False, "error": False})
            if not preview.record_ref:
                continue
            preview.record_ref.check_access("read")
            content = preview.step_id._part("mail_content", preview.record_ref)
            if not content:
                preview.error = self.env._("“%(step)s” sends no mail.", step=preview.step_id.name)
                continue
            # sudo: rendered as the engine does, for a record the user may read
            channel = self.env["marketing.scenario.channel.mail"].sudo()
            target = (False, preview.record_ref._name, preview.record_ref.id)
            try:
                mail = channel._render(preview.step_id, [target], content, track=False)[0]
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
