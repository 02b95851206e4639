"""One row of each stored model, all of one company and about one lead of somebody else."""

import base64

from ..common import MONDAY


def make_world(env, company, owner, word=""):
    """:return: ``{model: record}``; the lead belongs to ``owner``, who is also the owner of what runs

    :param word: stands in the name of every row that has one
    """
    lead = env["crm.lead"].create(
        {
            "name": f"Lead {word}",
            "type": "opportunity",
            "user_id": owner.id,
            "company_id": company.id,
            "phone": "+33612345678",
            "team_id": False,
        }
    )
    scenario = env["marketing.scenario"].create(
        {"name": f"Scenario {word}", "company_id": company.id, "user_id": owner.id, "control_percent": 10}
    )
    scenario.control_since = "2020-01-01"
    start = scenario.start_step_id
    rule = {"kind": "score", "score_operator": ">=", "score_value": 1}
    switch = env["marketing.scenario.step"].create(
        {
            "scenario_id": scenario.id,
            "parent_id": start.id,
            "step_type": "switch",
            "name": f"switch {word}",
            "case_ids": [(0, 0, {"name": f"case {word}", "rule_ids": [(0, 0, rule)]})],
        }
    )
    about = {"scenario_id": scenario.id, "lead_id": lead.id}
    enrollment = env["marketing.scenario.enrollment"].create(
        {
            **about,
            "target_kind": "lead",
            "next_run_at": MONDAY,
            "company_id": company.id,
            "step_id": switch.id,
            "entered_at": MONDAY,
            "person_key": f"lead:{lead.id}",
        }
    )
    enrollment._trace("entered")
    mailing = env["mailing.mailing"].create(
        {
            "subject": f"Mail {word}",
            "mailing_model_id": env["ir.model"]._get_id("crm.lead"),
            "marketing_step_id": switch.id,
        }
    )
    message = env["mailing.trace"].create(
        {
            "mass_mailing_id": mailing.id,
            "model": "crm.lead",
            "res_id": lead.id,
            "marketing_enrollment_id": enrollment.id,
            "trace_status": "sent",
            "sent_datetime": lead.create_date,
        }
    )
    link = env["link.tracker"].create({"url": f"https://example.com/{company.id}", "title": f"Link {word}"})
    click = env["link.tracker.click"].create({"link_id": link.id, "mailing_trace_id": message.id})
    goal = env["marketing.scenario.goal"].create(
        {"name": f"Goal {word}", "scenario_id": scenario.id, "rule_ids": [(0, 0, rule)]}
    )
    query = env["marketing.scenario.query"].create(
        {"name": f"Query {word}", "scenario_id": scenario.id, "model_name": "crm.lead"}
    )
    automatism = env["marketing.automatism"].create(
        {"name": f"Automation {word}", "event_type": "lead_created", "company_id": company.id}
    )
    point = env["marketing.engagement.point"].create({"name": f"Form {word}", "company_id": company.id})
    campaign = env["marketing.phoning.campaign"].create({"name": f"Calls {word}", "company_id": company.id})
    make = {
        "marketing.scenario.refusal": {**about, "reason": "no_access", "at": MONDAY, "target_kind": "lead"},
        "marketing.scenario.conversion": {
            "goal_id": goal.id,
            "enrollment_id": enrollment.id,
            "scenario_id": scenario.id,
            "company_id": company.id,
            "at": MONDAY,
        },
        "marketing.window": {"name": f"Window {word}", "company_id": company.id},
        "marketing.score.line": {"lead_id": lead.id, "points": 1, "reason": "x", "at": MONDAY},
        "marketing.engagement.submission": {"point_id": point.id, "at": MONDAY, "lead_id": lead.id},
        "marketing.engagement.visit": {"point_id": point.id, "day": MONDAY},
        "marketing.latch": {"identity": f"x{company.id}", "at": MONDAY},
        "marketing.report.entry.hour": {"hour": MONDAY, "company_id": company.id},
        "marketing.report.message.hour": {"hour": MONDAY},
        "marketing.report.stale": {"hour": MONDAY},
        "marketing.simulation.seal": {"never": -company.id},
        "marketing.sender": {
            "name": f"One {word}",
            "email": f"one{company.id}@rights.example.com",
            "company_id": company.id,
        },
        "marketing.scenario.query.match": {"query_id": query.id, "res_id": lead.id},
        "marketing.automatism.action": {"automatism_id": automatism.id, "kind": "score", "score_points": 1},
        "marketing.automatism.event": {
            "kind": "lead_created",
            "res_model": "crm.lead",
            "res_id": lead.id,
            "automatism_id": automatism.id,
            "at": MONDAY,
        },
        "marketing.automatism.log": {
            "automatism_id": automatism.id,
            "res_model": "crm.lead",
            "res_id": lead.id,
            "at": MONDAY,
            "outcome": "fired",
        },
        "marketing.scenario.editor": {"scenario_id": scenario.id, "user_id": owner.id, "seen_at": MONDAY},
        "marketing.scenario.version": {
            "scenario_id": scenario.id,
            "number": 1,
            "event": "activated",
            "at": MONDAY,
            "definition": scenario._definition(),
        },
        "marketing.gallery.scenario": {
            "name": f"Gallery {word}",
            "company_id": company.id,
            "content": base64.b64encode(scenario._file()),
        },
        "marketing.scenario.variant": {"step_id": switch.id, "name": f"B {word}"},
        "marketing.account.status": {"name": f"Status {company.id} {word}"},
        "marketing.scenario.token": {
            "name": f"Address {word}",
            "user_id": owner.id,
            "company_id": company.id,
            "scenario_ids": [(6, 0, scenario.ids)],
        },
        "marketing.phoning.call": {"campaign_id": campaign.id, "lead_id": lead.id},
        "marketing.webhook.call": {
            "step_id": switch.id,
            "delivery": f"x{company.id}",
            "url": "https://hooks.example.com",
            "next_try_at": MONDAY,
        },
        "marketing.document.link": {
            "token_hash": f"x{company.id}",
            "lead_id": lead.id,
            "company_id": company.id,
            "report_name": "x.y",
        },
    }
    records = [
        *(env[model].create(values) for model, values in make.items()),
        scenario,
        switch,
        switch.case_ids,
        switch.case_ids.rule_ids,
        enrollment,
        enrollment.trace_ids[:1],
        goal,
        query,
        automatism,
        point,
        point.field_ids[:1],
        campaign,
    ]
    env.flush_all()
    records += [
        env["marketing.report.entry"].browse(enrollment.id),
        env["marketing.report.control"].browse(enrollment.id),
        env["marketing.report.message"].browse(message.id),
        env["marketing.report.click"].browse(click.id),
        env["marketing.report.touch"].search([("opportunity_id", "=", lead.id)], limit=1),
    ]
    return {record._name: record for record in records}


