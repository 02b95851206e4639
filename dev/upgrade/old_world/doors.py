"""What lets people in and reacts to them: forms, automatisms of every kind, a query, a webhook address, an action."""

from upgrade.old_world.world import World

NOBODY = "[('id', '=', 0)]"


def live(world: World) -> None:
    """Open the doors."""
    env = world.env
    twice = {"name": "Newsletter", "title": "Keep in touch", "creates": "contact", "double_optin": True}
    world.known["newsletter"] = env["marketing.engagement.point"].create({**twice, "rate_limit": 0}).id
    env["marketing.scenario.query"].create(
        {"name": "Wanted people", "scenario_id": world.scenarios["Queried"].id, "domain": "[('ref', '=', 'wanted')]"}
    )
    token = env["marketing.scenario.token"].create(
        {"name": "Shop", "scenario_ids": [(4, world.scenarios["Called"].id)], "user_id": env.uid}
    )
    world.known["webhook_address"] = token.action_make_address()["context"]["default_url"]
    sending = {
        "name": "Send in",
        "state": "marketing_scenario_enroll",
        "model_id": env["ir.model"]._get_id("res.partner"),
    }
    action = env["ir.actions.server"].create({**sending, "marketing_scenario_id": world.scenarios["Acted"].id})
    world.known["sending_action"] = action.id
    _automatisms(world)


def _automatisms(world: World) -> None:
    automatism = world.env["marketing.automatism"]
    signal = {"event_type": "tag_added", "tag_id": world.tag("Signal").id}
    automatism.create({"name": "Signal", **signal, "action_ids": [(0, 0, action) for action in _every_action(world)]})
    points = [(0, 0, {"kind": "score", "score_points": 5})]
    date = {"event_type": "date_reached", "date_model": "crm.lead", "date_field": "date_deadline"}
    automatism.create({"name": "Deadline", **date, "action_ids": points})
    form = {"event_type": "form_filled", "form_point_id": world.known["form"]}
    entering = [(0, 0, {"kind": "enroll", "scenario_id": world.scenarios["Monthly"].id})]
    automatism.create({"name": "Brochure readers", **form, "action_ids": entering})
    # One for each other kind of event; they fire for nobody.
    kinds = set(automatism._fields["event_type"].get_values(world.env)) - {"tag_added", "date_reached", "form_filled"}
    for kind in sorted(kinds):
        idle = {"name": f"When {kind}", "event_type": kind, "domain_partner": NOBODY, "domain_lead": NOBODY}
        automatism.create({**idle, "action_ids": [(0, 0, {"kind": "score", "score_points": 1})]})


def _every_action(world: World) -> list[dict]:
    env = world.env
    call = env.ref("mail.mail_activity_data_call").id
    status = env.ref("marketing_scenario.account_status_prospect").id
    return [
        {"kind": "take_out", "scenario_id": world.scenarios["Season"].id},
        {"kind": "enroll", "scenario_id": world.scenarios["Next one"].id},
        {"kind": "tag_add", "tag_id": world.tag("Seen").id},
        {"kind": "tag_remove", "tag_id": world.tag("Cold").id},
        {"kind": "score", "score_points": 7},
        {"kind": "activity", "activity_type_id": call, "activity_summary": "Signalled"},
        {"kind": "account_status", "account_status_id": status, "apply_to": "account"},
        {"kind": "assign", "assign_user_id": world.known["salesman"]},
    ]
