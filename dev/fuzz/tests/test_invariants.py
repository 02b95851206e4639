"""Each check finds what it is for, in facts made by hand, and is silent on a round in which all went well."""

import unittest
from datetime import datetime, timedelta

from fuzz import invariants
from fuzz.facts import Arrival, Deed, Facts, Message, Run, Step, Trace

NOW = datetime(2026, 3, 2, 10)
PARTNER, OTHER = ("res.partner", 1), ("res.partner", 2)


def trace(number, step, outcome=None, event=None, **more):
    return Trace(number, step, event, outcome, **{"reason": None, "message": None, "at": NOW, "sent": None, **more})


def run(number=1, record=1, **more):
    """A run that went through the mail of ``good_facts`` and the score to its end."""
    path = [trace(1, 1, event="entered"), trace(2, 2, "next"), trace(3, 3, "next"), trace(4, 4, event="end")]
    values = {
        "scenario": 1,
        "step": 4,
        "state": "done",
        "model": "res.partner",
        "record": record,
        "contact": record,
        "email": f"p{record}@example.com",
        "is_company": False,
        "person_key": f"email:p{record}@example.com",
        "person_now": f"email:p{record}@example.com",
        "next_run_at": None,
        "wait_reason": None,
        "end_reason": "end_step",
        "entered_at": NOW - timedelta(days=1),
        "ended_at": NOW - timedelta(hours=5),
        "error": None,
        "path": path,
    }
    return Run(number, **{**values, **more})


def good_facts():
    """One person got a mail and points, and came to the end."""
    steps = [
        Step(1, 1, "start", "Start", None, "next", None, ("next",)),
        Step(2, 1, "email", "mail", 1, "next", None, ("next",)),
        Step(3, 1, "score", "points", 2, "next", None, ("next",)),
        Step(4, 1, "end", "End", 3, "next", None, ()),
    ]
    message = Message(1, "mail", 1, 2, *PARTNER, "p1@example.com", "sent", None, "<1@x>", NOW, None)
    return Facts(
        now=NOW,
        runs={1: run()},
        steps={step.id: step for step in steps},
        messages={1: message},
        arrivals=[arrival()],
        deeds=[],
        scenarios=[1],
        people={0: PARTNER, 1: OTHER},
        alive={PARTNER, OTHER},
        edited=set(),
        exclusive=set(),
        goes_round=set(),
        cap=None,
        queue_kills=0,
        effects={("message", 1, 2): 1},
        points={"points": 1},
        scores=[("res.partner", 1, 5, 5)],
        counters=[("running_count", 0, 0)],
        orphans={"mails": 0},
        poison=set(),
    )


def arrival(key="<1@x>", at=100.0, queue_began=99.0, address="p1@example.com"):
    return Arrival("mail", address, key, at, queue_began)


def deed(name, person=0, ended=50.0, result="done", words="", **more):
    return Deed(0, name, person, more.pop("other", 1), 0, ended - 1, ended, result, words, **more)


def refusal(ended):
    words = {"channel": "email", "record": list(PARTNER), "addresses": ["p1@example.com"]}
    return deed("opt_out", ended=ended, words=words)


