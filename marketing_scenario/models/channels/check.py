"""A mail step's text before it leaves: checked before activation, designed, shown as one record would get it."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

from ...tools import mail_links

KIND_SAMPLES = {
    "contact": ("res.partner", [("is_company", "=", False)]),
    "account": ("res.partner", [("is_company", "=", True)]),
    "lead": ("crm.lead", []),
}


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mail_issues(self, content, sender):
        """Findings on a mail (S40): subject, body, sender, links, and each merge field for each kind of target.

        :param content: ``MailContent`` of the step
        :param sender: the ``marketing.sender`` it uses, may be empty
        """
        subject, body, _preview = content.text(self.env.lang)
        issues = []
        if not subject:
            issues.append(self._issue("no_subject", self.env._("the subject is empty. Write one.")))
        if is_html_empty(body) and is_html_empty(content.closing):
            issues.append(self._issue("no_body", self.env._("the mail is empty. Design it or choose a template.")))
        if not content.email_from:
            issues.append(
                self._issue("no_sender", self.env._("there is no sender. Choose one, or give the company an address."))
            )
        elif sender and sender.state != "validated":
            issues.append(
                self._issue(
                    "sender_draft", self.env._("the sender %(email)s is not confirmed yet.", email=sender.email)
                )
            )
        if sender and not sender._is_of_company():
            message = self.env._(
                "the sender %(email)s is not of your company's domain: many mail programs will refuse the mail.",
                email=sender.email,
            )
            issues.append(self._issue("foreign_domain", message, level="warning"))
        for label in mail_links.broken(body, self.get_base_url()):
            message = self.env._("the link “%(link)s” leads nowhere. Correct it.", link=label)
            issues.append(self._issue("dead_link", message, level="warning"))
        return issues + self._merge_field_issues(content)

    def _merge_field_issues(self, content):
        """Render the mail for one record of each kind the scenario takes."""
        issues = []
        for kind in self.scenario_id._kinds():
            model, domain = KIND_SAMPLES[kind]
            # sudo: the engine renders with all rights; any record shows a broken merge field
            sample = self.env[model].sudo().search(domain, limit=1)
            try:
                with self.env.cr.savepoint():
                    if sample:
                        self.env["marketing.scenario.channel.mail"].sudo()._render(
                            self, [(False, model, sample.id)], content, track=False
                        )
            except UserError as error:
                issues.append(self._issue(f"merge_field_{kind}", str(error)))
        return issues

    def action_email_design(self):
        """Open Odoo's mail designer on the text of this step."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Design the mail"),
            "res_model": "mailing.mailing",
            "res_id": self._mail_mailing("res.partner").id,
            "view_mode": "form",
            "views": [(self.env.ref("marketing_scenario.mailing_mailing_view_form_design").id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large", "active_test": False},
        }

    def action_email_preview(self):
        """Show the mail as one record would get it."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": "marketing.scenario.mail.preview",
            "view_mode": "form",
            "target": "new",
            "context": {"default_step_id": self.id, "dialog_size": "extra-large"},
        }
