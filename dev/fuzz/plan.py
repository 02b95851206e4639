"""The plan of a round: pure chance from a seed, no Odoo. The same seed always gives the same plan.

A tree is a list of steps in reading order. What stands after a step with several ways out stands inside its ways.
"""

from dataclasses import dataclass, field
from random import Random

SECONDS = 5.0  # how long the storm lasts
CLERKS = 3  # processes that click as users do
DEEDS_EACH = 14
PEOPLE = (14, 26)

ACTIONS = ("tag", "score", "activity", "phoning", "set_field", "server_action", "webhook")
MESSAGES = ("email", "email", "sms", "one_to_one", "document")
VARIED = ("email", "sms", "one_to_one")  # those that come in several versions
RULES = ("tag", "random", "score", "consent", "contact_type", "email_opened", "email_not_delivered")
LAST = ("end", "end", "end", "end", "goto", "scenario")

# What users do: name → how often, beside each other. The functions of these names are in ``deeds``.
DEEDS = {
    "enroll": 14,
    "edit_email": 6,
    "edit_phone": 3,
    "edit_date": 3,
    "merge_contacts": 3,
    "merge_leads": 3,
    "convert": 6,
    "lose": 3,
    "win": 3,
    "archive": 3,
    "unarchive": 2,
    "delete_person": 3,
    "erase": 1,
    "become_company": 1,
    "pause": 4,
    "resume": 4,
    "move": 5,
    "take_out": 3,
    "put_back": 4,
    "run_now": 5,
    "unsubscribe": 4,
    "opt_out": 4,
    "blacklist": 2,
    "open_mail": 6,
    "tag_by_hand": 3,
    "close_activity": 2,
    "deactivate": 2,
    "activate": 5,
    "delete_step": 2,
    "move_step": 1,
    "insert_step": 2,
    "change_share": 1,
    "use_version": 2,
}
# Deeds that only make sense for some kinds: to the person, and to the other one.
PARTNERS, LEADS = ("contact", "account"), ("lead",)
FITTING = {
    "merge_contacts": (PARTNERS, PARTNERS),
    "merge_leads": (LEADS, LEADS),
    "convert": (LEADS, PARTNERS),
    "lose": (LEADS, None),
    "win": (LEADS, None),
    "become_company": (PARTNERS, None),
}
# Troubles: name → how often. The functions of these names are in ``storm``.
FAULTS = {"kill_engine": 6, "kill_post": 1, "no_smtp": 2, "hold_row": 2, "rival": 2, "clock_back": 1}


@dataclass(frozen=True)
class Step:
    """A step of a tree: ``settings`` in words of the plan, ``ways`` out with what stands on them."""

    name: str
    kind: str
    settings: dict = field(default_factory=dict)
    ways: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A scenario: its tree, and its settings as fields."""

    name: str
    steps: list
    settings: dict
    window: bool
    edited: bool  # its tree is changed while people walk

    def flat(self) -> list:
        """All steps, in reading order."""
        return list(_flat(self.steps))


@dataclass(frozen=True)
class Person:
    """A contact, an account or a lead. Addresses are numbers out of a small pool, so that some are shared."""

    number: int
    kind: str
    email: int | None
    phone: int | None
    optin: bool
    employer: int | None = None  # person number of the account
    contact: int | None = None  # person number of the contact of a lead
    date: int | None = None  # of the record, for which a pause waits: so many days after the beginning
    poison: bool = False  # the server action fails on it


@dataclass(frozen=True)
class Deed:
    """What a user does: after ``wait`` seconds, to a person or a scenario; ``chance`` decides the rest."""

    wait: float
    name: str
    person: int
    other: int
    scenario: int
    chance: float


@dataclass(frozen=True)
class Trouble:
    """What goes wrong at a moment of the storm."""

    at: float
    name: str
    chance: float


@dataclass(frozen=True)
class Plan:
    """All that a round is made of."""

    seed: int
    turn: int  # how often it was played on this database: nobody of an earlier round is met again
    scenarios: list
    people: list
    entries: list  # (scenario number, person number): who is inside when the storm begins
    clerks: list  # a list of deeds for each process
    troubles: list
    jumps: list  # (second, hours): the clock goes forward
    cap: tuple | None  # (messages, days)

    @property
    def name(self) -> str:
        """What tells this round's records from those of other rounds."""
        return f"{self.seed}.{self.turn}" if self.turn else f"{self.seed}"

    def email(self, number: int | None) -> str | bool:
        """An address of this round."""
        return f"p{number}@r{self.name}.example.com" if number is not None else False

    def phone(self, number: int | None) -> str | bool:
        """A French mobile number of this round."""
        return f"+3361{(self.seed + self.turn) % 100_000:05}{number:02}" if number is not None else False


