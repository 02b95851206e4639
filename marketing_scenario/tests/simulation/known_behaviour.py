"""Random scenarios, people and what they do with their messages: foretold by the dry run, then lived (S55).

Everything comes from a seed. What each person does with each message is decided beforehand, so both have it in common.
"""

import base64
import heapq
from datetime import datetime, timedelta
from random import Random

from odoo import fields
from odoo.tools import SQL

from ...models.simulation.apart import crowd_world
from ...models.simulation.behaviour import Behaviour
from ...models.simulation.crowd import Crowd

BEGIN = datetime(2026, 3, 2, 10, 0)
HORIZON = timedelta(days=40)
PEOPLE = 12
LEVELS = 2  # of conditions below each other
BODY = '<p>Hello <t t-out="object.marketing_first_name">you</t></p><a href="https://shop.example.com/offer">Buy</a>'
PLAIN = ("email", "email", "one_to_one", "sms", "document", "pause", "pause", "tag", "score", "set_field", "activity")
RULES = ("tag", "score", "consent", "contact_type", "link_clicked", "email_status")
REACTIONS = ((), (), ("opened",), ("opened", "clicked"), ("opened", "replied"))
NO_RATES = {}  # what people do is known


class Known(Behaviour):
    """Behaviour that is no matter of chance."""

    def __init__(self, story, env):
        super().__init__(0, NO_RATES)
        self.story, self.env = story, env

    def expect(self, messages, now):
        """Look up what is known."""
        for trace in self.env["mailing.trace"].browse([message.id for message in messages]):
            for moment, kind in self.story.reactions(trace, now):
                self.will(kind, moment, trace.id)

    def link(self, trace_id, links):
        """Every mail has one link to choose."""
        return links[0][0]