class TestInvariants(unittest.TestCase):
    def setUp(self):
        self.facts = good_facts()

    def found(self):
        return [breach.words for breach in invariants.breaches(self.facts)]

    def assertFound(self, words):
        self.assertEqual(len(self.found()), 1, self.found())
        self.assertIn(words, self.found()[0])

    def second_message(self, run_id=1, key="<2@x>"):
        self.facts.messages[2] = Message(2, "mail", run_id, 2, *PARTNER, "p1@example.com", "sent", None, key, NOW, None)
        self.facts.arrivals.append(arrival(key))

    def live(self, **more):
        """The run stands on its score step instead."""
        path = self.facts.runs[1].path[:2]
        values = {
            "state": "running",
            "step": 3,
            "next_run_at": NOW + timedelta(1),
            "end_reason": None,
            "ended_at": None,
        }
        self.facts.runs[1] = run(**{**values, "path": path, **more})
        self.facts.points = {}

    def test_a_good_round_has_no_findings(self):
        self.assertEqual(self.found(), [])

    def test_effect_without_its_visit(self):
        self.facts.effects["message", 1, 2] = 2
        self.assertFound("run 1 passed “mail” 1 times, and there are 2 × message")

    def test_effect_missing(self):
        self.facts.effects = {}
        self.assertFound("there are 0 × message")

    def test_effect_that_went_with_an_erased_person(self):
        self.facts.effects = {}
        self.facts.deeds = [deed("erase", words=[list(PARTNER)])]
        self.facts.messages, self.facts.arrivals = {}, []
        self.assertEqual(self.found(), [])

    def test_score_counted_twice(self):
        self.facts.points = {"points": 2}
        self.assertFound("“points” was passed 1 times: 2 rows")

    def test_message_twice_in_a_run(self):
        self.second_message()
        self.assertFound("2 messages of step mail arrived in 1 visits of run 1")

    def test_message_twice_after_a_way_back_is_fine(self):
        self.second_message()
        self.facts.runs[1].path[1:1] = [trace(9, 1, event="moved", message="Start")]
        self.assertEqual(self.found(), [])

    def test_message_twice_to_a_person_with_two_records(self):
        self.second_message(run_id=2)
        self.facts.runs[2] = run(2, record=2, email="x@example.com", person_key="email:p1@example.com")
        self.facts.runs[2].path = [trace(1, 1, event="entered"), trace(2, 2, "next"), trace(3, 2, "next")]
        self.facts.runs[2].entered_at = NOW - timedelta(hours=12)
        found = invariants.no_message_twice_to_a_person(self.facts)
        self.assertEqual([breach.runs for breach in found], [(1, 2)])

    def test_the_same_mail_twice(self):
        self.facts.arrivals.append(arrival())
        self.assertFound("1 messages arrived again after the queue was killed 0 times")
        self.facts.queue_kills = 1
        self.assertEqual(self.found(), [])

    def test_refusal_before_the_queue_began(self):
        self.facts.deeds = [refusal(ended=98.0)]
        self.assertFound("by a queue that began 1.00 s after opt_out")

    def test_refusal_while_the_queue_was_running(self):
        self.facts.deeds = [refusal(ended=99.5)]
        self.assertEqual(self.found(), [])

    def test_refusal_of_somebody_who_became_somebody_else(self):
        self.facts.deeds = [refusal(ended=98.0), deed("edit_email", ended=98.6)]
        self.assertEqual(self.found(), [])

    def test_sent_and_never_arrived(self):
        self.facts.arrivals = []
        self.assertFound("known as sent and never arrived")

    def test_arrived_and_not_known(self):
        self.facts.messages[1].status = "outgoing"
        self.assertFound("arrived and is known as outgoing")

    def test_arrived_and_cancelled_when_the_queue_came_again(self):
        self.facts.messages[1].status = "cancel"
        self.assertFound("arrived and is known as cancel")
        self.facts.queue_kills = 1
        self.assertEqual(self.found(), [])

    def test_cap(self):
        self.facts.cap = (1, 3)
        self.second_message()
        self.facts.runs[1].path[1:1] = [trace(9, 1, event="moved", message="Start")]
        self.assertFound("p1@example.com got 2 messages")
        self.facts.messages[2].at = NOW + timedelta(days=3)
        self.assertEqual(self.found(), [])

    def test_two_live_runs_of_one_address(self):
        self.live()
        self.facts.runs[2] = Run(**{**vars(self.facts.runs[1]), "id": 2, "record": 2, "contact": 2})
        self.facts.effects["message", 2, 2] = 1
        self.assertFound("the runs 1 and 2 are of one person (email p1@example.com)")

    def test_run_that_knows_somebody_else(self):
        self.live(person_now="email:new@example.com")
        self.assertFound("says it is of email:p1@example.com, and is of email:new@example.com")

    def test_exclusive_scenario(self):
        self.facts.exclusive = {1}
        other = run(2, scenario=2, entered_at=NOW - timedelta(days=9), path=[trace(1, None, event="entered")])
        self.facts.runs[2] = other
        self.assertFound("run 1 entered a scenario for itself while run 2 was inside another")
        other.ended_at = NOW - timedelta(days=8)
        self.assertEqual(self.found(), [])

    def test_running_without_a_next_moment(self):
        self.live(next_run_at=NOW - timedelta(days=1))
        self.assertFound("run 1 runs with next moment")

    def test_running_without_target(self):
        self.live(record=None)
        self.assertFound("run 1 runs with no target")

    def test_ended_without_reason(self):
        self.facts.runs[1].end_reason = None
        self.assertFound("run 1 is done: reason None")

    def test_error_without_cause(self):
        self.live(state="error", error="boom")
        self.assertFound("run 1 is parked: boom")
        self.facts.poison = {PARTNER}
        self.assertEqual(self.found(), [])

    def test_told_to_be_inside_and_is_not(self):
        self.facts.deeds = [deed("enroll", words="S0: {'enrolled': [1, 5], 'refused': {}}")]
        self.assertFound("run 5, told to a user, does not exist")

    def test_step_left_out(self):
        self.live(step=4, path=[trace(1, 1, event="entered"), trace(3, 3, "next")])
        self.facts.effects, self.facts.points = {}, {"points": 1}
        self.assertFound("run 1: points:next (trace 3) does not follow, it stood on mail")

    def test_moved_to_a_place_that_was_erased_with_the_person(self):
        path = [trace(1, 1, event="entered"), trace(2, 2, event="moved"), trace(3, 4, event="end")]
        self.facts.runs[1].path = path
        self.assertEqual(list(invariants.paths_are_legal(self.facts)), [])
        path.append(trace(4, 3, "next"))
        self.assertEqual(len(list(invariants.paths_are_legal(self.facts))), 1)

    def test_put_back_after_it_was_stopped(self):
        self.facts.runs[1].path[1:1] = [
            trace(7, 2, event="stopped"),
            trace(8, 2, event="not_put_back"),
            trace(9, 2, event="put_back"),
        ]
        self.assertEqual(list(invariants.paths_are_legal(self.facts)), [])

    def test_standing_elsewhere(self):
        self.live(step=2)
        self.assertFound("run 1 stands on mail, its path leads to points")

    def test_walking_after_the_end(self):
        self.facts.runs[1].path.append(trace(9, 3, "next"))
        self.facts.points = {"points": 2}
        self.assertFound("and was over")

    def held_out(self, **more):
        path = [trace(1, 1, event="held_out")]
        values = {"step": None, "state": "control", "end_reason": "control_group", "path": path}
        return run(2, **{**values, **more})

    def test_held_out_and_got_something(self):
        self.facts.runs[2] = self.held_out(record=2, person_key="email:p2@example.com")
        self.assertEqual(self.found(), [])
        self.facts.effects["activity", 2, 99] = 1
        self.assertFound("run 2 is held out and 1 × activity")
        self.facts.effects.pop(("activity", 2, 99))
        self.facts.runs[2].path.append(trace(2, 2, event="moved", message="mail"))
        self.assertFound("run 2 is held out and passed mail: moved")

    def test_held_out_and_walking(self):
        self.facts.runs[2] = self.held_out()
        self.assertFound("email:p1@example.com is held out of scenario 1 and walks there")
        self.facts.deeds = [deed("change_share")]
        self.assertEqual(self.found(), [])

    def test_two_versions_for_a_person(self):
        self.second_message()
        self.facts.messages[2].variant = 7
        self.facts.runs[1].path[1:1] = [trace(9, 1, event="moved", message="Start")]
        self.assertFound("email:p1@example.com got “mail” in the versions [7, None]")
        self.facts.deeds = [deed("use_version")]
        self.assertEqual(self.found(), [])

    def test_another_version_than_the_chosen_one(self):
        self.facts.steps[2].decided_at, self.facts.steps[2].winner = NOW - timedelta(hours=3), 7
        self.assertFound("is version None, chosen was 7")
        self.facts.messages[1].variant = 7
        self.assertEqual(self.found(), [])

    def test_counter(self):
        self.facts.counters = [("running_count of S0", 2, 1)]
        self.assertFound("running_count of S0 shows 2, there are 1")

    def test_score(self):
        self.facts.scores = [("crm.lead", 4, 7, 5)]
        self.assertFound("crm.lead 4 has 7 points, its history 5")

    def test_leftover(self):
        self.facts.orphans = {"mails that wait": 3}
        self.assertFound("3 mails that wait")

    def test_crash_of_a_click(self):
        self.facts.deeds = [deed("archive", result="crashed", words="KeyError: 1")]
        self.assertFound("archive of person 0: crashed: KeyError: 1")
        self.facts.deeds = [deed("archive", result="refused", words="This person is inside.")]
        self.assertEqual(self.found(), [])
