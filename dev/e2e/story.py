"""The walk itself: everybody enters, reacts, is held in mid-flight, goes on, and is looked at."""

import time
from collections import Counter

from e2e import followup, visitor
from e2e.checks import Checks, wait_until
from e2e.followup import FollowUp
from e2e.gateway import Gateway
from e2e.mails import Mail, check_mail
from e2e.people import WAIT, Person, cast, latecomer
from e2e.rpc import Fault, Json2, JsonRpc, XmlRpc, make_api_key
from e2e.smtp import MailServer
from env import say, step

SALESMAN = ("salesman@example.org", "salesman-of-the-walk")
ENDED = ("done", "stopped")
# Odoo looks for what became due once a minute; two of its rounds and some room.
CRON_SECONDS = 150


class Story:
    """One walk with everybody."""

    def __init__(self, url: str, database: str, post: MailServer, chromium: str | None, checks: Checks):
        self.url, self.post, self.chromium, self.checks = url, post, chromium, checks
        self.api = JsonRpc(url, database, "admin", "admin")
        self.xmlrpc = XmlRpc(url, database, "admin", "admin")
        self.json2 = Json2(url, database, make_api_key(url, database, "admin", "admin"))
        self.gateway = Gateway(self.xmlrpc)
        self._prepare_company()
        self.salesman = self._make_salesman(database)
        self.flow = FollowUp(self.api)
        self.people = cast()

    def run(self) -> None:
        """Live through the story."""
        self.flow.activate()
        step("everybody enters")
        self._enter(self.people)
        self._campaign_arrives(self.people)
        step("deactivated in mid-flight; people react meanwhile")
        self.flow.deactivate()
        for person in self.people:
            self._react(person)
        self._nobody_moves()
        step("reactivated; a latecomer enters, whom only the server's own clock moves on")
        self.flow.shorten_pause()
        self.flow.activate(marketing_overdue="run_now")
        late = latecomer()
        self._enter([late])
        self.people.append(late)
        self._all_end()
        self._judge()

    # -- before ---------------------------------------------------------------------------------------------------

    def _prepare_company(self) -> None:
        for key, value in (("web.base.url", self.url), ("web.base.url.freeze", "True")):
            self.api("ir.config_parameter", "set_param", key, value)
        company_id = self.api.read("res.company", [], "name")[0]["id"]
        domain_id = self.api.create("mail.alias.domain", name="company.example.org")
        values = {"name": "Chêne & Lumière", "email": "bonjour@company.example.org", "alias_domain_id": domain_id}
        self.api("res.company", "write", [company_id], values)

    def _make_salesman(self, database: str) -> JsonRpc:
        login, password = SALESMAN
        group = self.api.ref("sales_team.group_sale_salesman")
        values = {"name": "Sacha Vend", "login": login, "email": login, "password": password}
        self.api.create("res.users", **values, group_ids=[(4, group)])
        return JsonRpc(self.url, database, login, password)

    # -- the doors ------------------------------------------------------------------------------------------------

    def _enter(self, persons: list[Person]) -> None:
        for person in persons:
            if person.door not in ("form", "browser"):
                person.record_id = self._make_record(person)
            getattr(self, f"_enter_by_{person.door}")(person)
        wait_until("everybody is in the scenario", lambda: self._find_runs(persons), seconds=60)
        if len(persons) > 1:
            self._second_entry_is_refused(persons[-1])

    def _make_record(self, person: Person) -> int:
        consent = {"marketing_optin": person.consent}
        if person.kind == "lead":
            values = {"name": f"Project of {person.name}", "contact_name": person.name, "email_from": person.address}
        else:
            values = {"name": person.name, "email": person.address, "is_company": person.kind == "account"}
        return self.api.create(person.model, **values, **consent)

    def _enter_by_form(self, person: Person) -> None:
        first, last = person.name.split(" ", 1)
        answers = {"first_name": first, "last_name": last, "email": person.address, "consent": "1"}
        answer = visitor.fill_form(self.flow.entry_form["public_url"], **answers)
        self.checks.same(answer.status_code, 303, f"{person.name}: the form thanks")

    def _enter_by_browser(self, person: Person) -> None:
        if not self.chromium:
            self.checks.that(False, "there is no browser: the form cannot be filled in one")
            self._enter_by_form(person)
            return
        first, last = person.name.split(" ", 1)
        answers = {"first_name": first, "last_name": last, "email": person.address, "consent": "1"}
        title = visitor.fill_form_in_browser(self.chromium, self.flow.entry_form["public_url"], **answers)
        self.checks.same(title, "Restons en contact", f"{person.name}: the page that thanks")

    def _enter_by_plus(self, person: Person) -> None:
        values = {"res_model": person.model, "res_ids": [person.record_id], "door": "hand"}
        dialog = self.salesman.create("marketing.scenario.enroll", **values, scenario_id=self.flow.scenario_id)
        self.salesman("marketing.scenario.enroll", "action_confirm", [dialog])

    def _enter_by_jsonrpc(self, person: Person) -> None:
        self._entered(person, self.api("marketing.scenario", "enroll", [self.flow.scenario_id], person.model, [person.record_id]))

    def _enter_by_xmlrpc(self, person: Person) -> None:
        self._entered(person, self.xmlrpc("marketing.scenario", "enroll", [self.flow.scenario_id], person.model, [person.record_id]))

    def _enter_by_json2(self, person: Person) -> None:
        arguments = {"ids": [self.flow.scenario_id], "res_model": person.model, "res_ids": [person.record_id]}
        self._entered(person, self.json2("marketing.scenario", "enroll", **arguments))

    def _entered(self, person: Person, answer: dict) -> None:
        self.checks.same((len(answer["enrolled"]), answer["refused"]), (1, {}), f"{person.name}: answer of enroll()")

    def _find_runs(self, persons: list[Person]) -> bool:
        """Find each person's run, and the records that the forms made; tell whether all are there."""
        for person in persons:
            if not person.record_id:
                found = self.api.read("res.partner", [("email", "=", person.address)], "name")
                person.record_id = found[0]["id"] if found else 0
        runs = {}
        for run in self.flow.enrollments():
            model, target = ("crm.lead", run["lead_id"]) if run["lead_id"] else ("res.partner", run["partner_id"])
            runs[model, target and target[0]] = run["id"]
        for person in persons:
            person.enrollment_id = runs.get((person.model, person.record_id), 0)
        return all(person.enrollment_id for person in persons)

    def _second_entry_is_refused(self, person: Person) -> None:
        answer = self.api("marketing.scenario", "enroll", [self.flow.scenario_id], person.model, [person.record_id])
        self.checks.same(answer, {"enrolled": [], "refused": {str(person.record_id): "already_inside"}}, "second entry")
        try:
            self.salesman.create("marketing.scenario", name="Not mine to make")
        except Fault:
            return
        self.checks.that(False, "a salesman must not be able to make a scenario")

    # -- what people do -------------------------------------------------------------------------------------------

    def _campaign_arrives(self, persons: list[Person]) -> None:
        expecting = [person for person in persons if person.mails]
        wait_until("the first mails arrive", lambda: all(self.post.to(person.address) for person in expecting))
        wait_until("the mail server refuses a mail", lambda: self.post.refused)
        for person in expecting:
            check_mail(self.checks, self._mail(person), person.name, person.address)
        waits = lambda: all(run["step_id"][1] == WAIT for run in self.flow.enrollments())  # noqa: E731
        wait_until("everybody waits", waits, instead=self.flow.enrollments)

    def _mail(self, person: Person) -> Mail:
        return Mail(self.post.to(person.address)[0])

    def _react(self, person: Person) -> None:
        for deed in person.deeds:
            getattr(self, f"_do_{deed.replace(' ', '_')}")(person, self._mail(person))

    def _do_open(self, person: Person, mail: Mail) -> None:
        self.checks.same(visitor.open_pixel(mail.pixel), 200, f"{person.name}: the pixel")

    def _do_click(self, person: Person, mail: Mail) -> None:
        target = visitor.follow(mail.tracked_links[0])
        self.checks.that(target.startswith(self.flow.brochure_form["public_url"]), f"{person.name}: the link leads to {target}")

    def _do_fill(self, person: Person, mail: Mail) -> None:
        answer = visitor.fill_form(visitor.follow(mail.tracked_links[0]), email=person.address)
        self.checks.same(answer.status_code, 303, f"{person.name}: the brochure form thanks")

    def _do_fill_in_browser(self, person: Person, mail: Mail) -> None:
        if not self.chromium:
            self._do_fill(person, mail)
            return
        title = visitor.fill_form_in_browser(self.chromium, mail.tracked_links[0], email=person.address)
        self.checks.same(title, "Recevez la brochure", f"{person.name}: the page that thanks")

    def _do_bounce(self, person: Person, mail: Mail) -> None:
        self.gateway.bounce(mail)
        marked = self.api.read(person.model, [("id", "=", person.record_id)], "marketing_invalid_email")
        self.checks.that(marked[0]["marketing_invalid_email"], f"{person.name}: the bounced address is marked as invalid")

    def _do_reply(self, person: Person, mail: Mail) -> None:
        self.gateway.reply(mail, "Merci, ça m’intéresse.")
        texts = self.api.read("mail.message", [("model", "=", person.model), ("res_id", "=", person.record_id)], "body")
        self.checks.that(any("intéresse" in text["body"] for text in texts), f"{person.name}: the reply is on the record")

    def _do_unsubscribe(self, person: Person, mail: Mail) -> None:
        self.checks.same(visitor.one_click(mail.one_click), 200, f"{person.name}: one-click unsubscription")
        refused = self.api.read(person.model, [("id", "=", person.record_id)], "marketing_refuse_email", "is_blacklisted")
        self.checks.that(refused[0]["marketing_refuse_email"], f"{person.name}: the refusal is on the record")

    # -- mid-flight and after -------------------------------------------------------------------------------------

    def _nobody_moves(self) -> None:
        """With the scenario inactive and everybody's pause over, a run of the engine moves nobody."""
        running = [run["id"] for run in self.flow.enrollments() if run["state"] == "running"]
        self.api("marketing.scenario.enrollment", "action_run_now", running)
        # "Due" is kept to the second.
        time.sleep(2)
        before = self.flow.enrollments()
        self.api("ir.cron", "method_direct_trigger", [self.api.ref("marketing_scenario.ir_cron_run_due")])
        self.checks.same(self.flow.enrollments(), before, "runs of an inactive scenario after the engine ran")
        running = [run for run in before if run["state"] == "running"]
        unsubscribed = sum("unsubscribe" in person.deeds for person in self.people)
        self.checks.same(len(running), len(self.people) - unsubscribed, "people who stand in the inactive scenario")
        self.checks.that(all(run["step_id"][1] == WAIT for run in running), "everybody stands on the pause")

    def _all_end(self) -> None:
        ends = lambda: all(run["state"] in ENDED for run in self.flow.enrollments())  # noqa: E731
        wait_until("everybody reaches the end", ends, seconds=CRON_SECONDS, instead=self.flow.enrollments)
        expected = sum(len(person.mails) for person in self.people)
        wait_until("the last mails arrive", lambda: len(self.post.deliveries) >= expected)
        # One that is too many would come now.
        time.sleep(3)

    def _judge(self) -> None:
        say("")
        for person in self.people:
            person.found = self.flow.path(person.enrollment_id)
            good = self.checks.same(person.found, person.path, f"way of {person.name}")
            self._judge_mails(person)
            print(f"{'ok ' if good else 'BAD'} {person.name} ({person.kind}, by {person.door}): {' → '.join(person.found)}", flush=True)
        twice = [key for key, count in Counter(
            (delivery.recipients, Mail(delivery).subject) for delivery in self.post.deliveries
        ).items() if count > 1]  # fmt: skip
        self.checks.same(twice, [], "mails that somebody got twice")
        runs = Counter((run["partner_id"] or run["lead_id"])[1] for run in self.flow.enrollments())
        self.checks.same(len(runs), len(self.people), "runs in all")
        stuck = self.api.read("mail.mail", [("state", "=", "outgoing"), ("mailing_id", "!=", False)], "email_to")
        self.checks.same(stuck, [], "mails that still wait in the queue")

    def _judge_mails(self, person: Person) -> None:
        subjects = [Mail(delivery).subject for delivery in self.post.to(person.address)]
        begins = [followup.SUBJECTS[name].split("{{")[0] for name in person.mails]
        fits = len(subjects) == len(begins) and all(map(str.startswith, subjects, begins))
        self.checks.that(fits, f"mails of {person.name}: expected {begins}, found {subjects}")
        for delivery in self.post.to(person.address)[1:]:
            check_mail(self.checks, Mail(delivery), person.name, person.address)