class Story:
    """One scenario with its people; the caller undoes it."""

    def __init__(self, env, seed):
        self.env, self.seed, self.draw = env, seed, Random(seed)
        self.steps = 0
        self.at(BEGIN)
        self._settings()
        self.people = self.env["res.partner"].create([self._person(number) for number in range(PEOPLE)])
        self.other = self._scenario("Other", ["pause", "tag"])
        self.scenario = self._scenario("Story")
        self._grow(self.scenario.start_step_id, "next", LEVELS)
        (self.scenario + self.other)._set_state("active")
        self.env.flush_all()

    def at(self, moment):
        """Set the clock of this transaction."""
        self.env.flush_all()
        self.env.cr._now = moment

    # -- what is told ------------------------------------------------------------------------------------------------

    def foretold(self):
        """What the dry run says: see ``_told``."""
        with crowd_world(self.env, BEGIN, self.people) as env:
            crowd = Crowd(env, env["marketing.scenario"].browse(self.scenario.id), None)
            crowd.behaviour = Known(self, env)
            crowd.enter(env["res.partner"].browse(self.people.ids))
            crowd.walk(BEGIN + HORIZON)
            return self._told(env)

    def simulated(self, person):
        """What the simulation of one says of a person who does nothing: ``[(step id, moment)]``."""
        deeds = [{"do": "until", "moment": fields.Datetime.to_string(BEGIN + HORIZON)}]
        path = self.scenario.simulate("res.partner", person.id, deeds, start=fields.Datetime.to_string(BEGIN))["path"]
        return [(row["step_id"], row["at"]) for row in path]

    def lived(self):
        """What then happens: the engine, the events and the queues work, whenever something is due."""
        self.scenario._enroll(self.people, "simulation")
        coming, seen = [], self.env["mailing.trace"]
        events, engine = self.env["marketing.automatism.event"], self.env["marketing.scenario.engine"]
        while (moment := self._next(coming)) and moment <= BEGIN + HORIZON:
            self.at(max(moment, self.env.cr.now()))
            while coming and coming[0][0] <= moment:
                _moment, _number, kind, trace = heapq.heappop(coming)
                self._react(trace, kind)
            self._work_off(events)
            engine._run_due()
            messages = [("marketing_enrollment_id", "in", self._runs().ids), ("trace_status", "=", "outgoing")]
            sent = self.env["mailing.trace"].search(messages, order="id") - seen
            seen += sent
            self._deliver(sent)
            for trace in sent.filtered(lambda one: one.trace_type == "mail"):
                for at, kind in self.reactions(trace, moment):
                    heapq.heappush(coming, (at, len(coming) + len(seen), kind, trace))
            self._work_off(events)
        return self._told(self.env)

    def reactions(self, trace, now):
        """``[(moment, kind)]``: what the addressee does with a mail."""
        number = self.people.ids.index(trace.res_id)
        if not number % 3:
            return []  # idle
        draw = Random(f"{self.seed} {number} {trace.mass_mailing_id.marketing_step_id.name}")
        moment = now + timedelta(minutes=draw.choice([3, 40, 300, 2000]))
        return [(moment, kind) for kind in draw.choice(REACTIONS)]

    def idle(self):
        """One of those who never react and are not held out, with whom a simulation walks alike; or nobody."""
        held = self.scenario._held_out(self.people)
        return self.people[::3].filtered(lambda person: person.id not in held)[:1]

    def _told(self, env):
        """``{person id: [(scenario, state, why it ended, [(step, event, outcome, reason, moment)]) of each run]}``."""
        env.flush_all()
        env.invalidate_all()
        told = {}
        for run in env["marketing.scenario.enrollment"].search(
            [("scenario_id", "in", (self.scenario + self.other).ids)], order="id"
        ):
            path = [
                (trace.step_id.name, trace.event, trace.outcome, trace.reason, str(trace.at))
                for trace in run.trace_ids.sorted("id")
            ]
            told.setdefault(run.partner_id.id, []).append((run.scenario_id.name, run.state, run.end_reason, path))
        return told

    # -- the world in which it is lived --------------------------------------------------------------------------------

    def _runs(self):
        return self.env["marketing.scenario.enrollment"].search(
            [("scenario_id", "in", (self.scenario + self.other).ids)]
        )

    def _next(self, coming):
        running = self._runs().filtered(lambda run: run.state == "running").mapped("next_run_at")
        return min([*running, *(entry[0] for entry in coming[:1])], default=None)

    def _react(self, trace, kind):
        if kind == "opened":
            trace.set_opened()
        elif kind == "replied":
            trace.set_replied()
        else:
            link = self.env["link.tracker"].search([("mass_mailing_id", "=", trace.mass_mailing_id.id)], limit=1)
            if link:
                self.env["link.tracker.click"].add_click(link.code, mailing_trace_id=trace.id)
        self.env.flush_all()
        for column in ("open_datetime", "links_click_datetime", "reply_datetime"):  # Odoo's own clock wrote them
            self.env.cr.execute(
                SQL(
                    "UPDATE mailing_trace SET %(column)s = %(now)s WHERE id = %(id)s AND %(column)s > %(now)s",
                    column=SQL.identifier(column),
                    now=self.env.cr.now(),
                    id=trace.id,
                )
            )
        trace.invalidate_recordset()

    def _deliver(self, traces):
        """They leave at once; that Odoo writes its own clock's moment on them must not matter."""
        waiting = traces.filtered(lambda trace: trace.trace_status == "outgoing")
        waiting.set_sent()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mailing_trace SET create_date = %(now)s, sent_datetime = %(now)s WHERE id = ANY(%(ids)s)",
            {"now": self.env.cr.now(), "ids": waiting.ids},
        )
        waiting.invalidate_recordset()

    def _work_off(self, events):
        while events._process():
            pass

    # -- the scenario and its people -----------------------------------------------------------------------------------

    def _settings(self):
        draw = self.draw
        count, days = draw.choice([(0, 7), (0, 7), (2, 3), (3, 7)])
        office = self.env["marketing.window"].create({"name": "Office", "hour_from": 8, "hour_to": 19})
        self.env.company.write(
            {
                "email": "sender@company.example.com",
                "country_id": self.env.ref("base.fr").id,
                "marketing_window_id": office.id if draw.random() < 0.3 else False,
                "marketing_cap_count": count,
                "marketing_cap_days": days,
                "marketing_cap_action": draw.choice(["defer", "skip"]),
            }
        )
        self.env.company.partner_id.tz = "Europe/Paris"
        self.tags = self.env["res.partner.category"].create([{"name": f"T{number}"} for number in range(2)])

    def _person(self, number):
        draw = self.draw
        return {
            "name": f"Person {number}",
            "email": f"person{number}@known.example.com" if draw.random() < 0.9 else False,
            "phone": f"+336390000{number:02}" if draw.random() < 0.8 else False,
            "is_company": draw.random() < 0.1,
            "tz": draw.choice(["Europe/Paris", "America/New_York", False]),
            "marketing_optin": draw.random() < 0.85,
            "marketing_optin_date": BEGIN + timedelta(days=draw.randint(-2, 9)) if draw.random() < 0.6 else False,
            "category_id": [(6, 0, draw.sample(self.tags.ids, draw.randint(0, 1)))],
        }

    def _scenario(self, name, kinds=()):
        settings = {
            "name": name,
            "on_refused": self.draw.choice(["go_on", "go_on", "wait", "leave"]),
            "visit_limit": 3,
            "company_id": self.env.company.id,
            "control_percent": self.draw.choice([0, 0, 30]),
        }
        scenario = self.env["marketing.scenario"].create(settings)
        parent = scenario.start_step_id
        for kind in kinds:
            parent = self._add(parent, "next", kind)
        if kinds:
            self._add(parent, "next", "end")
        return scenario

    def _grow(self, parent, outcome, levels, pauses=()):
        draw, pauses = self.draw, [*pauses]
        for _number in range(draw.randint(2, 4)):
            parent, outcome = self._add(parent, outcome, draw.choice(PLAIN)), "next"
            if parent.step_type == "pause" and parent.pause_mode == "duration":
                pauses.append(parent)
        if levels and draw.random() < 0.9:
            fork = self._add(parent, outcome, draw.choice(["if", "if", "switch"]))
            for way in fork._outcome_codes():
                self._grow(fork, way, levels - 1, pauses)
        elif pauses and draw.random() < 0.25:
            self._add(parent, outcome, "goto").goto_step_id = draw.choice(pauses)
        elif draw.random() < 0.2:
            self._add(parent, outcome, "scenario")
        else:
            self._add(parent, outcome, "end")

    def _add(self, parent, outcome, kind):
        self.steps += 1
        place = {"scenario_id": parent.scenario_id.id, "parent_id": parent.id, "outcome": outcome}
        settings = getattr(self, f"_of_{kind}", dict)()
        if kind in PLAIN[:5] and self.draw.random() < 0.2:
            settings["expiry_hours"] = self.draw.choice([5, 40])
        return parent.create({**place, "step_type": kind, "name": f"{self.steps} {kind}", **settings})

    def _of_email(self):
        return {"email_subject": "Hi", "email_body_html": BODY}

    def _of_one_to_one(self):
        return {"one_to_one_subject": "Hi", "one_to_one_body": "<p>Hello</p>"}

    def _of_sms(self):
        return {"sms_body": "Hello"}

    def _of_document(self):
        file = {"document_file": base64.b64encode(b"prices\n"), "document_file_name": "prices.txt"}
        return {"document_subject": "Hi", "document_body": "<p>Here</p>", "document_source": "file", **file}

    def _of_pause(self):
        draw = self.draw
        if draw.random() < 0.25:
            return {
                "pause_mode": "record",
                "pause_partner_date": "marketing_optin_date",
                "pause_shift": draw.choice([0, 1, 2]),
                "pause_no_date": draw.choice(["go_on", "leave"]),
            }
        return {"pause_hours": draw.choice([0.5, 3, 20]), "pause_days": draw.choice([0, 0, 2])}

    def _of_tag(self):
        return {"tag_id": self.draw.choice(self.tags.ids), "tag_action": self.draw.choice(["add", "add", "remove"])}

    def _of_score(self):
        return {"score_points": self.draw.choice([1, 5, 10])}

    def _of_set_field(self):
        return {"set_field_partner": "function", "set_field_value": "Known"}

    def _of_activity(self):
        return {"activity_type_id": self.env.ref("mail.mail_activity_data_call").id, "activity_summary": "Call"}

    def _of_scenario(self):
        return {"scenario_launched_id": self.other.id}

    def _of_if(self):
        draw = self.draw
        return {
            "rule_ids": [(0, 0, self._rule()) for _number in range(draw.randint(1, 2))],
            "rule_combine": draw.choice(["all", "any"]),
            "if_wait_hours": draw.choice([0, 6, 60]),
        }

    def _of_switch(self):
        cases = [{"name": f"Case {number}", "rule_ids": [(0, 0, self._rule())]} for number in range(2)]
        return {"case_ids": [(0, 0, case) for case in cases]}

    def _rule(self):
        draw, kind = self.draw, self.draw.choice(RULES)
        own = {
            "tag": {"tag_id": draw.choice(self.tags.ids)},
            "score": {"score_value": draw.choice([1, 5, 12])},
            "consent": {"consent_about": "email"},
            "contact_type": {"contact_type": "professional"},
            "email_status": {"email_is_opened": True},
        }
        return {"kind": kind, "negate": draw.random() < 0.25, **own.get(kind, {})}
