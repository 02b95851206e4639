"""The company and everything that is configured: windows, statuses, senders, users, saved filters, jobs."""

from upgrade.old_world.world import World


def live(world: World) -> None:
    """Configure the database."""
    env = world.env
    parameters = env["ir.config_parameter"].sudo()
    for key, value in (
        ("web.base.url", world.server_url),
        ("web.base.url.freeze", "True"),
        ("sms.endpoint", world.receiver_url),
        ("marketing_scenario.webhook_allow_private", "True"),
        ("marketing_scenario.retention_days", "3650"),
    ):
        parameters.set_param(key, value)
    always = env["marketing.window"].create(
        {"name": "Round the clock", "hour_from": 0, "hour_to": 24, "saturday": True, "sunday": True}
        | {"skip_holidays": False}
    )
    company = {"name": "Chêne & Lumière", "email": "bonjour@company.example.org", "marketing_window_id": always.id}
    domain = env["mail.alias.domain"].create({"name": "company.example.org"})
    env.company.write({**company, "alias_domain_id": domain.id, "marketing_qualification_score": 60})
    env.user.write({"email": "ada@company.example.org", "tz": "Europe/Paris"})
    _statuses(world)
    _senders(world)
    _people_of_the_house(world)
    # A second lane of the engine, and a job that somebody made less frequent: both are the user's own.
    world.system["marketing.scenario.engine"]._set_lane_count(2)
    world.system.ref("marketing_scenario.ir_cron_alert").interval_number = 45


def _statuses(world: World) -> None:
    status = world.env["marketing.account.status"]
    world.env.ref("marketing_scenario.account_status_former_customer").name = "Ex-customer"
    status.create({"name": "Dormant", "sequence": 60})


def _senders(world: World) -> None:
    sender = world.env["marketing.sender"]
    own = {"name": "Ada", "email": "ada@company.example.org", "user_id": world.env.uid, "is_default": True}
    sender.create(own).action_validate()
    sender.create({"name": "Not confirmed", "email": "other@elsewhere.example.org"})


def _people_of_the_house(world: World) -> None:
    """A salesman, and what people saved for themselves."""
    env = world.env
    group = env.ref("sales_team.group_sale_salesman")
    values = {"name": "Sacha Vend", "login": "sacha", "email": "sacha@company.example.org"}
    world.known["salesman"] = env["res.users"].create({**values, "group_ids": [(4, group.id)]}).id
    runs = env.ref("marketing_scenario.marketing_scenario_enrollment_action")
    traces = env.ref("marketing_scenario.marketing_scenario_trace_action")
    env.user.action_id = runs.id
    filters = {
        "Held by hand": ("marketing.scenario.enrollment", "[('state', '=', 'paused')]", runs),
        "Went by yes": ("marketing.scenario.trace", "[('outcome', '=', 'yes')]", traces),
        "Not sent": ("marketing.scenario.trace", "[('outcome', '=', 'skipped')]", traces),
        "Active scenarios": ("marketing.scenario", "[('state', '=', 'active')]", False),
        "Mails of trees": ("marketing.scenario.step", "[('step_type', '=', 'email')]", False),
    }
    for name, (model, domain, action) in filters.items():
        values = {"name": name, "model_id": model, "domain": domain, "user_ids": [(4, env.uid)]}
        env["ir.filters"].create({**values, "action_id": action and action.id})
