"""The walk itself: everybody enters, reacts, is held in mid-flight, goes on, and is looked at."""

import time
from collections import Counter
from collections.abc import Callable

from e2e import deeds, doors, followup
from e2e.checks import wait_until
from e2e.mails import Mail, check_mail
from e2e.people import WAIT, Person, cast, latecomer
from e2e.walk import Walk
from env import step

ENDED = ("done", "stopped")
# Odoo looks for what became due once a minute; two of its rounds and some room.
CRON_SECONDS = 150


class Story:
    """One walk with everybody."""

    def __init__(self, walk: Walk):
        self.walk, self.flow, self.checks, self.post = walk, walk.flow, walk.checks, walk.post
        self.people = cast()

    def run(self, meanwhile: Callable[[], None]) -> None:
        """Live through the story; ``meanwhile`` is done while the latecomer waits for the server's clock."""
        self.flow.activate()
        step("everybody enters")
        doors.enter(self.walk, self.people)
        doors.closed_doors(self.walk, self.people[0])
        self._campaign_arrives()
        step("deactivated in mid-flight; people react meanwhile")
        self.flow.deactivate()
        for person in self.people:
            deeds.react(self.walk, person)
        self._nobody_moves()
        step("reactivated; a latecomer enters, whom only the server's own clock moves on")
        self.flow.shorten_pause()
        self.flow.activate(marketing_overdue="run_now")
        late = latecomer()
        doors.enter(self.walk, [late])
        self.people.append(late)
        meanwhile()
        self._all_end()
        self._judge()

    def _campaign_arrives(self) -> None:
        expecting = [person for person in self.people if person.mails]
        wait_until("the first mails arrive", lambda: all(self.post.to(person.address) for person in expecting))
        wait_until("the mail server refuses a mail", lambda: self.post.refused)
        for person in expecting:
            check_mail(self.checks, deeds.first_mail(self.walk, person), person.name, person.address)
        wait_until("everybody waits", self._all_wait, instead=self.flow.enrollments)

    def _all_wait(self) -> bool:
        return all(run["step_id"][1] == WAIT for run in self.flow.enrollments())

    def _nobody_moves(self) -> None:
        """With the scenario inactive and everybody's pause over, a run of the engine moves nobody."""
        running = [run["id"] for run in self.flow.enrollments() if run["state"] == "running"]
        self.walk.api("marketing.scenario.enrollment", "action_run_now", running)
        # "Due" is kept to the second.
        time.sleep(2)
        before = self.flow.enrollments()
        cron_id = self.walk.api.ref("marketing_scenario.ir_cron_run_due")
        self.walk.api("ir.cron", "method_direct_trigger", [cron_id])
        self.checks.same(self.flow.enrollments(), before, "runs of an inactive scenario after the engine ran")
        unsubscribed = sum("unsubscribe" in person.deeds for person in self.people)
        self.checks.same(len(running), len(self.people) - unsubscribed, "people who stand in the inactive scenario")
        self.checks.that(self._all_wait(), "everybody stands on the pause")

    def _all_end(self) -> None:
        wait_until("everybody reaches the end", self._all_ended, seconds=CRON_SECONDS, instead=self.flow.enrollments)
        wait_until("the last mails arrive", lambda: all(self._has_mails(person) for person in self.people))
        # One that is too many would come now.
        time.sleep(3)

    def _all_ended(self) -> bool:
        return all(run["state"] in ENDED for run in self.flow.enrollments())

    def _has_mails(self, person: Person) -> bool:
        return len(self.post.to(person.address)) >= len(person.mails)

    def _judge(self) -> None:
        for person in self.people:
            person.found = self.flow.path(person.enrollment_id)
            good = self.checks.same(person.found, person.path, f"way of {person.name}")
            self._judge_mails(person)
            mark = "ok " if good else "BAD"
            print(f"{mark} {person.name} ({person.kind}, by {person.door}): {' → '.join(person.found)}", flush=True)
        self.checks.same(self._twice(), [], "mails that somebody got twice")
        self.checks.same(len(self.flow.enrollments()), len(self.people), "runs in all")
        waiting = [("state", "=", "outgoing"), ("mailing_id", "!=", False)]
        self.checks.same(self.walk.api.read("mail.mail", waiting, "email_to"), [], "mails that wait in the queue")

    def _judge_mails(self, person: Person) -> None:
        mails = [Mail(delivery) for delivery in self.post.to(person.address)]
        subjects = [mail.subject for mail in mails]
        begins = [followup.SUBJECTS[name].split("{{")[0] for name in person.mails]
        fits = len(subjects) == len(begins) and all(map(str.startswith, subjects, begins))
        self.checks.that(fits, f"mails of {person.name}: expected {begins}, found {subjects}")
        for mail in mails[1:]:
            check_mail(self.checks, mail, person.name, person.address)

    def _twice(self) -> list:
        counts = Counter((delivery.recipients, Mail(delivery).subject) for delivery in self.post.deliveries)
        return [what for what, count in counts.items() if count > 1]
