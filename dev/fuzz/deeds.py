"""What users do while people walk: each a function ``(env, stage, deed)`` that says in words what became of it.

They act as the administrator, by the methods behind the buttons. What a method refuses with its own words is fine;
anything else that comes out of a click is a finding.
"""

import json
import time
from functools import partial
from pathlib import Path

from odoo import api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying

from odoo.addons.marketing_scenario.models.conflicts import CONFLICTS

from fuzz.plan import Deed
from fuzz.stage import DATES, Stage, date_after

LIVE = ("running", "paused", "error")
HELD = "control"  # whom buttons must leave where they are


class Nothing(Exception):
    """There is nothing to do it to."""


def clerk(database: str, stage: Stage, number: int, log: Path, seconds: float) -> None:
    """Do the deeds of one process, one after the other, each in a transaction that is tried again on conflict.

    :param seconds: begin none after so long: a slow machine leaves out the last ones
    """
    end = time.time() + seconds
    for deed in stage.plan.clerks[number]:
        time.sleep(deed.wait)
        if time.time() > end:
            break
        carry_out(database, stage, number, deed, log)


def carry_out(database: str, stage: Stage, clerk: int, deed: Deed, log: Path) -> None:
    """Do one deed and note what became of it."""
    began = time.time()
    kind, words = _outcome(database, stage, deed)
    line = {
        "began": began,
        "ended": time.time(),
        "clerk": clerk,
        "deed": deed.name,
        "person": deed.person,
        "other": deed.other,
        "scenario": deed.scenario,
        "result": kind,
        "words": words,
    }
    with log.open("a") as output:
        output.write(json.dumps(line) + "\n")


def _outcome(database: str, stage: Stage, deed: Deed) -> tuple:
    """Click, and once more where Odoo gave up: five tries may all meet others on a machine that has much to do."""
    try:
        return _click(database, stage, deed)
    except CONFLICTS:
        try:
            return _click(database, stage, deed)
        except CONFLICTS as error:
            return "crashed", f"twice {type(error).__name__}: {error}"


def _click(database: str, stage: Stage, deed: Deed) -> tuple:
    registry = Registry(database).check_signaling()
    with registry.cursor() as cr:
        env = api.Environment(cr, stage.user, {})
        try:
            words = retrying(partial(globals()[deed.name], env, stage, deed), env)
            cr.commit()
            registry.signal_changes()
        except Nothing as nothing:
            cr.rollback()
            return "nothing", str(nothing)
        except UserError as error:
            cr.rollback()
            return "refused", str(error)
        except CONFLICTS:
            cr.rollback()
            raise
        except Exception as error:  # noqa: BLE001 what a user would see as a crash is what we look for
            cr.rollback()
            return "crashed", f"{type(error).__name__}: {error}"
    return "done", words


# -- helpers ----------------------------------------------------------------------------------------------------------


def _record(env, stage, number):
    model, record_id = stage.people[number]
    record = env[model].with_context(active_test=False).browse(record_id).exists()
    if not record:
        raise Nothing(f"person {number} is gone")
    return record.with_context(active_test=True)


def _only(record, model):
    if record._name != model:
        raise Nothing(f"not a {model}")
    return record


def _run(env, stage, deed, states=LIVE):
    """A live run of the person."""
    record = _record(env, stage, deed.person)
    runs = env["marketing.scenario.enrollment"].search(
        [(record._marketing_column, "=", record.id), ("state", "in", states)], order="id"
    )
    return _pick(runs, deed, "run")


def _pick(records, deed, what):
    if not records:
        raise Nothing(f"no {what}")
    return records[int(deed.chance * len(records))]


def _scenario(env, stage, deed):
    return env["marketing.scenario"].browse(stage.scenarios[deed.scenario])


def _step(env, stage, deed):
    if not stage.plan.scenarios[deed.scenario].edited:
        raise Nothing("this tree is left alone")
    steps = _scenario(env, stage, deed).step_ids.filtered("parent_id").sorted("id")
    return _pick(steps, deed, "step")


def _email_field(record):
    return "email_from" if record._name == "crm.lead" else "email"


def _message(env, stage, deed, *domain):
    """A mail of the person."""
    record = _record(env, stage, deed.person)
    theirs = [("model", "=", record._name), ("res_id", "=", record.id), ("trace_type", "=", "mail")]
    return _pick(env["mailing.trace"].sudo().search([*theirs, *domain], order="id"), deed, "mail")


# -- entering and leaving ----------------------------------------------------------------------------------------------


