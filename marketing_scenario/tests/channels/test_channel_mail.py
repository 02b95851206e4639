import re
from html import escape
from urllib.parse import parse_qs, urlsplit

from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.mail.tests.common import MailCase

from .. import valid_html
from ..common import ScenarioCase

BODY = """
<div><p>Hello <t t-out="object.marketing_first_name">you</t></p>
<a class="btn btn-primary" href="https://shop.example.com/offer?a=1&amp;b=2">Buy</a>
<a href="/shop"><img alt="Shop" src="/logo.png"/></a>
<a t-attf-href="https://shop.example.com/for/{{ object.id }}">Yours</a></div>
"""


class MailChannelCase(ScenarioCase, MailCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.email = "hello@company.example.com"
        cls.domain = cls.env["mail.alias.domain"].create(
            {"name": "company.example.com", "bounce_alias": "bounce", "catchall_alias": "catchall"}
        )
        cls.env.company.alias_domain_id = cls.domain
        cls.lead = cls._make_lead(contact_name="Paul Dupont", email_from="paul@lead.example.com")
        cls.scenario = cls._make_scenario(
            ("email", {"email_subject": "Offer", "email_preview": "Look inside", "email_body_html": BODY}, "mail"),
            ("pause", {"pause_days": 30}, "wait"),
        )
        cls.step = cls.scenario.step_ids.filtered(lambda step: step.step_type == "email")

    def _send(self, records):
        """Enroll, run, send; return the mailing traces, in the order of the records."""
        enrollments = self._enroll(self.scenario, records)
        self.run_due()
        traces = self.env["mailing.trace"].search([("marketing_enrollment_id", "in", enrollments.ids)], order="id")
        with self.mock_mail_gateway():
            self.env["mail.mail"].browse(traces.mail_mail_id.ids).send()
        return traces


@tagged("post_install", "-at_install")
class TestMailChannel(MailChannelCase):
    def test_mime(self):
        self.step.email_attachment_ids = self.env["ir.attachment"].create({"name": "offer.txt", "raw": b"An offer"})
        traces = self._send(self.contact)
        mail = self._mails[0]
        self.assertEqual(traces.trace_status, "sent")
        self.assertEqual(mail["email_to"], ['"Léa Martin" <lea@example.com>'])
        self.assertEqual(mail["attachments"], [("offer.txt", b"An offer", "text/plain")])
        headers = mail["headers"]
        self.assertIn(f"/mailing/{self.step.email_mailing_id.id}/unsubscribe_oneclick?", headers["List-Unsubscribe"])
        self.assertEqual(headers["List-Unsubscribe-Post"], "List-Unsubscribe=One-Click")
        self.assertEqual(headers["Return-Path"], "bounce@company.example.com")
        self.assertIn("catchall@company.example.com", mail["reply_to"])
        self.assertIn("Look inside", mail["body"])
        self.assertIn("/confirm_unsubscribe?", mail["body"])
        self.assertIn(f"/mailing/{self.step.email_mailing_id.id}/view?", mail["body"])
        self.assertIn("/blank.gif", mail["body"])
        self.assertIn('name="viewport"', mail["body"])
        message = self.env["ir.mail_server"]._build_email__(
            mail["email_from"],
            mail["email_to"],
            mail["subject"],
            mail["body"],
            body_alternative=mail["body_alternative"],
            headers=headers,
            attachments=mail["attachments"],
            subtype="html",
        )
        self.assertEqual(message.get_content_type(), "multipart/mixed")
        self.assertIn(f"List-Unsubscribe: {headers['List-Unsubscribe']}\r\n".encode(), message.as_bytes())
        self.assertIn("/confirm_unsubscribe?", mail["body_alternative"])
        self.assertEqual(message.get_payload(0).get_content_type(), "multipart/alternative")

    def test_what_leaves_is_a_valid_document(self):
        """Designed or typed, with links of each recipient's own, as the mail server gets it."""
        typed = {"one_to_one_subject": "A & B", "one_to_one_body": f"{BODY}<p>a &lt; b</p>"}
        self.scenario = self._make_scenario(
            ("email", {"email_subject": "Offer", "email_preview": "Look inside", "email_body_html": BODY}),
            ("one_to_one", {**typed, "one_to_one_unsubscribe": True}),
        )
        self._send(self.contact + self._make_contact("Zoé Roux", "zoe@example.com"))
        self.assertEqual(len(self._mails), 4)
        for mail in self._mails:
            with self.subTest(mail["subject"]):
                self.assertEqual(valid_html.problems(mail["body"]), [])
                self.assertEqual(mail["body"].count("/r/"), 3, "its links are tracked")
                self.assertIn(f"<title>{escape(mail['subject'])}</title>", mail["body"])
        self.assertIn("<p>a &lt; b</p>", mail["body"])

    def test_links_carry_the_trace(self):
        traces = self._send(self.contact)
        links = self.env["link.tracker"].search([("mass_mailing_id", "=", self.step.email_mailing_id.id)])
        self.assertEqual(
            set(links.mapped(lambda link: (link.url, link.label))),
            {
                ("https://shop.example.com/offer?a=1&b=2", "Buy"),
                (self.step.get_base_url() + "/shop", "[media] Shop"),
                (f"https://shop.example.com/for/{self.contact.id}", "Yours"),
            },
        )
        self.assertEqual(len(re.findall(rf"/r/\w+/m/{traces.id}", self._mails[0]["body"])), 3)
        self.assertNotIn("shop.example.com", self._mails[0]["body"])

    def test_mailing_is_campaign_and_step(self):
        self.scenario.campaign_id = self.env["utm.campaign"].create({"title": "Spring"})
        self._send(self.contact)
        link = self.env["link.tracker"].search([("mass_mailing_id", "=", self.step.email_mailing_id.id)], limit=1)
        self.assertEqual(link.campaign_id, self.scenario.campaign_id)
        self.assertIn("Scenario – mail", link.source_id.name)

    def test_statements_do_not_follow_the_number_of_mails(self):
        people = self.env["res.partner"].create(
            [
                {"name": f"P {number}", "email": f"p{number}@example.com", "marketing_optin": True}
                for number in range(201)
            ]
        )
        self.step.email_body_html = BODY.replace("t-attf-href", "href")
        one, many = (self._statements(people[:1]), self._statements(people[1:]))
        self.assertLess(many - one, 0.1 * 199)

    def _statements(self, people):
        self._enroll(self.scenario, people)
        enrollments = self.env["marketing.scenario.enrollment"].search([("partner_id", "in", people.ids)])
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.env["marketing.scenario.channel.mail"]._queue(self.step, enrollments, self.step._email_content())
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def test_nothing_is_fetched_or_sent_while_queueing(self):
        self._enroll(self.scenario, self.contact)
        with self.mock_mail_gateway(), self.capture_queue_triggers() as triggers:
            self.run_due()
        self.assertFalse(self._mails)
        self.assertEqual(len(triggers), 1)

    def capture_queue_triggers(self):
        from contextlib import contextmanager  # noqa: PLC0415

        @contextmanager
        def capture():
            domain = [("cron_id", "=", self.env.ref("mail.ir_cron_mail_scheduler_action").id)]
            before = self.env["ir.cron.trigger"].search(domain)
            triggers = []
            yield triggers
            triggers += self.env["ir.cron.trigger"].search(domain) - before

        return capture()

    def test_refused_by_the_server(self):
        self._enroll(self.scenario, self.contact)
        self.run_due()
        trace = self.env["mailing.trace"].search([("mass_mailing_id", "=", self.step.email_mailing_id.id)])
        with self.mock_mail_gateway(), mute_logger("odoo.addons.mail.models.mail_mail"):
            self.send_email_mocked.side_effect = AssertionError("550 user unknown")
            trace.mail_mail_id.send()
        self.assertEqual(trace.trace_status, "error")

    def test_feedback_reaches_the_automatisms(self):
        noted = []
        event = type(self.env["marketing.automatism.event"])
        self.patch(event, "_note", lambda _self, kind, records, payload=None: noted.append((kind, records, payload)))
        trace = self._send(self.lead)
        self.env["mailing.trace"].set_opened(domain=[("mail_mail_id_int", "in", [trace.mail_mail_id_int])])
        link = self.env["link.tracker"].search([("label", "=", "Buy")])
        self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
        trace.set_replied()
        trace.set_opened()
        kinds = [kind for kind, _records, _payload in noted]
        self.assertEqual(kinds, ["mail_opened", "link_clicked", "mail_replied"])
        self.assertEqual({records for _kind, records, _payload in noted}, {self.lead})
        self.assertEqual(
            noted[1][2],
            {"step_id": self.step.id, "trace_id": trace.id, "url": "https://shop.example.com/offer?a=1&b=2"},
        )

    def test_only_a_lasting_bounce_marks_the_address(self):
        first, second = self._send(self.contact + self._make_contact("B", "b@example.com"))
        first.set_bounced(bounce_message="Status: 4.2.2 mailbox full")
        self.assertFalse(self.contact.marketing_invalid_email)
        second.set_bounced(bounce_message="Status: 5.1.1 user unknown")
        self.assertTrue(self.env["res.partner"].browse(second.res_id).marketing_invalid_email)
        self.assertEqual((first + second).mapped("trace_status"), ["bounce", "bounce"])

    def test_reply_comes_back_to_the_record(self):
        trace = self._send(self.lead)
        self.env["mail.thread"].message_process(
            False,
            f"From: paul@lead.example.com\nTo: catchall@company.example.com\nSubject: Re: Offer\n"
            f"Message-Id: <answer@lead.example.com>\nIn-Reply-To: {trace.message_id}\n"
            f"References: {trace.message_id}\n\nI am interested",
        )
        self.assertEqual(trace.trace_status, "reply")
        self.assertIn("I am interested", self.lead.message_ids[0].body)

    def test_unsubscribing_at_the_address_of_the_company(self):
        account = self._make_contact("Corp", "info@corp.example.com", is_company=True)
        employee = self._make_contact("Ann", False, parent_id=account.id)
        trace = self._send(employee)
        self.assertEqual(trace.email, "info@corp.example.com")
        trace.mass_mailing_id._marketing_unsubscribe(str(employee.id), trace.email)
        self.assertTrue(employee.marketing_refuse_email and account.marketing_refuse_email)
        trace.mass_mailing_id._marketing_resubscribe(str(employee.id), trace.email)
        self.assertFalse(employee.marketing_refuse_email or account.marketing_refuse_email)

    def test_statistics_of_both_mailings(self):
        traces = self._send(self.contact) + self._send(self.lead)
        traces[0].set_opened()
        counts = self.step._message_counts()[self.step.id]
        self.assertEqual((counts["sent"], counts["opened"]), (2, 1))

    def test_deleted_scenario_keeps_the_mailing(self):
        trace = self._send(self.contact)
        mailing = self.step.email_mailing_id
        self.scenario._set_state("inactive")
        self.scenario.unlink()
        self.assertTrue(mailing.exists() and trace.exists())
        self.assertFalse(mailing.active)


@tagged("post_install", "-at_install")
class TestMailPages(MailChannelCase, HttpCase):
    def test_one_click_unsubscribe(self):
        trace = self._send(self.lead)
        other = self._make_contact("Same person", "paul@lead.example.com")
        inside = self._enroll(self._make_scenario(("pause", {"pause_days": 30}, "wait"), name="Other"), other)
        url = self._mails[0]["headers"]["List-Unsubscribe"].strip("<>")
        self.assertEqual(self.url_open(url, data={"List-Unsubscribe": "One-Click"}).status_code, 200)
        self.assertTrue(self.env["mail.blacklist"].search([("email", "=", "paul@lead.example.com")]))
        self.assertTrue(self.lead.marketing_refuse_email)
        self.assertTrue(other.marketing_refuse_email)
        runs = trace.marketing_enrollment_id + inside
        self.assertEqual(set(runs.mapped("end_reason")), {"unsubscribed"})
        self.assertEqual(set(runs.mapped("state")), {"stopped"})

    def test_taking_it_back_on_the_page_of_odoo(self):
        trace = self._send(self.lead)
        url = self._mails[0]["headers"]["List-Unsubscribe"].strip("<>")
        self.url_open(url, data={"List-Unsubscribe": "One-Click"})
        link = {key: values[0] for key, values in parse_qs(urlsplit(url).query).items()}
        answer = self.make_jsonrpc_request(
            "/mailing/blocklist/remove", {"mailing_id": trace.mass_mailing_id.id, **link}
        )
        self.assertIs(answer, True)
        self.assertFalse(self.lead.marketing_refuse_email)
        self.make_jsonrpc_request("/mailing/blocklist/add", {"mailing_id": trace.mass_mailing_id.id, **link})
        self.assertTrue(self.lead.marketing_refuse_email)

    def test_page_of_a_mass_mailing_that_is_not_ours(self):
        mailing = self.env["mailing.mailing"].create(
            {"subject": "News", "mailing_model_id": self.env["ir.model"]._get_id("res.partner")}
        )
        link = {"mailing_id": mailing.id, "document_id": self.contact.id, "email": self.contact.email}
        link["hash_token"] = mailing._generate_mailing_recipient_token(self.contact.id, self.contact.email)
        for page in ("add", "remove"):
            self.assertIs(self.make_jsonrpc_request(f"/mailing/blocklist/{page}", link), True)
        self.assertFalse(self.contact.marketing_refuse_email)

    def test_view_in_browser(self):
        self._send(self.lead)
        url = re.search(r'href="([^"]+/view\?[^"]+)"', self._mails[0]["body"]).group(1).replace("&amp;", "&")
        self.assertIn("Hello Paul", self.url_open(url).text)

    def test_pixel_and_click(self):
        trace = self._send(self.contact)
        body = self._mails[0]["body"]
        self.url_open(re.search(r'src="([^"]+blank.gif)"', body).group(1))
        self.assertEqual(trace.trace_status, "open")
        url = re.search(r'href="([^"]+/r/\w+/m/\d+)"', body).group(1)
        response = self.url_open(url, allow_redirects=False)
        self.assertIn("shop.example.com", response.headers["Location"])
        self.assertTrue(trace.links_click_datetime)

    def test_sender_is_confirmed_by_the_button(self):
        sender = self.env["marketing.sender"].create({"name": "Jo", "email": "jo@elsewhere.example.com"})
        page = self.url_open(f"/marketing/sender/{sender.id}/{sender._token()}")
        self.assertEqual(sender.state, "draft")
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
        self.url_open(page.url, data={"csrf_token": token})
        self.assertEqual(sender.state, "validated")
        self.assertEqual(self.url_open(f"/marketing/sender/{sender.id}/wrong").status_code, 404)
        self.assertEqual(self.url_open("/marketing/sender/0/wrong").status_code, 404)