def make(seed: int, turn: int = 0) -> Plan:
    """Return the plan of a seed."""
    draw = Random(seed)
    scenarios = []
    for number in range(draw.randint(2, 3)):
        scenarios.append(_scenario(draw, number, len(scenarios)))
    people = _people(draw)
    entries = [
        (scenario, person.number)
        for scenario in range(len(scenarios))
        for person in people
        if draw.random() < (0.75 if scenario == len(scenarios) - 1 else 0.5)
    ]
    return Plan(
        seed=seed,
        turn=turn,
        scenarios=scenarios,
        people=people,
        entries=entries,
        clerks=[[_deed(draw, people, len(scenarios)) for _one in range(DEEDS_EACH)] for _clerk in range(CLERKS)],
        troubles=_troubles(draw),
        jumps=_jumps(draw),
        cap=draw.choice([None, None, (2, 3), (3, 7)]),
    )


def _scenario(draw: Random, number: int, others: int) -> Scenario:
    grower = _Grower(draw, number, others)
    settings = {
        "target_kinds": draw.choice(["all", "all", "all", "contact_lead", "contact"]),
        "reentry": draw.choice(["never", "finished", "finished"]),
        "allow_other_scenarios": draw.random() < 0.75,
        "same_person": draw.choice(["refuse", "further"]),
        "on_refused": draw.choice(["go_on", "go_on", "wait", "leave"]),
        "leave_on_unsubscribe": draw.random() < 0.5,
        "leave_on_lead_closed": draw.random() < 0.7,
        "visit_limit": draw.randint(2, 4),
        "control_percent": draw.choice([0, 0, 20, 40]),
    }
    return Scenario(
        name=f"S{number}",
        steps=grower.tree(),
        settings=settings,
        window=draw.random() < 0.3,
        edited=draw.random() < 0.4,
    )


class _Grower:
    """Grows one tree; counts its steps and knows the pauses above, to which a go-to may lead back."""

    def __init__(self, draw: Random, scenario: int, others: int):
        self.draw = draw
        self.scenario = scenario
        self.others = others  # how many scenarios stand before this one: only those are launched, so nothing circles
        self.count = 0

    def tree(self) -> list:
        """A whole tree below Start."""
        return self.branch(depth=0, pauses=[], mails=[])

    def branch(self, depth: int, pauses: list, mails: list) -> list:
        """Steps in reading order, down to what closes the branch."""
        pauses, mails, steps = [*pauses], [*mails], []
        for _step in range(self.draw.randint(1, 4) if depth else self.draw.randint(2, 5)):
            steps.append(self.plain(pauses, mails))
        if depth < 2 and self.draw.random() < (0.9 if not depth else 0.4):
            steps.append(self.fork(depth, pauses, mails))
        else:
            steps.append(self.last(pauses))
        return steps

    def plain(self, pauses: list, mails: list) -> Step:
        kind = self.draw.choice([*ACTIONS, "pause", "pause", "pause", *MESSAGES, *MESSAGES])
        settings = {}
        if kind == "pause" and self.draw.random() < 0.25:
            settings = {
                "shift": self.draw.choice([0, 0, 1, 2]),
                "side": self.draw.choice(["before", "after"]),
                "empty": self.draw.choice(["wait", "go_on", "leave"]),
                "passed": self.draw.choice(["go_on", "go_on", "leave"]),
            }
        elif kind == "pause":
            settings = {"hours": self.draw.choice([1, 2, 5, 20]), "days": self.draw.choice([0, 0, 0, 1])}
        elif kind == "tag":
            settings = {"tag": self.draw.randrange(3), "remove": self.draw.random() < 0.2}
        elif kind == "score":
            settings = {"points": self.draw.choice([None, 1, 5, 10])}  # None: reset
        elif kind == "activity":
            settings = {"close": self.draw.random() < 0.3}
        elif kind == "document":
            settings = {"file": self.draw.random() < 0.5}
        if kind in MESSAGES and self.draw.random() < 0.25:
            settings["expiry"] = self.draw.choice([1, 4, 30])  # hours
        elif kind in ACTIONS and self.draw.random() < 0.2:
            settings["opening_hours"] = True
        if kind in VARIED and self.draw.random() < 0.3:
            settings["variants"] = self.draw.choice([[50], [30], [30, 30]])  # shares; the rest gets the original
        step = self.step(kind, settings)
        if kind == "pause" and "hours" in settings:  # a date may have passed: no loop may lean on it
            pauses.append(step.name)
        elif kind in ("email", "one_to_one"):
            mails.append(step.name)
        return step

    def fork(self, depth: int, pauses: list, mails: list) -> Step:
        rules = [rule for rule in RULES if mails or not rule.startswith("email")]
        if self.draw.random() < 0.65:
            settings = {
                "rules": self.draw.sample(rules, self.draw.randint(1, 2)),
                "combine": self.draw.choice(["all", "any"]),
                "negate": self.draw.random() < 0.25,
                "wait_hours": self.draw.choice([0, 0, 6, 30]),
            }
            kind, ways = "if", ("yes", "no")
        else:
            settings = {"rules": self.draw.sample(rules, 2)}
            kind, ways = "switch", ("case_1", "case_2", "otherwise")
        settings |= {"tag": self.draw.randrange(3), "score": self.draw.choice([1, 5, 12])}
        step = self.step(kind, settings)
        step.ways.update({way: self.branch(depth + 1, pauses, mails) for way in ways})
        return step

    def last(self, pauses: list) -> Step:
        kind = self.draw.choice(LAST)
        if kind == "goto" and pauses:
            return self.step("goto", {"target": self.draw.choice(pauses)})
        if kind == "scenario" and self.others:
            return self.step("scenario", {"scenario": self.draw.randrange(self.others)})
        return self.step("end", {})

    def step(self, kind: str, settings: dict) -> Step:
        self.count += 1
        return Step(f"S{self.scenario}.{self.count} {kind}", kind, settings)