def enroll(env, stage, deed):
    record = _record(env, stage, deed.person)
    answer = _scenario(env, stage, deed).enroll(record._name, record.ids)
    return f"{stage.plan.scenarios[deed.scenario].name}: {answer}"


def pause(env, stage, deed):
    run = _run(env, stage, deed, ("running", HELD))
    run.action_pause()
    return f"run {run.id}"


def resume(env, stage, deed):
    run = _run(env, stage, deed, ("paused", "error"))
    run.action_resume()
    return f"run {run.id}"


def move(env, stage, deed):
    run = _run(env, stage, deed, (*LIVE, HELD))
    steps = run.scenario_id.step_ids.sorted("id")
    step = steps[int(deed.chance * len(steps))]
    run.move_to(step)
    return f"run {run.id} to {step.name}"


def take_out(env, stage, deed):
    run = _run(env, stage, deed, (*LIVE, HELD))
    run.action_take_out()
    return f"run {run.id}"


def put_back(env, stage, deed):
    run = _run(env, stage, deed, ("stopped", HELD))
    rejected = run._put_back(keep_time=deed.chance < 0.5)
    return f"run {run.id}: {rejected or 'goes on'}"


def run_now(env, stage, deed):
    run = _run(env, stage, deed, ("running", HELD))
    run.action_run_now()
    return f"run {run.id}"


# -- the record ----------------------------------------------------------------------------------------------------


def edit_email(env, stage, deed):
    record = _record(env, stage, deed.person)
    number = stage.plan.people[deed.other].email if deed.chance < 0.6 else 60 + deed.person
    record.write({_email_field(record): stage.plan.email(number)})
    return f"{record}: {stage.plan.email(number)}"


def edit_phone(env, stage, deed):
    record = _record(env, stage, deed.person)
    number = stage.plan.people[deed.other].phone if deed.chance < 0.6 else 60 + deed.person % 40
    record.write({"phone": stage.plan.phone(number)})
    return f"{record}: {stage.plan.phone(number)}"


def edit_date(env, stage, deed):
    record = _record(env, stage, deed.person)
    days = int(deed.chance * 4)
    record.write({DATES[record._name]: date_after(env, days) if days else False})
    return f"{record}: {f'in {days} days' if days else 'no date'}"


def become_company(env, stage, deed):
    record = _only(_record(env, stage, deed.person), "res.partner")
    record.write({"is_company": not record.is_company})
    return f"{record}: {'account' if record.is_company else 'contact'}"


def merge_contacts(env, stage, deed):
    one, two = (_only(_record(env, stage, number), "res.partner") for number in (deed.person, deed.other))
    if one == two:
        raise Nothing("the same contact")
    env["base.partner.merge.automatic.wizard"]._merge((one + two).ids, one)
    return f"{two} into {one}"


def merge_leads(env, stage, deed):
    one, two = (_only(_record(env, stage, number), "crm.lead") for number in (deed.person, deed.other))
    if one == two:
        raise Nothing("the same lead")
    survivor = (one + two).merge_opportunity()
    return f"{one} and {two}: {survivor} stays"


def convert(env, stage, deed):
    lead = _only(_record(env, stage, deed.person), "crm.lead")
    if deed.chance < 0.4:
        lead._handle_partner_assignment(create_missing=True)
        lead.convert_opportunity(lead.partner_id)
    else:
        model, record_id = stage.people[deed.other]
        contact = env["res.partner"].browse(record_id if model == "res.partner" else []).exists()
        lead.convert_opportunity(contact)
    return f"{lead} of {lead.partner_id}"


def lose(env, stage, deed):
    lead = _only(_record(env, stage, deed.person), "crm.lead")
    lead.action_set_lost()
    return str(lead)


def win(env, stage, deed):
    lead = _only(_record(env, stage, deed.person), "crm.lead")
    lead.action_set_won()
    return str(lead)


def archive(env, stage, deed):
    record = _record(env, stage, deed.person)
    record.action_archive()
    return str(record)


def unarchive(env, stage, deed):
    record = _record(env, stage, deed.person)
    record.action_unarchive()
    return str(record)


def delete_person(env, stage, deed):
    record = _record(env, stage, deed.person)
    record.unlink()
    return str(record)


def erase(env, stage, deed):
    record = _record(env, stage, deed.person)
    erased = [[one._name, one.id] for records in record._person() for one in records]
    record.action_marketing_erase()
    return erased


