"""What waited in the queues when the update came leaves by the new code: mails, SMS, webhooks, events."""

from collections import Counter

from e2e.mails import Mail
from e2e.receiver import Receiver
from e2e.smtp import MailServer
from upgrade.new_world import NewWorld
from upgrade.report import Report

JOBS = {
    "mail": "mail.ir_cron_mail_scheduler_action",
    "sms": "sms.ir_cron_sms_scheduler_action",
    "webhook": "marketing_scenario.ir_cron_send_webhooks",
    "form": "marketing_scenario.ir_cron_process_submissions",
    "event": "marketing_scenario.ir_cron_process_events",
}
NEXT_ONE = ("Next one", "running", "automatism")


class Queues:
    """The queues of the database, and the servers at their ends."""

    def __init__(self, world: NewWorld, report: Report, post: MailServer, receiver: Receiver):
        self.world, self.report, self.post, self.receiver = world, report, post, receiver

    def empty(self) -> None:
        """Let everything leave, and check what came of it."""
        self.world.live_through(self.report, self._events, self._mails, self._sms, self._webhook)

    def send_mails(self) -> None:
        """Send the mails that wait."""
        self.world.job(JOBS["mail"])

    def take_forms_in(self) -> None:
        """Make contacts, leads and events of the forms received."""
        self.world.job(JOBS["form"])

    def work_events(self) -> None:
        """Let the automatisms see what happened."""
        self.world.job(JOBS["event"])

    def subjects(self, address: str) -> list[str]:
        """Return the subjects of the mails that an address got."""
        return sorted(Mail(delivery).subject for delivery in self.post.to(address))

    def _events(self) -> None:
        """A signal from before the update sets off its automatism, which does all that an automatism can do."""
        world, report = self.world, self.report
        person = world.person("signalled")
        self.work_events()
        runs = {run.scenario_id.name: run for run in person.marketing_enrollment_ids}
        entered = [(name, run.state, run.door) for name, run in runs.items() if run.id != world.run("signalled").id]
        report.same(entered, [NEXT_ONE], "the waiting event fires its automatism: into a scenario")
        left = world.run("signalled")
        report.same((left.state, left.end_reason), ("stopped", "automatism"), "… out of another one")
        tags = sorted(person.category_id.mapped("name"))
        report.same(tags, ["Seen", "Signal"], "… one tag on, one tag off")
        report.same(person.marketing_score, 7, "… points")
        activities = [("res_model", "=", "res.partner"), ("res_id", "=", person.id), ("summary", "=", "Signalled")]
        report.same(world.env["mail.activity"].search_count(activities), 1, "… an activity")
        report.same(person.user_id.id, world.facts["known"]["salesman"], "… a new salesperson")
        status = world.env.ref("marketing_scenario.account_status_prospect")
        report.same(person.account_status_id, status, "… an account status")
        report.same(world.engine(), 1, "… and nobody else moves")
        report.same(
            world.person("due lead").marketing_score, 5, "a date reached before the update fires its automatism"
        )
        failing = self.world.facts["known"]["failing_events"]
        left = world.env["marketing.automatism.event"].browse(failing).exists()
        report.same(
            sorted(left.mapped("state")), ["error", "waiting"], "an event in error, and one to be tried again, stay"
        )

    def _mails(self) -> None:
        world, report = self.world, self.report
        earlier = len(self.post.deliveries)
        self.send_mails()
        expected = sorted(["Hello, Queued", "A word, Queued", "Your offer"])
        report.same(self.subjects("queued@example.org"), expected, "queued mails leave, each once")
        report.same(self.subjects("queued.lead@example.org"), ["Dear lead, Queued"], "a lead's queued mail leaves")
        report.same(len(self.post.to("nina@example.org")), 1, "the queued mail that asks to confirm leaves")
        # Colleagues are told of their own: the salesperson of the signal above.
        recipients = [delivery.recipients[0] for delivery in self.post.deliveries[earlier:]]
        outside = [address for address in recipients if address.endswith("@example.org")]
        report.same(len(outside), len(expected) + 2, "nobody else outside gets a mail")
        for role, count in (("queued", len(expected)), ("queued lead", 1)):
            traces = world.run(role).trace_ids.mailing_trace_id.filtered(lambda trace: trace.trace_type == "mail")
            statuses = Counter(traces.mapped("trace_status"))
            report.same(statuses, {"sent": count}, f"the traces of the mails to “{role}” become sent")

    def _sms(self) -> None:
        world, report = self.world, self.report
        world.job(JOBS["sms"])
        numbers = Counter(number for number, _text in self.receiver.messages())
        report.same(numbers[world.person("queued").phone], 1, "the queued SMS leaves once")
        report.same(set(numbers.values()), {1}, "nobody gets an SMS twice")
        trace = world.run("queued").trace_ids.mailing_trace_id.filtered(lambda trace: trace.trace_type == "sms")
        report.that(trace.trace_status in ("pending", "sent"), "its trace says that it left", trace.trace_status)

    def _webhook(self) -> None:
        self.world.job(JOBS["webhook"])
        calls = [call for call in self.receiver.to("/hook") if "queued@example.org" in call.body.decode()]
        self.report.same(len(calls), 1, "the waiting webhook is called once")
        step = self.world.env["marketing.scenario.step"].browse(self.world.facts["steps"]["Long way/Tell"])
        self.report.that(calls and calls[0].signed_with(step.webhook_secret), "with the signature of its step")
