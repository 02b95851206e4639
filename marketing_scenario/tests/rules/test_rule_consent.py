from odoo.tests import tagged

from ..rule_case import RuleCase


@tagged("post_install", "-at_install")
class TestRuleConsent(RuleCase):
    def test_opted_in(self):
        self.account.marketing_optin = False
        self.assertAnswers({"kind": "consent"}, {self.contact: "yes", self.account: "no", self.lead: "yes"})

    def test_a_lead_counts_its_contact(self):
        self.lead.write({"marketing_optin": False, "partner_id": self.contact.id})
        self.assertAnswers({"kind": "consent"}, {self.lead: "yes"})

    def test_channels(self):
        self.contact.marketing_refuse_sms = True
        self.account.email = False
        self.lead.marketing_refuse_all = True
        people = (self.contact, self.account, self.lead)
        for about, answers in (
            ("email", ("yes", "no", "no")),
            ("sms", ("no", "yes", "no")),
            ("phone", ("yes", "yes", "no")),
            ("optin", ("yes", "yes", "no")),
        ):
            with self.subTest(about):
                self.assertAnswers({"kind": "consent", "consent_about": about}, dict(zip(people, answers, strict=True)))

    def test_check_and_summary(self):
        rule = self._step(self._asking({"kind": "consent", "consent_about": "sms"}), "if").rule_ids
        self.assertEqual(rule.summary, "may receive SMS")
        rule.consent_about = False
        self.assertEqual(len(rule._validate()), 1)
