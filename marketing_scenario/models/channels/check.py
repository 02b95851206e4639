"""A mail step's text before it leaves: checked before activation, designed, shown as one record would get it."""

from dataclasses import replace

from odoo import models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

from ...tools import mail_links
from .languages import LANGUAGE
from .mailings import QUIET


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mail_issues(self, content, sender):
        """Findings on a mail (S40): subject, body, sender, links, and each merge field for each kind of target.

        :param content: ``MailContent`` of the step
        :param sender: the ``marketing.sender`` it uses, may be empty
        """
        issues = self._missing()
        if not content.email_from:
            issues.append(
                self._issue(
                    "no_sender",
                    self.env._("there is no sender. Choose one, or give the company an address."),
                    field="sender_id",
                    remedy=self._sender_remedy(),
                )
            )
        elif sender and sender.state != "validated":
            issues.append(
                self._issue(
                    "sender_draft",
                    self.env._("the sender %(email)s is not confirmed yet.", email=sender.email),
                    field="sender_id",
                    remedy=self._sender_remedy(),
                )
            )
        if sender and not sender._is_of_company():
            message = self.env._(
                "the sender %(email)s is not of your company's domain: many mail programs will refuse the mail.",
                email=sender.email,
            )
            issues.append(self._issue("foreign_domain", message, level="warning", field="sender_id"))
        bodies = [content.text(lang)[1] for lang in self._tongues()]
        for label in dict.fromkeys(label for body in bodies for label in mail_links.broken(body, self.get_base_url())):
            message = self.env._("the link “%(link)s” leads nowhere. Correct it.", link=label)
            issues.append(self._issue("dead_link", message, level="warning", field="body"))
        return issues + self._merge_field_issues(content)

    def _confirmed_sender(self):
        """The first confirmed sender whom this step may use, or empty."""
        domain = [("state", "=", "validated"), ("company_id", "in", (False, self.scenario_id.company_id.id))]
        return self.env["marketing.sender"].search(domain, limit=1) if self._own_field("sender_id") else None

    def _sender_remedy(self):
        sender = self._confirmed_sender()
        return self.env._("Write as %(sender)s", sender=sender.display_name) if sender else None

    def _mend_no_sender(self):
        self[self._own_field("sender_id")] = self._confirmed_sender()

    def _mend_sender_draft(self):
        self._mend_no_sender()

    def _missing(self):
        """What this step's message lacks so much that it must not leave: issues (``_missing_<type>``)."""
        return self._part("missing") or []

    def _missing_in_mail(self, subject, body):
        issues = []
        if not (subject or "").strip():
            issues.append(self._issue("no_subject", self.env._("the subject is empty. Write one."), field="subject"))
        if is_html_empty(body):
            message = self.env._("the mail is empty. Design it or choose a template.")
            issues.append(self._issue("no_body", message, field="body"))
        return issues

    def _pass_gates(self, decisions, enrollments, channel):
        """A message that lacks its subject or text parks its people for a manager, with the reason (S44)."""
        missing = self._missing()
        if missing:
            decisions.fail(enrollments, " ".join(issue["message"] for issue in missing))
            return enrollments.browse()
        return super()._pass_gates(decisions, enrollments, channel)

    def write(self, vals):
        """Refuse to take its subject or text from a message that is being sent.

        :raise ValidationError: names the step, the field and the remedy
        """
        active = self.filtered(lambda step: step.scenario_id.state == "active" and step.step_type)
        if not self._rendered_fields().keys() & vals.keys() or not active:
            return super().write(vals)
        before = {step: {issue["code"] for issue in step._missing()} for step in active}
        result = super().write(vals)
        for step, codes in before.items():
            lost = [issue for issue in step._missing() if issue["code"] not in codes]
            if lost:
                raise ValidationError(
                    self.env._(
                        "“%(scenario)s” is active, and people are on their way to this step.",
                        scenario=step.scenario_id.name,
                    )
                    + "\n"
                    + "\n".join(f"• {step.name}: {issue['message']}" for issue in lost)
                )
        return result

    def _merge_field_issues(self, content):
        """Findings on what is merged into the mail, for each kind the scenario takes."""
        texts = [content.text(lang) for lang in self._tongues()]
        # sudo: the engine renders with all rights
        mail = self.env["marketing.scenario.channel.mail"].sudo()

        def render(record):
            for text in texts:
                said = replace(content, text=lambda _lang, text=text: text)
                mail._render(self, [(False, record._name, record.id)], said, track=False)

        return self._text_issues(render)

    def action_email_design(self):
        """Open Odoo's mail designer on the text of this step: in the language that the context names
        (``marketing_language``), else in that of who designs.
        """
        self.ensure_one()
        self.check_access("write")
        mailing = self._mail_mailing("res.partner")
        language = self.env.context.get(LANGUAGE) or False
        mailing.with_context(**QUIET).write(self._mail_text())
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Design the mail"),
            "res_model": "mailing.mailing",
            "res_id": mailing.id,
            "view_mode": "form",
            "views": [(self.env.ref("marketing_scenario.mailing_mailing_view_form_design").id, "form")],
            "target": "new",
            "context": {"dialog_size": "extra-large", "active_test": False, LANGUAGE: language},
        }

    def action_email_preview(self):
        """Show the mail as one record would get it."""
        self.ensure_one()
        self.check_access("read")
        preview = self.env["marketing.scenario.mail.preview"].with_context(default_step_id=self.id).create({})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Preview"),
            "res_model": preview._name,
            "res_id": preview.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
