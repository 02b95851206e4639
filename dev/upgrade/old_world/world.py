"""Building blocks: people, trees of steps, and the machinery of the old version run by hand."""

from itertools import count

from daytime import reachable
from upgrade.figures import choices, figures, found_by_filters

# A step: (type, label, settings[, {way out: steps that follow}]). "goto" in the settings names the label to go to.
Tree = list[tuple]


class World:
    """What was made so far, by name."""

    def __init__(self, env, server_url: str, receiver_url: str):
        self.system = env  # as the scheduled jobs
        self.env = env(user=env.ref("base.user_admin"))  # as a person
        self.server_url, self.receiver_url = server_url, receiver_url
        self.people: dict[str, object] = {}
        self.runs: dict[str, object] = {}
        self.scenarios: dict[str, object] = {}
        self.steps: dict[str, object] = {}
        self.tags: dict[str, object] = {}
        self.known: dict[str, object] = {}  # other records and addresses that are looked for after the upgrade
        self._numbers = count(10)

    # -- people ---------------------------------------------------------------------------------------------------

    def contact(self, role: str, **values):
        """Make an opted-in contact that can be reached by all channels."""
        known = {
            "name": role.title(),
            "email": f"{role.replace(' ', '.')}@example.org",
            "user_id": self.env.uid,
            "marketing_optin": True,
            **reachable(next(self._numbers)),
        }
        self.people[role] = self.env["res.partner"].create({**known, **values})
        return self.people[role]

    def lead(self, role: str, **values):
        """Make an opted-in lead."""
        known = {"name": f"Project of {role}", "contact_name": role.title(), "user_id": self.env.uid}
        known |= {"email_from": f"{role.replace(' ', '.')}@example.org", "marketing_optin": True}
        self.people[role] = self.env["crm.lead"].create({**known, **values})
        return self.people[role]

    def tag(self, name: str):
        """Return a contact tag."""
        if name not in self.tags:
            self.tags[name] = self.env["res.partner.category"].create({"name": name})
        return self.tags[name]

    # -- scenarios ------------------------------------------------------------------------------------------------

    def scenario(self, name: str, tree: Tree, activate: bool = True, **values):
        """Make a scenario from its steps in reading order."""
        scenario = self.scenarios[name] = self.env["marketing.scenario"].create({"name": name, **values})
        self.steps[f"{name}/Start"] = scenario.start_step_id
        self._hang(scenario.start_step_id, "next", tree)
        for step in scenario.step_ids.filtered(lambda step: step.step_type == "goto"):
            step.goto_step_id = self.steps[f"{name}/{step.name.removeprefix('Back to ')}"]
        if activate:
            scenario.action_activate()
        return scenario

    def _hang(self, parent, outcome: str, tree: Tree) -> None:
        for step_type, label, settings, *branches in tree:
            place = {"scenario_id": parent.scenario_id.id, "parent_id": parent.id, "outcome": outcome}
            parent = parent.create({**place, "step_type": step_type, "name": label, **settings})
            self.steps[f"{parent.scenario_id.name}/{label}"] = parent
            outcome = "next"
            for branch, inner in (branches[0] if branches else {}).items():
                self._hang(parent, branch, inner)

    def enroll(self, name: str, *roles: str) -> None:
        """Let people enter by the public API; each run is known by its person's role from now on."""
        for role in roles:
            person = self.people[role]
            answer = self.scenarios[name].enroll(person._name, person.ids)
            assert answer["enrolled"], f"{role} cannot enter {name}: {answer}"
            self.runs[role] = self.env["marketing.scenario.enrollment"].browse(answer["enrolled"])

    # -- machinery ------------------------------------------------------------------------------------------------

    def walk(self) -> None:
        """Let the engine move everybody who is due."""
        self.system["marketing.scenario.engine"]._run_due()
        self.commit()

    def make_due(self, *roles: str) -> None:
        """Let the moment of runs come."""
        self.env.flush_all()
        ids = [self.runs[role].id for role in roles]
        self.sql(
            "UPDATE marketing_scenario_enrollment SET next_run_at = now() - interval '1 day' WHERE id = ANY(%s)", ids
        )

    def deliver(self) -> None:
        """Send what waits in all queues, work through the events."""
        self.system["marketing.automatism.event"]._cron_process()
        self.system["mail.mail"].process_email_queue()
        self.system["sms.sms"]._process_queue()
        self.system["marketing.webhook.call"]._cron_send()
        self.commit()

    def sql(self, statement: str, *values) -> None:
        """Do what only time does."""
        self.env.flush_all()
        self.env.cr.execute(statement, values)
        self.env.invalidate_all()

    def commit(self) -> None:
        """Keep what was done; the next transaction has a later moment."""
        self.env.cr.commit()

    # -- afterwards -----------------------------------------------------------------------------------------------

    def facts(self) -> dict:
        """Return what the other side of the upgrade needs to know."""
        self.env.invalidate_all()
        return {
            "people": {role: [person._name, person.id] for role, person in self.people.items()},
            "runs": {role: run.id for role, run in self.runs.items()},
            "scenarios": {name: scenario.id for name, scenario in self.scenarios.items()},
            "steps": {name: step.id for name, step in self.steps.items()},
            "tags": {name: tag.id for name, tag in self.tags.items()},
            "known": self.known,
            "figures": figures(self.env),
            "filters": found_by_filters(self.env),
            "choices": choices(self.env),
        }
