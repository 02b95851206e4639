"""The follow-up of the source document, built over the external API: campaign, pause, clickers / openers / inactive."""

from e2e import people
from e2e.rpc import JsonRpc

# Long enough for everybody to react in; nobody sits it out, see Story._nobody_moves.
PAUSE_HOURS = 0.5
SHORT_PAUSE_HOURS = 0.002
SUBJECTS = {
    people.CAMPAIGN: "Découvrez notre brochure, {{ object.marketing_first_name or 'vous' }}",
    people.ACTIVE: "Encore une minute pour la brochure – « intéressés »",
    people.INACTIVE: "Une dernière fois : la brochure (inactifs)",
}
BODY = """
<div style="font-family: Arial, sans-serif;">
    <p>Bonjour <t t-out="object.marketing_person_name or object.marketing_company_name"/>,</p>
    <p>voici nos plans et nos prix, à découvrir à votre rythme.</p>
    <p><a href="%(form)s" class="btn btn-primary">Recevoir la brochure</a>
    ou <a href="https://www.example.com/projects?from=mail">voir trois réalisations</a>.</p>
</div>
"""


class FollowUp:
    """The scenario with its two forms: one that people enter by, one that it hopes for."""

    def __init__(self, api: JsonRpc):
        self.api = api
        self.entry_form = self._form("Newsletter", "Restons en contact")
        self.brochure_form = self._form("Brochure", "Recevez la brochure")
        self.scenario_id = api.create("marketing.scenario", name="Brochure follow-up", leave_on_unsubscribe=True)
        self.steps: dict[str, int] = {}
        self._build()
        self.automatism_id = api.create(
            "marketing.automatism",
            name="Newsletter readers get the follow-up",
            event_type="form_filled",
            form_point_id=self.entry_form["id"],
            action_ids=[(0, 0, {"kind": "enroll", "scenario_id": self.scenario_id})],
        )

    def activate(self, **context) -> None:
        """Activate; ``marketing_overdue`` says what becomes of those whose moment has passed."""
        self.api("marketing.scenario", "action_activate", [self.scenario_id], context=context)

    def deactivate(self) -> None:
        """Deactivate."""
        self.api("marketing.scenario", "action_deactivate", [self.scenario_id])

    def shorten_pause(self) -> None:
        """Change the pause for those who enter from now on: seconds instead of the week of the source document."""
        self.api("marketing.scenario.step", "write", [self.steps[people.WAIT]], {"pause_hours": SHORT_PAUSE_HOURS})

    def enrollments(self) -> list[dict]:
        """All runs of the scenario."""
        names = ("partner_id", "lead_id", "step_id", "state", "next_run_at", "end_reason", "door", "run_number")
        return self.api.read("marketing.scenario.enrollment", [("scenario_id", "=", self.scenario_id)], *names)

    def path(self, enrollment_id: int) -> list[str]:
        """The steps of a run, as ``label:outcome``, with the reason where a step was not done."""
        names = ("step_id", "event", "outcome", "reason")
        traces = self.api.read("marketing.scenario.trace", [("enrollment_id", "=", enrollment_id)], *names)
        return [self._written(trace) for trace in traces if trace["event"] != "entered"]

    def _written(self, trace: dict) -> str:
        text = f"{trace['step_id'][1]}:{trace['event'] or trace['outcome']}"
        return f"{text} ({trace['reason']})" if trace["event"] in ("skipped", "stopped", "retry", "error") else text

    def _form(self, name: str, title: str) -> dict:
        form_id = self.api.create("marketing.engagement.point", name=name, title=title, creates="contact")
        return self.api.read("marketing.engagement.point", [("id", "=", form_id)], "public_url")[0]

    def _build(self) -> None:
        [start] = self.api.read("marketing.scenario.step", [("scenario_id", "=", self.scenario_id)], "step_type")
        campaign = self._mail(start["id"], "next", people.CAMPAIGN)
        wait = self._step(campaign, "next", "pause", people.WAIT, pause_hours=PAUSE_HOURS)
        switch = self._step(wait, "next", "switch", people.WHAT, case_ids=self._cases())
        filled = self._step(switch, "case_1", "if", people.FILLED, rule_ids=[(0, 0, self._form_rule())])
        self._step(filled, "yes", "end", people.GOAL)
        active = self._mail(filled, "no", people.ACTIVE)
        self._step(active, "next", "end", people.ENOUGH)
        self._step(switch, "case_2", "goto", people.LOOP, goto_step_id=active)
        inactive = self._mail(switch, "case_3", people.INACTIVE)
        self._step(inactive, "next", "end", people.LET_GO)
        self._step(switch, "otherwise", "end", people.AWAY)

    def _step(self, parent_id: int, outcome: str, step_type: str, name: str, **settings) -> int:
        place = {"scenario_id": self.scenario_id, "parent_id": parent_id, "outcome": outcome}
        step_id = self.api.create("marketing.scenario.step", **place, step_type=step_type, name=name, **settings)
        self.steps[name] = step_id
        return step_id

    def _mail(self, parent_id: int, outcome: str, name: str) -> int:
        body = BODY % {"form": self.brochure_form["public_url"]}
        return self._step(parent_id, outcome, "email", name, email_subject=SUBJECTS[name], email_body_html=body)

    def _form_rule(self) -> dict:
        return {"kind": "form_filled", "form_point_id": self.brochure_form["id"]}

    def _cases(self) -> list:
        def case(name, operator, *statuses):
            rule = {
                "kind": "email_status",
                "email_status_operator": operator,
                **{f"email_is_{s}": True for s in statuses},
            }
            return (0, 0, {"name": name, "rule_ids": [(0, 0, rule)]})

        return [
            case("Clickers", "=", "clicked"),
            case("Openers", "=", "opened"),
            case("Inactive", "<>", "clicked", "error", "blocked", "opened"),
        ]
