"""The scenarios: together they have every step type, several kinds of rule and every setting for entering again."""

from datetime import timedelta

from odoo import fields

from upgrade.old_world.world import Tree, World

REPORT = '<t t-name="upgrade.offer"><t t-call="web.html_container"><p>Offer for <t t-out="docs.name"/></p></t></t>'
HELLO = """
<div><p>Hello <t t-out="object.marketing_first_name"/>,</p>
<p>see <a href="https://www.example.com/plans">our plans</a>.</p></div>"""


def live(world: World) -> None:
    """Make and activate them."""
    form = {"name": "Brochure", "title": "Get our brochure", "creates": "contact", "score": 20, "rate_limit": 0}
    world.known["form"] = world.env["marketing.engagement.point"].create(form).id
    world.scenario("Next one", [("pause", "Rest", {"pause_days": 1}), ("end", "Over", {})])
    world.scenario("Long way", _long_way(world), target_kinds="contact_account")
    world.scenario("Leads", _leads(world), target_kinds="lead")
    world.scenario("Trouble", _trouble(world), target_kinds="contact")
    world.scenario("Window", _window(world))
    patient = [("email", "Asked again", _mail("Asked again")), ("end", "Over", {})]
    world.scenario("Patience", patient, on_refused="wait")
    again = [("tag", "Mark again", {"tag_id": world.tag("Again").id}), ("end", "Over", {})]
    world.scenario("Again", again, reentry="finished")
    resting = [("pause", "Rest", {"pause_hours": 30}), ("end", "Over", {})]
    world.scenario("Monthly", resting, reentry="after_days", reentry_days=28)
    world.scenario("Alone", resting, allow_other_scenarios=False)
    world.scenario("Held", resting)
    world.scenario("Queried", resting)
    world.scenario("Acted", resting)
    world.scenario("Called", resting)
    world.scenario("Season", resting, date_start=fields.Datetime.now() + timedelta(days=200))
    world.scenario("Looking", _looking(world))
    world.scenario("Rules", _every_rule(world), target_kinds="contact")
    world.scenario("Draft", [("pause", "Rest", {}), ("end", "Over", {})], activate=False, target_kinds="account")


def _mail(subject: str) -> dict:
    return {"email_subject": f"{subject}, {{{{ object.marketing_first_name }}}}", "email_body_html": HELLO}


def _long_way(world: World) -> Tree:
    env = world.env
    attached = env["ir.attachment"].create({"name": "plan.txt", "raw": b"a plan"})
    campaign = env["marketing.phoning.campaign"].create({"name": "Call them", "script": "<p>Hello!</p>"})
    world.known["campaign"] = campaign.id
    env["ir.ui.view"].create({"name": "Offer", "type": "qweb", "key": "upgrade.offer", "arch_db": REPORT})
    report = {"name": "Offer", "model": "res.partner", "report_type": "qweb-pdf", "report_name": "upgrade.offer"}
    env["ir.actions.report"].create(report)
    once = {"subject": "A word, {{ object.marketing_first_name }}", "body": "<p>Do you have a minute?</p>"}
    return [
        ("email", "Hello", {**_mail("Hello"), "email_attachment_ids": [(4, attached.id)]}),
        ("one_to_one", "Personal", {f"one_to_one_{name}": value for name, value in once.items()}),
        ("sms", "Text", {"sms_body": "Hello {{ object.marketing_first_name ||| you }}, see you soon."}),
        (
            "document",
            "Offer",
            {
                "document_subject": "Your offer",
                "document_body": "<p>Here it is.</p>",
                "document_partner_report": "upgrade.offer",
            },
        ),
        ("tag", "Mark", {"tag_id": world.tag("Walked").id}),
        ("score", "Points", {"score_points": 12}),
        (
            "activity",
            "Call back",
            {
                "activity_type_id": env.ref("mail.mail_activity_data_call").id,
                "activity_summary": "Call back",
            },
        ),
        ("phoning", "Phone list", {"phoning_campaign_id": campaign.id}),
        ("webhook", "Tell", {"webhook_url": f"{world.receiver_url}/hook"}),
        ("set_field", "Fill", {"set_field_partner": "function", "set_field_value": "Visitor"}),
        ("server_action", "Note", {"server_action_partner_id": _action(world, "records.write({'ref': 'seen'})")}),
        ("pause", "Nap", {"pause_days": 2}),
        ("if", "Hot yet?", {"if_wait_days": 1, **_rules(_tagged(world, "Hot"))}, _long_branches(world)),
    ]


