"""What scenarios are for, and what is tried: goals, a control group, versions of a message, the gallery, a draft.

A version makes those that it has.
"""

from upgrade.old_world.world import World

COMPARED = 30  # people; of so many the lot never takes all or nobody


def live(world: World) -> None:
    """Live through them."""
    resting = [("pause", "Rest", {"pause_days": 3}), ("end", "Over", {})]
    if hasattr(world.env["marketing.scenario"], "action_edit"):
        _draft(world, resting)
    if "marketing.scenario.goal" in world.env:
        _versions(world)
        _goals(world, resting)
        world.scenarios["Compared"].action_save_to_gallery()
        world.system.ref("marketing_scenario.ir_cron_count_hours").method_direct_trigger()
    world.commit()


def _draft(world: World, resting: list) -> None:
    """A scenario runs while somebody changes its draft."""
    scenario = world.scenario("Rewritten", resting)
    world.contact("reader")
    world.enroll("Rewritten", "reader")
    world.walk()
    draft = world.env["marketing.scenario"].browse(scenario.action_edit()["res_id"])
    draft.step_ids.filtered(lambda step: step.name == "Rest").pause_days = 7
    world.known["draft"] = draft.id


def _versions(world: World) -> None:
    """A mail in two versions, of which everybody gets the second."""
    mail = {"email_subject": "Plain", "email_body_html": '<p><a href="https://www.example.com/plans">Plans</a></p>'}
    bold = (0, 0, {"name": "B", "share": 100, "email_subject": "Bold"})
    world.scenario("Versions", [("email", "Offer", {**mail, "variant_ids": [bold]}), ("end", "Over", {})])
    world.contact("early reader")
    world.enroll("Versions", "early reader")
    world.walk()
    world.deliver()


def _goals(world: World, resting: list) -> None:
    """Half of them are held out; one of the others reaches a goal."""
    scenario = world.scenario("Compared", resting, activate=False, control_percent=50)
    goals = world.env["marketing.scenario.goal"]
    bought = {"kind": "tag", "tag_id": world.tag("Bought").id}
    fixed = {"name": "Bought", "value_kind": "fixed", "value": 20, "rule_ids": [(0, 0, bought)]}
    won = {"kind": "opportunity", "opportunity_result": "won"}
    revenue = {"name": "Deal", "value_kind": "revenue", "rule_ids": [(0, 0, won)]}
    goals.create([{"scenario_id": scenario.id, **goal} for goal in (fixed, revenue)])
    scenario.action_activate()
    roles = [f"compared {number}" for number in range(COMPARED)]
    for role in roles:
        world.contact(role)
    world.enroll("Compared", *roles)
    world.walk()
    held = [role for role in roles if world.runs[role].state == "control"]
    walking = [role for role in roles if role not in held]
    world.known["held out"], world.known["walking"] = held, walking
    world.people[walking[0]].category_id |= world.tag("Bought")
    world.deliver()
    assert world.runs[walking[0]].conversion_ids, "the goal was reached"
