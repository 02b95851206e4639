"""The runs of the old world go on by the new code, each exactly one way."""

from datetime import timedelta

from daytime import reachable
from upgrade.compare import EVENTS, TRACE
from upgrade.new_world import NewWorld
from upgrade.queues import Queues
from upgrade.report import Report

SURVIVED = ["Fails:next", "Mark:next", "Over:end"]
QUIET = ("leaver", "archived", "deleted", "lost lead", "won lead", "finisher", "crowned")
TIMED_OUT = (["Hot yet?:timeout", "Back to Nap:goto"], ["Hot yet?:no", "Back to Nap:goto"])
MESSAGES = ["Hello", "Personal", "Text", "Offer"]
ACTIONS = ["Mark", "Points", "Call back", "Phone list", "Tell", "Fill", "Note"]


class Walking:
    """Lets time pass, step by step, and checks where everybody goes."""

    def __init__(self, world: NewWorld, report: Report, queues: Queues):
        self.world, self.report, self.queues = world, report, queues

    def go_on(self) -> None:
        """Live on."""
        parts = (self._sleepers, self._retried, self._held, self._conditions, self._rules, self._refused_message)
        parts += (self._held_scenario, self._reentry, self._newcomer, self._query, self._action, self._later)
        self.world.live_through(self.report, *parts, self._quiet, self._new_traces)

    def nobody_moves(self) -> None:
        """Before its moment comes, no run moves."""
        self.report.same(self.world.engine(), 0, "the update itself moves nobody")

    # -- one part of the world after the other ----------------------------------------------------------------------

    def _sleepers(self) -> None:
        roles = ("company", "sleeper", "resumed", "put off")
        runs = [self.world.run(role) for role in roles]
        self.world.make_due(*runs)
        self.report.same(self.world.engine(), len(runs), "sleepers whose moment comes are woken")
        self.report.same(self.world.engine(), 0, "… once")
        for role in roles:
            self._stands(role, ["Nap:next"], "Hot yet?")

    def _retried(self) -> None:
        """The other system is still silent; then it answers."""
        self._moment("retried")
        self._stands("retried", ["Fails:retry"], "Fails")
        self.report.same(self.world.run("retried").attempts, 3, "“retried” has one try more than before the update")
        action = self.world.env["ir.actions.server"].browse(self.world.facts["known"]["failing_action"])
        action.code = "records.write({'ref': 'repaired'})"
        self._moment("retried")
        self._ended("retried", ["Fails:retry", *SURVIVED])
        self.world.run("parked").action_resume()
        self.world.engine()
        self._ended("parked", ["Fails:resumed", *SURVIVED])

    def _held(self) -> None:
        before = self.world.run("held").next_run_at
        self._moment("held in wait")
        self.report.same(self.world.news(self.world.run("held in wait")), [], "who is paused by hand does not move")
        for role in ("held", "held in wait"):
            self.world.run(role).action_resume()
        self.world.engine()
        run = self.world.run("held")
        self.report.that(run.state == "running" and run.next_run_at >= before, "resumed, “held” keeps the time left")
        self._stands("held in wait", ["Hot yet?:resumed"], "Hot yet?")
        self._moment("held")
        self._stands("held", ["Nap:resumed", "Nap:next"], "Hot yet?")

    def _conditions(self) -> None:
        """Conditions that waited come true: by an event, and by looking again."""
        world = self.world
        world.person("awaited").category_id |= world.tag("Hot")
        world.person("important").category_id |= world.tag("Hot") | world.tag("VIP")
        self.queues.work_events()
        world.engine()
        self._ended("awaited", ["Hot yet?:yes", "Who?:otherwise", "Go on:end"], reason="launched")
        launched = [(run.state, run.door) for run in world.runs_in("Next one", world.person("awaited"))]
        self.report.same(launched, [("running", "scenario")], "… and is in the scenario that was launched")
        self._ended("important", ["Hot yet?:yes", "Who?:case_1", "Important:end"])
        self._moment("looked for")
        self._stands("looked for", [], "Found?")
        world.person("looked for").ref = "found"
        self._moment("looked for")
        self._stands("looked for", [], "Found?")  # the denial beside it is judged at the end of the wait
        run = world.run("looked for").sudo()
        run.wait_until = run.wait_until - timedelta(days=30)
        self._moment("looked for")
        self._ended("looked for", ["Found?:yes", "Yes:end"])

    def _rules(self) -> None:
        """Each kind of rule is evaluated for who fits none."""
        self._moment("fits none", "has points")
        self._ended("fits none", ["Nap:next", "Which?:otherwise", "By otherwise:end"])
        self._ended("has points", ["Nap:next", "Which?:case_4", "By case_4:end"])

    def _refused_message(self) -> None:
        """A message that may not go is asked about every day, until it may."""
        self._moment("without consent")
        self._stands("without consent", [], "Asked again")  # told before the update already
        self.world.person("without consent").marketing_optin = True
        self._moment("without consent")
        self._ended("without consent", ["Asked again:next", "Over:end"])
        self._moment("shut window")
        self._stands("shut window", [], "Later")

    def _held_scenario(self) -> None:
        self._moment("in a held one", "early bird")
        self._stands("in a held one", [], "Rest")
        self._stands("early bird", [], "Start")
        self.world.scenario("Held").with_context(marketing_overdue="run_now").action_activate()
        self.world.engine()
        self._ended("in a held one", ["Rest:next", "Over:end"])

    # -- doors ----------------------------------------------------------------------------------------------------

    def _reentry(self) -> None:
        world = self.world
        person, scenario = world.person("returning"), world.scenario("Again")
        answer = scenario.enroll("res.partner", person.ids)
        world.engine()
        numbers = [(run.run_number, run.state) for run in world.runs_in("Again", person).sorted("run_number")]
        self.report.same(numbers, [(1, "done"), (2, "done"), (3, "done")], f"a third run follows the second: {answer}")
        sleeper = world.person("sleeper")
        answer = world.scenario("Long way").enroll("res.partner", sleeper.ids)
        expected = {"enrolled": [], "refused": {str(sleeper.id): "already_inside"}}
        self.report.same(answer, expected, "who is inside cannot enter again")

    def _newcomer(self) -> None:
        """Somebody new walks all steps up to the nap."""
        person = self._contact("newcomer")
        answer = self.world.scenario("Long way").enroll("res.partner", person.ids)
        run = self.world.runs_in("Long way", person)
        self.report.same(answer, {"enrolled": run.ids, "refused": {}}, "somebody new enters by the API")
        self.world.engine()
        path = ["Start:entered", *(f"{label}:next" for label in (*MESSAGES, *ACTIONS))]
        self.report.same(self.world.news(run), path, "… walks every step")
        self.report.same(run.step_id.name, "Nap", "… up to the nap")
        self.queues.send_mails()
        subjects = self.queues.subjects(person.email)
        self.report.same(subjects, ["A word, Newcomer", "Hello, Newcomer", "Your offer"], "… and gets the mails")

    def _query(self) -> None:
        world = self.world
        person = self._contact("wanted later", ref="wanted")
        query = world.env["marketing.scenario.query"].search([])
        world.set_past(query._name, query.ids)
        world.job("marketing_scenario.ir_cron_queries")
        doors = [run.door for run in world.runs_in("Queried", person)]
        self.report.same(doors, ["query"], "the dynamic query enrolls a new match")
        old = world.runs_in("Queried", world.person("wanted"))
        self.report.same(len(old), 1, "… and not the one it had enrolled before the update")

    def _action(self) -> None:
        world = self.world
        person = self._contact("acted upon")
        action = world.admin["ir.actions.server"].browse(world.facts["known"]["sending_action"])
        action.with_context(active_model="res.partner", active_ids=person.ids, active_id=person.id).run()
        world.commit()
        doors = [run.door for run in world.runs_in("Acted", person)]
        self.report.same(doors, ["server_action"], "the server action “Send into a scenario” does so")

    # -- days later -----------------------------------------------------------------------------------------------

    def _later(self) -> None:
        """The moment when the window opens; the deadlines of the conditions have passed by then."""
        for role in ("sleeping lead", "twin lead"):
            self.world.make_due(self.world.run(role))
            self.world.engine()
            self._ended(role, ["Nap:next", "Over:end"])
        window = self.world.run("shut window")
        with self.world.clock(window.next_run_at + timedelta(minutes=1)):
            self.world.engine()
            in_vain = {role: self.world.news(self.world.run(role)) for role in ("deadline", "held in wait")}
        for role, news in in_vain.items():
            good = any(news[-len(way) :] == way for way in TIMED_OUT)
            self.report.that(good, f"“{role}” waited in vain and goes by “no”", str(news))
            step = self.world.run(role).step_id.name
            self.report.same(step, "Nap", "… back to the nap")
        self._ended("shut window", ["Later:next", "Over:end"])
        self.queues.send_mails()
        subjects = self.queues.subjects(self.world.person("shut window").email)
        self.report.same(subjects, ["Later, Shut"], "… and the mail leaves once the window is open")

    def _quiet(self) -> None:
        for role in QUIET:
            self.report.same(self.world.news(self.world.run(role)), [], f"“{role}” had ended and stays so")

    def _new_traces(self) -> None:
        """The new code writes as the migration did."""
        traces = self.world.env[TRACE]
        if "event" in traces._fields:
            mixed = traces.search([("outcome", "in", EVENTS)])
            self.report.same(len(mixed), 0, "new traces keep what is no way out in the event, too")

    # -- small things ---------------------------------------------------------------------------------------------

    def _contact(self, role: str, **values):
        known = {"name": role.title(), "email": f"{role.replace(' ', '.')}@example.org", "marketing_optin": True}
        owned = {"user_id": self.world.admin.uid, **reachable(90_000 + len(role))}
        return self.world.env["res.partner"].create({**known, **owned, **values})

    def _moment(self, *roles: str) -> None:
        """Let the moment of some runs come and the engine look."""
        self.world.make_due(*(self.world.run(role) for role in roles))
        self.world.engine()

    def _stands(self, role: str, news: list[str], step: str) -> None:
        """Check that a run went this way since the update, and stands."""
        run = self.world.run(role)
        found = (self.world.news(run), run.step_id.name, run.state)
        text = f"“{role}” {' → '.join([*news, 'waits'])} on “{step}”"
        self.report.same(found, (news, step, "running"), text)

    def _ended(self, role: str, news: list[str], reason: str = "end_step") -> None:
        """Check that a run went this way since the update, and is done."""
        run = self.world.run(role)
        found = (self.world.news(run), run.state, run.end_reason, run.next_run_at)
        self.report.same(found, (news, "done", reason, False), f"“{role}” {' → '.join(news)}")