def _long_branches(world: World) -> dict[str, Tree]:
    cases = [
        {"name": "Very important", **_rules(_tagged(world, "VIP"))},
        {"name": "Clickers", **_rules({"kind": "email_status", "email_is_clicked": True})},
    ]
    return {
        "yes": [
            (
                "switch",
                "Who?",
                {"case_ids": [(0, 0, case) for case in cases]},
                {
                    "case_1": [("end", "Important", {})],
                    "case_2": [("end", "Clicked", {})],
                    "otherwise": [("scenario", "Go on", {"scenario_launched_id": world.scenarios["Next one"].id})],
                },
            )
        ],
        "no": [("goto", "Back to Nap", {})],
    }


def _leads(world: World) -> Tree:
    tag = world.env["crm.tag"].create({"name": "Followed"})
    return [
        ("email", "Hello", _mail("Dear lead")),
        ("tag", "Mark", {"tag_lead_id": tag.id}),
        ("pause", "Nap", {"pause_days": 3, "pause_hours": 2}),
        ("end", "Over", {}),
    ]


def _trouble(world: World) -> Tree:
    failing = world.known["failing_action"] = _action(world, "raise UserError('The other system does not answer')")
    return [
        ("server_action", "Fails", {"server_action_partner_id": failing}),
        ("tag", "Mark", {"tag_id": world.tag("Survived").id}),
        ("end", "Over", {}),
    ]


def _window(world: World) -> Tree:
    """A mail that may go on one day of the week only, which is neither today nor tomorrow anywhere."""
    days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    open_day = days[(fields.Date.today().weekday() + 3) % 7]
    values = {day: day == open_day for day in days}
    window = world.env["marketing.window"].create({"name": "One day", **values, "skip_holidays": False})
    return [("email", "Later", {**_mail("Later"), "window_id": window.id}), ("end", "Over", {})]


def _looking(world: World) -> Tree:
    """A condition that no event announces: the engine looks again every hour."""
    rule = {"kind": "domain", "domain_partner": "[('ref', '=', 'found')]", "domain_lead": "[]"}
    other = {"kind": "member", "member_scenario_id": world.scenarios["Held"].id, "negate": True}
    settings = {"if_wait_days": 20, **_rules(rule, other)}
    return [("if", "Found?", settings, {"yes": [("end", "Yes", {})], "no": [("end", "No", {})]})]


def _every_rule(world: World) -> Tree:
    """A switch with a case for each kind of rule; who fits none has had them all evaluated."""
    env = world.env
    status = env.ref("marketing_scenario.account_status_customer").id
    rules = [
        _tagged(world, "Never"),
        {"kind": "contact_type", "contact_type": "professional"},
        {"kind": "domain", "domain_partner": "[('ref', '=', 'never')]"},
        {"kind": "score", "score_operator": ">=", "score_value": 50},
        {"kind": "form_filled", "form_point_id": world.known["form"], "form_since": "ever"},
        {"kind": "email_status", "email_status_operator": "=", "email_is_replied": True, "email_is_bounced": True},
        {"kind": "link_clicked", "link_url": "https://www.example.com/plans"},
        {"kind": "account_status", "account_status_ids": [(4, status)]},
        {"kind": "sms_status", "sms_status_operator": "=", "sms_is_clicked": True},
        {"kind": "consent", "consent_about": "optin", "negate": True},
        {"kind": "member", "member_scenario_id": world.scenarios["Held"].id},
        {"kind": "activity_done", "activity_since": "ever"},
        {"kind": "random", "random_percent": 0},
    ]
    cases = [(0, 0, {"name": rule["kind"], **_rules(rule)}) for rule in rules]
    ways = [*(f"case_{number + 1}" for number in range(len(rules))), "otherwise"]
    ends = {way: [("end", f"By {way}", {})] for way in ways}
    return [
        ("email", "Asked", _mail("Asked")),
        ("sms", "Text", {"sms_body": "Hello", "sms_stop": "text", "sms_stop_text": "STOP 36111"}),
        ("pause", "Nap", {"pause_hours": 50}),
        ("switch", "Which?", {"case_ids": cases}, ends),
    ]


def _rules(*rules: dict) -> dict:
    return {"rule_ids": [(0, 0, rule) for rule in rules]}


def _tagged(world: World, name: str) -> dict:
    return {"kind": "tag", "tag_id": world.tag(name).id}


def _action(world: World, code: str) -> int:
    model_id = world.env["ir.model"]._get_id("res.partner")
    values = {"name": code[:20], "model_id": model_id, "state": "code", "code": code}
    return world.env["ir.actions.server"].create(values).id
