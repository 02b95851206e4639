"""The days before: people walk, mails arrive and are answered, forms are filled, some runs end in each possible way."""

from datetime import timedelta

from odoo import fields

from upgrade.old_world.world import World

VISITOR = {"ip": "203.0.113.7", "user_agent": "a browser", "api": True, "trusted": True}
TRIES = 6  # five retries, then the run is parked


def live(world: World) -> None:
    """Live through them."""
    _everybody_enters(world)
    world.walk()
    world.deliver()
    _reactions(world)
    _forms(world)
    _trouble(world)
    _ends(world)
    _interventions(world)
    _calls(world)
    world.deliver()
    world.walk()
    world.env["marketing.scenario.query"].search([]).action_run()
    world.walk()


def _everybody_enters(world: World) -> None:
    status = world.env["marketing.account.status"].search([("name", "=", "Dormant")])
    company = world.contact("company", is_company=True, account_status_id=status.id)
    people = ("sleeper", "clicker", "opener", "bouncer", "leaver", "archived", "deleted", "held", "resumed", "put off")
    waiting = ("deadline", "awaited", "important", "held in wait", "late", "crowned")
    for role in (*people, *waiting):
        world.contact(role)
    world.people["clicker"].parent_id = company
    world.contact("unwilling", marketing_optin=False)
    world.enroll("Long way", "company", *people, *waiting, "unwilling")
    for role in ("sleeping lead", "lost lead", "won lead", "twin lead", "other twin"):
        world.lead(role, type="opportunity" if role == "other twin" else "lead")
    world.enroll("Leads", "sleeping lead", "lost lead", "won lead", "twin lead", "other twin")
    for role in ("fits none", "has points"):
        world.contact(role)
    world.enroll("Rules", "fits none", "has points")
    for role in ("shut window", "without consent", "returning", "looked for", "in a held one", "early bird"):
        world.contact(role, marketing_optin=role != "without consent")
    world.enroll("Window", "shut window")
    world.enroll("Patience", "without consent")
    world.enroll("Again", "returning")
    world.enroll("Looking", "looked for")
    world.enroll("Held", "in a held one")
    world.enroll("Season", "early bird")
    world.contact("wanted", ref="wanted")


def _reactions(world: World) -> None:
    """What people do with their mails."""
    traces = {
        role: world.runs[role].sudo().trace_ids.mailing_trace_id.sorted("id")[:1]
        for role in ("clicker", "opener", "bouncer")
    }
    assert all(trace.trace_status == "sent" for trace in traces.values()), "the first mails have left"
    traces["opener"].set_opened()
    link = world.system["link.tracker"].search(
        [("mass_mailing_id", "=", traces["clicker"].mass_mailing_id.id)], limit=1
    )
    world.system["link.tracker.click"].add_click(link.code, mailing_trace_id=traces["clicker"].id, ip="203.0.113.9")
    traces["clicker"].set_opened()
    traces["clicker"].set_clicked()
    traces["bouncer"].set_bounced(bounce_message="5.1.1 user unknown")


def _forms(world: World) -> None:
    """Submissions in each state, by people who are known and who are not; and the score that qualifies."""
    world.env["marketing.engagement.point"].browse(world.known["form"])._count_view()
    post(world, "form", email="opener@example.org", consent="1")
    post(world, "form", first_name="Fleur", last_name="Neuve", email="fleur@example.org", consent="1")
    post(world, "form", first_name="Robot", email="robot@example.org", hp_site="spam")
    world.people["opener"]._add_score(45, "Seen at the fair", "fair")
    world.people["has points"]._add_score(50, "Seen at the fair", "fair")
    world.people["leaver"]._add_score(9, "Seen at the fair", "fair")
    world.people["leaver"]._reset_score("Forgotten", "fair")


def post(world: World, form: str, **answers: str):
    """Fill a public form as a program does; return the submission."""
    point = world.env["marketing.engagement.point"].browse(world.known[form])
    answer = point._public_point(point.token, "en_US")._intake(answers, VISITOR)
    assert answer["status"] == "ok", answer
    return world.system["marketing.engagement.submission"].search([], order="id desc", limit=1)


def _trouble(world: World) -> None:
    """One is parked after the last retry, one has still some tries before them."""
    world.contact("parked")
    world.enroll("Trouble", "parked")
    for _try in range(TRIES):
        world.make_due("parked")
        world.walk()
    world.contact("retried")
    world.enroll("Trouble", "retried")
    for _try in range(2):
        world.make_due("retried")
        world.walk()


def _ends(world: World) -> None:
    """Runs end in every way."""
    world.runs["leaver"].action_take_out()
    world.people["archived"].action_archive()
    world.people.pop("deleted").unlink()
    world.people["lost lead"].action_set_lost()
    world.people["won lead"].action_set_won()
    # The lead of the run that goes on is merged into the other one, which inherits the run.
    survivor = (world.people["twin lead"] + world.people.pop("other twin")).merge_opportunity()
    assert survivor == world.runs["twin lead"].lead_id, "the run goes on with the lead that is left"
    world.people["twin lead"] = survivor
    finisher = world.contact("finisher")
    world.enroll("Long way", "finisher")
    world.walk()
    # Through the whole tree: the nap is over, the condition holds, another scenario is launched.
    finisher.category_id |= world.tag("Hot")
    world.make_due("finisher")
    world.walk()
    _second_runs(world)


def _second_runs(world: World) -> None:
    """A second run, and entries that are refused."""
    world.enroll("Again", "returning")
    world.scenarios["Again"].enroll("res.partner", world.people["sleeper"].ids)
    for name, role in (("Alone", "sleeper"), ("Long way", "sleeper"), ("Leads", "sleeper"), ("Draft", "company")):
        person = world.people[role]
        refused = world.scenarios[name].enroll(person._name, person.ids)["refused"]
        assert refused, f"{role} should be refused by {name}"
    world.walk()


def _interventions(world: World) -> None:
    """Runs are held, resumed, put off and moved by hand; a condition is met, and one waits in vain."""
    world.runs["held"].action_pause()
    world.runs["resumed"].action_pause()
    world.runs["put off"]._reschedule(fields.Datetime.now() + timedelta(days=90))
    world.commit()
    world.runs["resumed"].action_resume()
    for role in ("deadline", "awaited", "important", "held in wait", "late", "crowned"):
        world.runs[role].move_to(world.steps["Long way/Hot yet?"])
    world.walk()
    world.runs["held in wait"].action_pause()
    passed = "UPDATE marketing_scenario_enrollment SET wait_until = now() - interval '1 hour' WHERE id = %s"
    world.sql(passed, world.runs["late"].id)
    world.people["crowned"].category_id |= world.tag("Hot") | world.tag("VIP")
    world.make_due("late", "crowned")
    world.walk()
    world.scenarios["Held"].action_deactivate()


def _calls(world: World) -> None:
    """Calls of the list: some made, one to be made again, the others wait."""
    calls = world.env["marketing.phoning.call"]
    by_role = {
        role: calls.search([("partner_id", "=", world.people[role].id)]) for role in ("clicker", "opener", "bouncer")
    }
    by_role["opener"].callback_at = fields.Datetime.now() + timedelta(days=1)
    for role, outcome in (("clicker", "interested"), ("opener", "callback"), ("bouncer", "no_answer")):
        by_role[role].with_context(outcome=outcome).action_outcome()
