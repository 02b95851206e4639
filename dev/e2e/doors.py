"""How people come into the scenario: each door as somebody outside uses it."""

from e2e import visitor
from e2e.checks import wait_until
from e2e.people import Person
from e2e.rpc import Fault
from e2e.walk import Walk


def enter(walk: Walk, people: list[Person]) -> None:
    """Let everybody in, and find the runs that came of it."""
    doors = {
        "form": by_form,
        "browser": by_browser,
        "plus": by_plus,
        "jsonrpc": by_jsonrpc,
        "xmlrpc": by_xmlrpc,
        "json2": by_json2,
    }
    for person in people:
        if person.door not in ("form", "browser"):
            person.record_id = make_record(walk, person)
        doors[person.door](walk, person)
    wait_until("everybody is in the scenario", lambda: find_runs(walk, people))


def make_record(walk: Walk, person: Person) -> int:
    """Create the person's contact, account or lead."""
    if person.kind == "lead":
        values = {"name": f"Project of {person.name}", "contact_name": person.name, "email_from": person.address}
    else:
        values = {"name": person.name, "email": person.address, "is_company": person.kind == "account"}
    return walk.api.create(person.model, **values, marketing_optin=person.consent)


def answers(person: Person) -> dict[str, str]:
    """What the person writes into the form."""
    first, last = person.name.split(" ", 1)
    return {"first_name": first, "last_name": last, "email": person.address, "consent": "1"}


def by_form(walk: Walk, person: Person) -> None:
    """The public form, without a browser."""
    response = visitor.fill_form(walk.flow.entry_form["public_url"], **answers(person))
    walk.checks.same(response.status_code, 303, f"{person.name}: the form thanks")


def by_browser(walk: Walk, person: Person) -> None:
    """The public form in Chromium."""
    if not walk.chromium:
        walk.checks.that(False, "there is no browser: the form cannot be filled in one")
        by_form(walk, person)
        return
    title = visitor.fill_form_in_browser(walk.chromium, walk.flow.entry_form["public_url"], **answers(person))
    walk.checks.same(title, "Restons en contact", f"{person.name}: the page that thanks")


def by_plus(walk: Walk, person: Person) -> None:
    """The "+" of the Marketing pane, pressed by a salesman."""
    values = {"res_model": person.model, "res_ids": [person.record_id], "door": "hand"}
    dialog = walk.salesman.create("marketing.scenario.enroll", **values, scenario_id=walk.flow.scenario_id)
    walk.salesman("marketing.scenario.enroll", "action_confirm", [dialog])


def by_jsonrpc(walk: Walk, person: Person) -> None:
    """``enroll`` over JSON-RPC."""
    record = (person.model, [person.record_id])
    entered(walk, person, walk.api("marketing.scenario", "enroll", [walk.flow.scenario_id], *record))


def by_xmlrpc(walk: Walk, person: Person) -> None:
    """``enroll`` over XML-RPC."""
    record = (person.model, [person.record_id])
    entered(walk, person, walk.xmlrpc("marketing.scenario", "enroll", [walk.flow.scenario_id], *record))


def by_json2(walk: Walk, person: Person) -> None:
    """``enroll`` over ``/json/2`` with an API key."""
    arguments = {"ids": [walk.flow.scenario_id], "res_model": person.model, "res_ids": [person.record_id]}
    entered(walk, person, walk.json2("marketing.scenario", "enroll", **arguments))


def entered(walk: Walk, person: Person, answer: dict) -> None:
    """Check what ``enroll`` answered."""
    walk.checks.same((len(answer["enrolled"]), answer["refused"]), (1, {}), f"{person.name}: answer of enroll()")


def find_runs(walk: Walk, people: list[Person]) -> bool:
    """Find each person's run, and the records that the forms made; tell whether all are there."""
    for person in people:
        if not person.record_id:
            found = walk.api.read("res.partner", [("email", "=", person.address)], "name")
            person.record_id = found[0]["id"] if found else 0
    runs = {}
    for run in walk.flow.enrollments():
        model, target = ("crm.lead", run["lead_id"]) if run["lead_id"] else ("res.partner", run["partner_id"])
        runs[model, target and target[0]] = run["id"]
    for person in people:
        person.enrollment_id = runs.get((person.model, person.record_id), 0)
    return all(person.enrollment_id for person in people)


def closed_doors(walk: Walk, person: Person) -> None:
    """Who is inside cannot enter again, and a salesman cannot make a scenario."""
    answer = walk.api("marketing.scenario", "enroll", [walk.flow.scenario_id], person.model, [person.record_id])
    walk.checks.same(answer, {"enrolled": [], "refused": {str(person.record_id): "already_inside"}}, "second entry")
    try:
        walk.salesman.create("marketing.scenario", name="Not mine to make")
    except Fault:
        return
    walk.checks.that(False, "a salesman must not be able to make a scenario")
