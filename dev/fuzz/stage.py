"""The plan made real: scenarios, people and those who are inside when the storm begins."""

import base64
from dataclasses import dataclass
from datetime import timedelta

from bench.world import World
from fuzz.plan import Person, Plan, Scenario, Step

SAID = {"email": "email_subject", "one_to_one": "one_to_one_subject", "sms": "sms_body"}  # by a version
STATUS = {"email_opened": "email_is_opened", "email_not_delivered": "email_is_delivered"}
DATES = {"res.partner": "marketing_optin_date", "crm.lead": "date_deadline"}  # for which pauses wait
POISON = "Poison"
ACTION = f"""
if any('{POISON}' in (record.name or '') for record in records):
    raise ValueError('this record does not like it')
"""


def date_after(env, days: int):
    """The day so many days from now, of the round's clock."""
    return (env.cr.now() + timedelta(days=days)).date()


@dataclass
class Stage:
    """Which record is which part of the plan."""

    plan: Plan
    people: dict  # person number → (model, id)
    scenarios: list  # ids
    steps: dict  # name → id
    tags: list  # ids
    campaign: int
    user: int

    @property
    def goes_round(self) -> set:
        """Ids of the scenarios in which somebody may come to a step twice without a hand."""
        return {
            record_id
            for scenario, record_id in zip(self.plan.scenarios, self.scenarios, strict=True)
            if any(step.kind == "goto" for step in scenario.flat())
        }


