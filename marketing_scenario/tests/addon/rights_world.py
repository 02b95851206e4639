"""One row of each stored model, all of one company and about one lead of somebody else."""

from ..common import MONDAY


def make_world(env, company, owner):
    """:return: ``{model: record}``; the lead belongs to ``owner``"""
    lead = env["crm.lead"].create(
        {"name": "Lead", "user_id": owner.id, "company_id": company.id, "phone": "+33612345678", "team_id": False}
    )
    scenario = env["marketing.scenario"].create({"name": "Scenario", "company_id": company.id})
    start = scenario.start_step_id
    rule = {"kind": "score", "score_operator": ">=", "score_value": 1}
    switch = env["marketing.scenario.step"].create(
        {
            "scenario_id": scenario.id,
            "parent_id": start.id,
            "step_type": "switch",
            "name": "switch",
            "case_ids": [(0, 0, {"name": "case", "rule_ids": [(0, 0, rule)]})],
        }
    )
    about = {"scenario_id": scenario.id, "lead_id": lead.id}
    enrollment = env["marketing.scenario.enrollment"].create(
        {**about, "target_kind": "lead", "next_run_at": MONDAY, "company_id": company.id, "step_id": switch.id}
    )
    enrollment._trace("entered")
    query = env["marketing.scenario.query"].create(
        {"name": "Query", "scenario_id": scenario.id, "model_name": "crm.lead"}
    )
    automatism = env["marketing.automatism"].create(
        {"name": "Automation", "event_type": "lead_created", "company_id": company.id}
    )
    point = env["marketing.engagement.point"].create({"name": "Form", "company_id": company.id})
    campaign = env["marketing.phoning.campaign"].create({"name": "Calls", "company_id": company.id})
    make = {
        "marketing.scenario.refusal": {**about, "reason": "no_access", "at": MONDAY, "target_kind": "lead"},
        "marketing.window": {"name": "Window", "company_id": company.id},
        "marketing.score.line": {"lead_id": lead.id, "points": 1, "reason": "x", "at": MONDAY},
        "marketing.engagement.submission": {"point_id": point.id, "at": MONDAY, "lead_id": lead.id},
        "marketing.engagement.visit": {"point_id": point.id, "day": MONDAY},
        "marketing.engagement.latch": {"identity": "x", "at": MONDAY},
        "marketing.simulation.seal": {"never": -1},
        "marketing.sender": {"name": "One", "email": "one@rights.example.com", "company_id": company.id},
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
        "marketing.account.status": {"name": "Status"},
        "marketing.scenario.token": {
            "name": "Address",
            "user_id": owner.id,
            "company_id": company.id,
            "scenario_ids": [(6, 0, scenario.ids)],
        },
        "marketing.phoning.call": {"campaign_id": campaign.id, "lead_id": lead.id},
        "marketing.webhook.call": {
            "step_id": switch.id,
            "delivery": "x",
            "url": "https://hooks.example.com",
            "next_try_at": MONDAY,
        },
        "marketing.document.link": {
            "token_hash": "x",
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
        query,
        automatism,
        point,
        point.field_ids[:1],
        campaign,
    ]
    return {record._name: record for record in records}