def _people(draw: Random) -> list:
    count = draw.randint(*PEOPLE)
    addresses, numbers = round(count * 0.85), round(count * 0.8)
    people = []
    for number in range(count):
        kind = draw.choices(["contact", "account", "lead"], [5, 1, 4])[0]
        contacts = [person.number for person in people if person.kind == "contact"]
        accounts = [person.number for person in people if person.kind == "account"]
        people.append(
            Person(
                number=number,
                kind=kind,
                email=draw.randrange(addresses) if draw.random() < 0.92 else None,
                phone=draw.randrange(numbers) if draw.random() < 0.7 else None,
                optin=draw.random() < 0.9,
                employer=draw.choice(accounts) if kind == "contact" and accounts and draw.random() < 0.3 else None,
                contact=draw.choice(contacts) if kind == "lead" and contacts and draw.random() < 0.35 else None,
                date=draw.choice([None, None, 0, 1, 2, 4]),
                poison=draw.random() < 0.05,
            )
        )
    return people


def _deed(draw: Random, people: list, scenarios: int) -> Deed:
    name = draw.choices(list(DEEDS), list(DEEDS.values()))[0]
    kinds, other_kinds = FITTING.get(name, (None, None))
    return Deed(
        wait=round(draw.uniform(0, 2 * SECONDS / DEEDS_EACH), 3),
        name=name,
        person=_someone(draw, people, kinds),
        other=_someone(draw, people, other_kinds),
        scenario=draw.randrange(scenarios),
        chance=draw.random(),
    )


def _someone(draw: Random, people: list, kinds: tuple | None) -> int:
    return draw.choice([person for person in people if not kinds or person.kind in kinds] or people).number


def _troubles(draw: Random) -> list:
    troubles = [
        Trouble(
            at=round(draw.uniform(0.2, SECONDS), 3),
            name=draw.choices(list(FAULTS), list(FAULTS.values()))[0],
            chance=draw.random(),
        )
        for _trouble in range(draw.randint(3, 7))
    ]
    return sorted(troubles, key=lambda trouble: trouble.at)


def _jumps(draw: Random) -> list:
    return [(round(at * SECONDS / 10, 3), draw.choice([0, 1, 3, 8, 24])) for at in range(1, 10)]


def _flat(steps: list):
    for step in steps:
        yield step
        for inner in step.ways.values():
            yield from _flat(inner)


def text(plan: Plan) -> str:
    """The plan for a reader."""
    lines = [f"PLAN OF SEED {plan.seed}", "", f"frequency cap: {plan.cap or 'none'}"]
    for scenario in plan.scenarios:
        facts = ", ".join(f"{name}={value}" for name, value in scenario.settings.items())
        lines += ["", f"{scenario.name}: {facts}, window={scenario.window}, edited={scenario.edited}"]
        lines += _tree_lines(scenario.steps, 1)
    lines += ["", "people"]
    for person in plan.people:
        facts = {
            "email": plan.email(person.email),
            "phone": plan.phone(person.phone),
            "opt-in": person.optin,
            "account": person.employer,
            "contact": person.contact,
            "date": person.date,
            "poison": person.poison,
        }
        said = ", ".join(f"{name}={value}" for name, value in facts.items() if value not in (None, False))
        inside = [plan.scenarios[number].name for number, entered in plan.entries if entered == person.number]
        lines.append(f"  {person.number:2} {person.kind:8} {said}; enters {' '.join(inside) or 'nothing'}")
    lines += ["", "clock: " + ", ".join(f"{at:g} s: +{hours} h" for at, hours in plan.jumps if hours)]
    lines += ["troubles: " + ", ".join(f"{trouble.at:g} s: {trouble.name}" for trouble in plan.troubles)]
    return "\n".join(lines)


def _tree_lines(steps: list, depth: int) -> list:
    lines = []
    for step in steps:
        facts = ", ".join(f"{name}={value}" for name, value in step.settings.items())
        lines.append(f"{'  ' * depth}{step.name} {facts}".rstrip())
        for way, inner in step.ways.items():
            lines.append(f"{'  ' * (depth + 1)}{way}:")
            lines += _tree_lines(inner, depth + 2)
    return lines
