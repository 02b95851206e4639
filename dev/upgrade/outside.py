"""What people outside hold since before the update: links in mails, addresses of forms and webhooks."""

import re

import requests

from e2e import visitor
from e2e.mails import Mail
from upgrade.new_world import NewWorld
from upgrade.queues import Queues
from upgrade.report import Report

STOP = re.compile(r"https?://\S+/sms/\S+")
DOCUMENT = re.compile(r"/r/|/marketing/document/")


class Outside:
    """Uses the old addresses at a real server that runs the new code."""

    def __init__(self, world: NewWorld, report: Report, queues: Queues):
        self.world, self.report, self.queues = world, report, queues
        self.known = world.facts["known"]

    def use_all(self) -> None:
        """Use everything that somebody may have kept."""
        parts = (self._mail, self._document, self._sms, self._confirmation, self._form, self._webhook_address)
        self.world.live_through(self.report, *parts)

    def _old_mail(self, role: str, subject: str) -> Mail:
        """Return a mail that was delivered before the update."""
        mails = map(Mail, self.queues.post.to(self.world.person(role).email))
        return next(mail for mail in mails if mail.subject.startswith(subject))

    def _mail(self) -> None:
        mail = self._old_mail("sleeper", "Hello")
        self.report.same(visitor.open_pixel(mail.pixel), 200, "an old mail is opened")
        self.report.same(
            visitor.follow(mail.tracked_links[0]).split("?")[0], "https://www.example.com/plans", "its link"
        )
        traces = self.world.run("sleeper").trace_ids.mailing_trace_id.sorted("id")
        self.world.commit()
        trace = traces[:1]
        seen = (trace.trace_status, bool(trace.open_datetime), bool(trace.links_click_datetime))
        self.report.same(seen, ("open", True, True), "… both are noted on its trace")
        self.report.same(visitor.one_click(mail.one_click), 200, "… its one-click unsubscription answers")
        self.world.commit()
        self.report.that(self.world.person("sleeper").marketing_refuse_email, "… the refusal is on the contact")
        run = self.world.run("sleeper")
        self.report.same((run.state, run.end_reason), ("stopped", "unsubscribed"), "… and the run has ended")

    def _document(self) -> None:
        mail = self._old_mail("opener", "Your offer")
        address = next(link for link in mail.links if DOCUMENT.search(link))
        self.report.that(visitor.fetch(address).startswith(b"%PDF"), "the personal link to a document gives the PDF")

    def _sms(self) -> None:
        text = next(text for _number, text in self.queues.receiver.messages() if STOP.search(text))
        answer = requests.get(STOP.search(text)[0], headers=visitor.BROWSER, timeout=60)
        self.report.same(answer.status_code, 200, "the STOP link of an old SMS answers")

    def _confirmation(self) -> None:
        """The second opt-in of somebody who filled the form before the update."""
        address = self.known["confirm_address"]
        self.report.same(
            requests.get(address, headers=visitor.BROWSER, timeout=60).status_code, 200, "the page to confirm"
        )
        requests.post(address, headers=visitor.BROWSER, timeout=60)
        self.world.commit()
        person = self.world.env["res.partner"].search([("email", "=", "nina@example.org")])
        self.report.that(person.marketing_optin, "the address confirmed after the update is opted in")

    def _form(self) -> None:
        """The public form at its old address takes people in and starts its automatism."""
        point = self.world.env["marketing.engagement.point"].browse(self.known["form"])
        answers = {"first_name": "Vera", "email": "vera@example.org", "consent": "1"}
        answer = visitor.fill_form(point.public_url, **answers)
        self.report.same(answer.status_code, 303, "the form at its old address thanks")
        self.queues.take_forms_in()
        self.queues.work_events()
        person = self.world.env["res.partner"].search([("email", "=", "vera@example.org")])
        runs = [(run.state, run.door) for run in self.world.runs_in("Monthly", person)]
        self.report.same(runs, [("running", "form")], "who fills it enters the scenario of its automatism")

    def _webhook_address(self) -> None:
        person = self.world.env["res.partner"].search([("email", "=", "vera@example.org")])
        data = {"res_model": "res.partner", "res_ids": person.ids}
        answer = requests.post(self.known["webhook_address"], json=data, timeout=60)
        self.world.commit()
        run = self.world.runs_in("Called", person)
        self.report.same(answer.json(), {"enrolled": run.ids, "refused": {}}, "the old webhook address enrolls")
        self.report.same(run.door, "webhook", "… by its door")
