"""The cast: who enters by which door, what they do, and the way they must take."""

from dataclasses import dataclass, field

CAMPAIGN, WAIT, WHAT, FILLED = "Campaign", "Wait", "What did they do?", "Form filled?"
ACTIVE, LOOP, INACTIVE = "Reminder for the interested", "Join the interested", "Reminder for the inactive"
GOAL, ENOUGH, LET_GO, AWAY = "Goal reached", "Reminded once", "No answer", "Not reachable"

BEGIN = [f"{CAMPAIGN}:next", f"{WAIT}:next"]
REMINDED = [f"{ACTIVE}:next", f"{ENOUGH}:end"]
GOOD_END = [*BEGIN, f"{WHAT}:case_1", f"{FILLED}:yes", f"{GOAL}:end"]
CLICKED_ONLY = [*BEGIN, f"{WHAT}:case_1", f"{FILLED}:no", *REMINDED]
OPENED_ONLY = [*BEGIN, f"{WHAT}:case_2", f"{LOOP}:goto", *REMINDED]
SILENT = [*BEGIN, f"{WHAT}:case_3", f"{INACTIVE}:next", f"{LET_GO}:end"]
UNREACHABLE = [f"{WHAT}:otherwise", f"{AWAY}:end"]
BOUNCED = [*BEGIN, f"{WHAT}:case_3", f"{INACTIVE}:skipped (invalid_email)", f"{LET_GO}:end"]
UNSUBSCRIBED = [f"{CAMPAIGN}:next", f"{WAIT}:stopped (unsubscribed)"]
NO_CONSENT = [f"{CAMPAIGN}:skipped (no_consent)", f"{WAIT}:next", *UNREACHABLE]


@dataclass
class Person:
    """Someone in the story. ``deeds`` are done in order once the first mail is there."""

    name: str
    address: str
    door: str
    path: list[str]
    deeds: tuple[str, ...] = ()
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
    interested, silent = (CAMPAIGN, ACTIVE), (CAMPAIGN, INACTIVE)
    return [
        Person("Zoé Ångström", "zoe@example.org", "form", GOOD_END, ("open", "click", "fill")),
        Person("Élodie Lefèvre", "elodie@example.org", "browser", CLICKED_ONLY, ("open", "click"), interested),
        Person("Bjørn Müller", "bjorn@example.org", "plus", OPENED_ONLY, ("open",), interested),
        Person("Ana Núñez", "ana@example.org", "jsonrpc", SILENT, mails=silent),
        Person("Łukasz Żółkiewski", "lukasz@example.org", "xmlrpc", GOOD_END, ("fill in browser",), kind="lead"),
        Person("Société Façade", "facade@example.org", "json2", OPENED_ONLY, ("open",), interested, kind="account"),
        Person("Noël Disparu", "bounce-me-noel@example.org", "jsonrpc", BOUNCED, mails=()),
        Person("Márta Szűcs", "marta@example.org", "xmlrpc", BOUNCED, ("bounce",)),
        Person("Chloé Dûment", "chloe@example.org", "plus", UNSUBSCRIBED, ("unsubscribe",)),
        Person("Inès Sansaccord", "ines@example.org", "json2", NO_CONSENT, mails=(), consent=False),
        Person("Rémi Répond", "remi@example.org", "jsonrpc", OPENED_ONLY, ("reply",), interested),
    ]


def latecomer() -> Person:
    """Return the one whom nothing but the server's own clock moves on."""
    return Person("Søren Sent", "soren@example.org", "jsonrpc", SILENT, mails=(CAMPAIGN, INACTIVE))
