from odoo.tests import tagged

from .test_rule_email_status import MailRuleCase


@tagged("post_install", "-at_install")
class TestRuleLinkClicked(MailRuleCase):
    def _click(self, enrollment, label):
        trace = self._message(enrollment)
        link = self.env["link.tracker"].search(
            [("mass_mailing_id", "=", trace.mass_mailing_id.id), ("label", "=", label)]
        )
        self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)

    def test_any_link(self):
        enrollment = self._asked({"kind": "link_clicked"})
        self._click(enrollment, "No")
        self.assertAnswer(enrollment, "yes")

    def test_no_click(self):
        enrollment = self._asked({"kind": "link_clicked"})
        self._message(enrollment).set_sent()
        self.assertAnswer(enrollment, "no")

    def test_other_link_does_not_count(self):
        enrollment = self._asked({"kind": "link_clicked", "link_url": "https://a.example.com"})
        self._click(enrollment, "No")
        self.assertAnswer(enrollment, "no")

    def test_chosen_link(self):
        enrollment = self._asked({"kind": "link_clicked", "link_url": "https://a.example.com", "link_label": "Yes"})
        self._click(enrollment, "Yes")
        self.assertAnswer(enrollment, "yes")

    def test_skipped_mail_is_not_clicked(self):
        self.contact.marketing_optin = False
        enrollment = self._asked({"kind": "link_clicked"})
        self._message(enrollment).set_sent()
        self.assertAnswer(enrollment, "no")

    def test_choices_and_check(self):
        self._asked({"kind": "link_clicked", "link_url": "https://gone.example.com"})
        rule = self._step(self.scenario, "if").rule_ids
        self.assertEqual(
            rule.link_choices,
            [
                {"url": "https://a.example.com", "label": "Yes", "kind": "button"},
                {"url": "https://b.example.com", "label": "No", "kind": "text"},
            ],
        )
        self.assertEqual(len(rule._validate()), 1)
        rule.link_url = "https://b.example.com"
        self.assertFalse(rule._validate())
        self.assertEqual(rule.summary, "https://b.example.com clicked in “mail”")