def arguments(world, method):
    """What a client would give to a method of these rows; those not named here take nothing."""
    lead = ("crm.lead", world["marketing.scenario.enrollment"].lead_id.ids)
    step = world["marketing.scenario.step"].id
    return {
        "canvas_add": ("pause", step, "otherwise"),
        "canvas_delete": (step, False),
        "canvas_duplicate": (step,),
        "canvas_find": ("x",),
        "canvas_mend": (step, "missing_end"),
        "canvas_move": (step, world["marketing.scenario"].start_step_id.id, "next", False),
        "canvas_move_person": (world["marketing.scenario.enrollment"].id,),
        "canvas_paste": (step, step, "otherwise", False),
        "canvas_people": (step, "inside"),
        "canvas_rename": (step, "x"),
        "enroll": lead,
        "take_out": lead,
        "move": (*lead, step),
        "print_simulation": (lead[0], lead[1][0]),
        "simulate": (lead[0], lead[1][0]),
        "compare_by": ("user_id",),
        "dashboard": (90, world["marketing.scenario"].id),
        "dashboard_before": (90, world["marketing.scenario"].id),
        "back_test": ("2020-01-01 00:00:00", "2040-01-01 00:00:00"),
        "forecast": ("inside",),
        "funnel": (world["marketing.scenario"].start_step_id.id, world["marketing.scenario.step"].id),
        "funnel_people": (
            world["marketing.scenario"].start_step_id.id,
            world["marketing.scenario.step"].id,
            90,
            False,
            "running",
            False,
        ),
        "set_qualification_score": (5,),
        "marketing_message": (0,),
        "use_card": (f"saved-{world['marketing.gallery.scenario'].id}",),
    }.get(method, ())