def tag_by_hand(env, stage, deed):
    record = _record(env, stage, deed.person)
    if record._name == "res.partner":
        record.write({"category_id": [(4, stage.tags[int(deed.chance * len(stage.tags))])]})
    else:
        record.write({"tag_ids": [(4, env["crm.tag"].search([], order="id desc", limit=1).id)]})
    return str(record)


def close_activity(env, stage, deed):
    activity = _pick(_record(env, stage, deed.person).activity_ids, deed, "activity")
    activity.action_feedback()
    return f"activity {activity.id}"


# -- what people want no more, and what they do with a mail ------------------------------------------------------------


def opt_out(env, stage, deed):
    record = _record(env, stage, deed.person)
    channel = ("email", "sms", "all")[int(deed.chance * 3)]
    record.write({f"marketing_refuse_{channel}": True})
    return _refusal(channel, record, record.email_normalized, record.phone_sanitized)


def unsubscribe(env, stage, deed):
    trace = _message(env, stage, deed)
    trace.mass_mailing_id.sudo()._marketing_unsubscribe(trace.res_id, trace.email)
    return _refusal("email", _record(env, stage, deed.person), trace.email, None)


def blacklist(env, stage, deed):
    record = _record(env, stage, deed.person)
    if deed.chance < 0.7 and record.email_normalized:
        env["mail.blacklist"]._add(record.email_normalized)
        return _refusal("email", None, record.email_normalized, None)
    if not record.phone_sanitized:
        raise Nothing("no number")
    env["phone.blacklist"].add(record.phone_sanitized)
    return _refusal("sms", None, None, record.phone_sanitized)


def _refusal(channel, record, email, phone):
    """What must not be sent from now on, as the check reads it."""
    return {
        "channel": channel,
        "record": [record._name, record.id] if record else None,
        "addresses": [address for address in (email, phone) if address],
    }


def open_mail(env, stage, deed):
    trace = _message(env, stage, deed, ("trace_status", "in", ("sent", "open")))
    trace.set_opened()
    return f"message {trace.id}"


# -- the scenario ------------------------------------------------------------------------------------------------------


def deactivate(env, stage, deed):
    scenario = _scenario(env, stage, deed)
    scenario.action_deactivate()
    return scenario.name


def activate(env, stage, deed):
    scenario = _scenario(env, stage, deed)
    if scenario.state == "active":
        raise Nothing("it is active")
    answer = ("run_now", "spread", "skip")[int(deed.chance * 3)]
    scenario.with_context(marketing_overdue=answer).action_activate()
    return f"{scenario.name}: {answer}"


def delete_step(env, stage, deed):
    step = _step(env, stage, deed)
    name = step.name
    wizard = env["marketing.scenario.step.delete"].create({"step_id": step.id})
    wizard.people = "next" if wizard.extent == "alone" else "out"
    wizard.action_delete()
    return name


def change_share(env, stage, deed):
    scenario = _scenario(env, stage, deed)
    percent = (0, 10, 50)[int(deed.chance * 3)]
    scenario.write({"control_percent": percent})
    return f"{scenario.name}: {percent} %"


def use_version(env, stage, deed):
    step = _pick(_scenario(env, stage, deed).step_ids.filtered("variant_ids").sorted("id"), deed, "step with versions")
    chosen = int(deed.chance * 100) % (len(step.variant_ids) + 2)
    if chosen == 0:
        step.action_test_again()
    elif chosen == 1:
        step.action_use_original()
    else:
        step.variant_ids[chosen - 2].action_use()
    return f"{step.name}: {step.trial_winner_id.name or ('original' if step.trial_decided_at else 'by lot')}"


def move_step(env, stage, deed):
    step = _step(env, stage, deed)
    alone = step._is_in_line()
    barred = step if alone else step._with_descendants()
    place = _pick(
        (step.scenario_id.step_ids - barred).filtered(lambda s: s._outcome_codes()).sorted("id"), deed, "place"
    )
    taken = place.child_ids.mapped("outcome")
    ways = place._outcome_codes()
    step._move_to(place, next((way for way in ways if way not in taken), ways[0]), alone=alone)
    return f"{step.name} behind {place.name}"


def insert_step(env, stage, deed):
    step = _step(env, stage, deed)
    values = {
        "scenario_id": step.scenario_id.id,
        "parent_id": step.parent_id.id,
        "outcome": step.outcome,
        "step_type": "pause",
        "name": f"inserted before {step.name}",
        "pause_hours": 3,
    }
    return step.parent_id._insert(step.outcome, lambda: step.create(values)).name
