"""The cast: who enters by which door, what they do, and the way they must take."""

from dataclasses import dataclass, field

CAMPAIGN, WAIT, WHAT, FILLED = "Campaign", "Wait", "What did they do?", "Form filled?"
ACTIVE, LOOP, INACTIVE = "Reminder for the interested", "Join the interested", "Reminder for the inactive"
GOAL, ENOUGH, LET_GO, AWAY = "Goal reached", "Reminded once", "No answer", "Not reachable"

BEGIN = [f"{CAMPAIGN}:next", f"{WAIT}:next"]
CLICKED = [*BEGIN, f"{WHAT}:case_1"]
REMINDED = [f"{ACTIVE}:next", f"{ENOUGH}:end"]


@dataclass
class Person:
    """Someone in the story. ``deeds`` are done in order once the first mail is there."""

    name: str
    address: str
    door: str
    deeds: tuple[str, ...]
    path: list[str]
    mails: tuple[str, ...] = (CAMPAIGN,)
    kind: str = "contact"
    consent: bool = True
    record_id: int = 0
    enrollment_id: int = 0
    found: list[str] = field(default_factory=list)

    @property
    def model(self) -> str:
        """The model of the person's record."""
        return "crm.lead" if self.kind == "lead" else "res.partner"


def cast() -> list[Person]:
    """Return the people of the story."""
    openers = [*BEGIN, f"{WHAT}:case_2", f"{LOOP}:goto", *REMINDED]
    inactive = [*BEGIN, f"{WHAT}:case_3", f"{INACTIVE}:next", f"{LET_GO}:end"]
    goal = [*CLICKED, f"{FILLED}:yes", f"{GOAL}:end"]
    interested, silent = (CAMPAIGN, ACTIVE), (CAMPAIGN, INACTIVE)
    return [
        Person("Zoé Ångström", "zoe@example.org", "form", ("open", "click", "fill"), goal),
        Person("Élodie Lefèvre", "elodie@example.org", "browser", ("open", "click"), [*CLICKED, f"{FILLED}:no", *REMINDED], interested),
        Person("Bjørn Müller", "bjorn@example.org", "plus", ("open",), openers, interested),
        Person("Ana Núñez", "ana@example.org", "jsonrpc", (), inactive, silent),
        Person("Łukasz Żółkiewski", "lukasz@example.org", "xmlrpc", ("click", "fill in browser"), goal, kind="lead"),
        Person("Société Façade", "facade@example.org", "json2", ("open",), openers, interested, kind="account"),
        Person("Noël Disparu", "bounce-me-noel@example.org", "jsonrpc", (), [*BEGIN, f"{WHAT}:otherwise", f"{AWAY}:end"], ()),
        Person(
            "Márta Szűcs", "marta@example.org", "xmlrpc", ("bounce",),
            [*BEGIN, f"{WHAT}:case_3", f"{INACTIVE}:skipped (invalid_email)", f"{LET_GO}:end"],
        ),
        Person("Chloé Dûment", "chloe@example.org", "plus", ("unsubscribe",), [f"{CAMPAIGN}:next", f"{WAIT}:stopped (unsubscribed)"]),
        Person(
            "Inès Sansaccord", "ines@example.org", "json2", (),
            [f"{CAMPAIGN}:skipped (no_consent)", f"{WAIT}:next", f"{WHAT}:otherwise", f"{AWAY}:end"], (), consent=False,
        ),
        Person("Rémi Répond", "remi@example.org", "jsonrpc", ("reply",), openers, interested),
    ]  # fmt: skip


def latecomer() -> Person:
    """Return the one whom nothing but the server's own clock moves on."""
    silent = [*BEGIN, f"{WHAT}:case_3", f"{INACTIVE}:next", f"{LET_GO}:end"]
    return Person("Søren Sent", "soren@example.org", "jsonrpc", (), silent, (CAMPAIGN, INACTIVE))