class Builder:
    """Builds a round in a world."""

    def __init__(self, world: World, plan: Plan, url: str):
        self.env = world.env
        self.plan = plan
        self.url = url
        self.steps: dict[str, int] = {}
        self.scenarios: list[int] = []

    def build(self) -> Stage:
        """Make everything; nothing is committed."""
        env, name = self.env, self.plan.name
        self._settings()
        self.tags = env["res.partner.category"].create([{"name": f"Tag {n} of {name}"} for n in range(3)])
        self.lead_tags = env["crm.tag"].create([{"name": f"Tag {n} of {name}"} for n in range(3)])
        self.campaign = env["marketing.phoning.campaign"].create({"name": f"Calls {name}"})
        models = [("server_action_partner_id", "res.partner"), ("server_action_lead_id", "crm.lead")]
        self.actions = {
            field: env["ir.actions.server"]
            .create({"name": f"Of {name}", "model_id": env["ir.model"]._get_id(model), "state": "code", "code": ACTION})
            .id
            for field, model in models
        }
        people: dict[int, tuple] = {}
        for person in self.plan.people:
            record = self._person(person, people)
            people[person.number] = (record._name, record.id)
        for scenario in self.plan.scenarios:
            self._scenario(scenario)
        return Stage(
            plan=self.plan,
            people=people,
            scenarios=self.scenarios,
            steps=self.steps,
            tags=self.tags.ids,
            campaign=self.campaign.id,
            user=env.ref("base.user_admin").id,
        )

    def enter(self, stage: Stage) -> None:
        """Let those in who are inside from the beginning; some are refused, as the settings want it."""
        for number, scenario_id in enumerate(stage.scenarios):
            for model in ("res.partner", "crm.lead"):
                ids = [
                    stage.people[person][1]
                    for scenario, person in stage.plan.entries
                    if scenario == number and stage.people[person][0] == model
                ]
                self.env["marketing.scenario"].browse(scenario_id)._enroll(self.env[model].browse(ids), "hand")

    def _settings(self) -> None:
        count, days = self.plan.cap or (0, 7)
        self.env.company.write(
            {
                "email": "sender@company.example.com",
                "marketing_window_id": False,
                "marketing_cap_count": count,
                "marketing_cap_days": days,
                "marketing_cap_action": "defer" if self.plan.seed % 2 else "skip",
                "country_id": self.env.ref("base.fr").id,
            }
        )
        for key, value in (("sms.endpoint", self.url), ("marketing_scenario.webhook_allow_private", "True")):
            self.env["ir.config_parameter"].set_param(key, value)
        manager = self.env.ref("marketing_scenario.group_scenario_manager")
        self.env.ref("base.user_admin").write({"group_ids": [(4, manager.id)]})

    def _person(self, person: Person, people: dict):
        name = f"{POISON if person.poison else 'Person'} {person.number} of {self.plan.name}"
        values = {"name": name, "phone": self.plan.phone(person.phone), "marketing_optin": person.optin}
        if person.date is not None:
            values[DATES["crm.lead" if person.kind == "lead" else "res.partner"]] = date_after(self.env, person.date)
        if person.kind == "lead":
            own = {"type": "lead", "email_from": self.plan.email(person.email), "contact_name": name}
            contact = people[person.contact][1] if person.contact is not None else False
            return self.env["crm.lead"].create({**values, **own, "partner_id": contact})
        own = {"email": self.plan.email(person.email), "is_company": person.kind == "account", "tz": "Europe/Paris"}
        employer = people[person.employer][1] if person.employer is not None else False
        return self.env["res.partner"].create({**values, **own, "parent_id": employer})

    def _scenario(self, scenario: Scenario) -> None:
        env = self.env
        values = {"name": f"{scenario.name} of {self.plan.name}", **scenario.settings}
        if scenario.window:
            values["window_id"] = env["marketing.window"].create({"name": "Office", "hour_from": 8, "hour_to": 19}).id
        record = env["marketing.scenario"].create(values)
        self.scenarios.append(record.id)
        self._grow(record.start_step_id, "next", scenario.steps)
        for step in scenario.flat():
            if step.kind == "goto":
                env["marketing.scenario.step"].browse(self.steps[step.name]).goto_step_id = self.steps[
                    step.settings["target"]
                ]
        record.action_activate()

    def _grow(self, parent, outcome: str, steps: list) -> None:
        for step in steps:
            place = {"scenario_id": parent.scenario_id.id, "parent_id": parent.id, "outcome": outcome}
            named = {"step_type": step.kind, "name": step.name}
            shared = {
                "expiry_hours": step.settings.get("expiry", 0),
                "keeps_hours": step.settings.get("opening_hours", False),
            }
            own = {**getattr(self, f"_of_{step.kind}")(step), **self._versions(step)}
            parent = parent.create({**place, **named, **shared, **own})
            self.steps[step.name] = parent.id
            outcome = "next"
            for way, inner in step.ways.items():
                self._grow(parent, way, inner)

    def _versions(self, step: Step) -> dict:
        variants = [
            {"name": letter, "share": share, SAID[step.kind]: f"{step.name}, version {letter}"}
            for letter, share in zip("BC", step.settings.get("variants", ()), strict=False)
        ]
        return {"variant_ids": [(0, 0, variant) for variant in variants]} if variants else {}

    # -- settings of each step type -------------------------------------------------------------------------------

    def _of_pause(self, step: Step) -> dict:
        if "shift" in step.settings:
            return {
                "pause_mode": "record",
                "pause_partner_date": DATES["res.partner"],
                "pause_lead_date": DATES["crm.lead"],
                "pause_shift": step.settings["shift"],
                "pause_shift_side": step.settings["side"],
                "pause_no_date": step.settings["empty"],
                "pause_date_passed": step.settings["passed"],
            }
        return {"pause_hours": step.settings["hours"], "pause_days": step.settings["days"]}

    def _of_tag(self, step: Step) -> dict:
        number = step.settings["tag"]
        action = "remove" if step.settings["remove"] else "add"
        return {"tag_id": self.tags[number].id, "tag_lead_id": self.lead_tags[number].id, "tag_action": action}

    def _of_score(self, step: Step) -> dict:
        points = step.settings["points"]
        return {"score_action": "add" if points else "reset", "score_points": points or 0}

    def _of_activity(self, step: Step) -> dict:
        call = self.env.ref("mail.mail_activity_data_call").id
        return {"activity_type_id": call, "activity_summary": step.name, "activity_close": step.settings["close"]}

    def _of_phoning(self, step: Step) -> dict:
        return {"phoning_campaign_id": self.campaign.id}

    def _of_set_field(self, step: Step) -> dict:
        return {"set_field_partner": "function", "set_field_lead": "function", "set_field_value": step.name}

    def _of_server_action(self, step: Step) -> dict:
        return self.actions

    def _of_webhook(self, step: Step) -> dict:
        return {"webhook_url": f"{self.url}/hook"}

    def _of_email(self, step: Step) -> dict:
        body = '<p>Hello <t t-out="object.name"/>, <a href="https://www.example.com/offer">an offer</a>.</p>'
        return {"email_subject": step.name, "email_body_html": body}

    def _of_one_to_one(self, step: Step) -> dict:
        return {"one_to_one_subject": step.name, "one_to_one_body": '<p>Hello <t t-out="object.name"/></p>'}

    def _of_sms(self, step: Step) -> dict:
        return {"sms_body": f"{step.name}: hello"}

    def _of_document(self, step: Step) -> dict:
        text = {"document_subject": step.name, "document_body": "<p>Here it is.</p>"}
        if step.settings["file"]:
            content = base64.b64encode(b"a price list\n")
            return {**text, "document_source": "file", "document_file": content, "document_file_name": "prices.txt"}
        return {
            **text,
            "document_partner_report": "marketing_scenario.report_letter",
            "document_lead_report": "marketing_scenario.report_letter_lead",
        }

    def _of_if(self, step: Step) -> dict:
        negate = {"negate": step.settings["negate"]}
        return {
            "rule_ids": [(0, 0, {**self._rule(name, step), **negate}) for name in step.settings["rules"]],
            "rule_combine": step.settings["combine"],
            "if_wait_hours": step.settings["wait_hours"],
        }

    def _of_switch(self, step: Step) -> dict:
        return {
            "case_ids": [
                (0, 0, {"name": name, "sequence": number, "rule_ids": [(0, 0, self._rule(name, step))]})
                for number, name in enumerate(step.settings["rules"])
            ]
        }

    def _of_scenario(self, step: Step) -> dict:
        return {"scenario_launched_id": self.scenarios[step.settings["scenario"]]}

    def _of_goto(self, step: Step) -> dict:
        return {}

    def _of_end(self, step: Step) -> dict:
        return {}

    def _rule(self, name: str, step: Step) -> dict:
        number = step.settings["tag"]
        if name in STATUS:
            return {
                "kind": "email_status",
                STATUS[name]: True,
                "email_status_operator": "<>" if name == "email_not_delivered" else "=",
            }
        own = {
            "tag": {"tag_id": self.tags[number].id, "tag_lead_id": self.lead_tags[number].id},
            "score": {"score_value": step.settings["score"]},
            "consent": {"consent_about": "email"},
            "contact_type": {"contact_type": "professional"},
        }
        return {"kind": name, **own.get(name, {})}
