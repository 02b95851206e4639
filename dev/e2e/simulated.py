"""A simulation of one: dry, nothing leaves; really sending, one mail reaches that one person and nobody else."""

import time

from e2e.checks import wait_until
from e2e.mails import Mail
from e2e.walk import Walk

NAME, ADDRESS = "Solène Simulée", "solene@example.org"
OTHER = "somebody.else@example.org"
TITLE = "Un essai pour {{ object.marketing_first_name }}"
BODY = '<p>Bonjour <t t-out="object.marketing_first_name"/></p><a href="https://www.example.com/essai">voir</a>'


class Simulated:
    """One contact, simulated with a scenario that was never activated."""

    def __init__(self, walk: Walk):
        self.api, self.checks, self.post = walk.api, walk.checks, walk.post

    def walk(self) -> None:
        """Simulate dry, then really send."""
        scenario_id = self._scenario()
        person_id, _other_id = (
            self.api.create("res.partner", name=NAME, email=address, marketing_optin=True)
            for address in (ADDRESS, OTHER)
        )
        told = self._simulate(scenario_id, person_id, {"do": "finish"})
        ways = [f"{row['step']}: {row['outcome']}" for row in told["path"]]
        expected = ["First: Sent", "Rest: Done", "Second: Sent", "End: Ended"]
        good = self.checks.same(ways, expected, "dry simulation")
        told = self._simulate(scenario_id, person_id, {"do": "execute"}, really=True)
        sent = [{"step": "First", "to": ADDRESS, "error": False}]
        good &= self.checks.same(told["sent"], sent, "what was really sent")
        wait_until("the mail of the simulation arrives", lambda: self.post.to(ADDRESS))
        time.sleep(3)  # one that is too many would come now
        subjects = [Mail(delivery).subject for delivery in self.post.to(ADDRESS)]
        good &= self.checks.same(subjects, ["Un essai pour Solène"], "mails of the simulation")
        good &= self.checks.same(self.post.to(OTHER), [], "mails to somebody else")
        runs = self.api.read("marketing.scenario.enrollment", [("scenario_id", "=", scenario_id)], "state")
        good &= self.checks.same(runs, [], "runs after a simulation")
        print(f"{'ok ' if good else 'BAD'} {NAME} (simulated): {' → '.join(ways)}; really sent: {subjects}", flush=True)

    def _simulate(self, scenario_id: int, person_id: int, *deeds: dict, really: bool = False) -> dict:
        return self.api(
            "marketing.scenario", "simulate", [scenario_id], "res.partner", person_id, list(deeds), really=really
        )

    def _scenario(self) -> int:
        scenario_id = self.api.create("marketing.scenario", name="Tried only")
        start = [("scenario_id", "=", scenario_id), ("parent_id", "=", False)]
        parent = self.api.read("marketing.scenario.step", start, "id")[0]["id"]
        mail = {"email_subject": TITLE, "email_body_html": BODY}
        for name, kind, settings in (
            ("First", "email", mail),
            ("Rest", "pause", {"pause_days": 2}),
            ("Second", "email", mail),
        ):
            place = {"scenario_id": scenario_id, "parent_id": parent, "step_type": kind, "name": name}
            parent = self.api.create("marketing.scenario.step", **place, **settings)
        self.api("marketing.scenario", "action_add_missing_ends", [scenario_id])
        return scenario_id
