"""Who may do what: read by people, compared with the registry by ``test_rights``.

A new model, public method or evaluated field fails that test until somebody writes down here who may use it.
"""

# From the weakest: portal user; internal user without any group; Scenario User; Manager. A salesperson is a Scenario
# User: what stands for ``user`` holds for them, on the leads that they see.
ROLES = ("portal", "internal", "user", "manager")

# Model → what portal, internal user, Scenario User and Manager may do (r read, w write, c create, u unlink), and what
# bounds the rows: "company": those of one's companies, and those of none; "person": and only with a contact or lead
# that one sees; "own": a dialog, seen by who opened it; "shared": by all companies; "nobody": the server alone.
MODELS = {
    "marketing.account.status": ("", "r", "r", "rwcu", "shared"),
    "marketing.automatism": ("", "", "r", "rwcu", "company"),
    "marketing.automatism.action": ("", "", "r", "rwcu", "company"),
    "marketing.automatism.event": ("", "", "", "rwu", "company"),
    "marketing.automatism.log": ("", "", "", "r", "company"),
    "marketing.document.link": ("", "", "r", "rwu", "person"),
    "marketing.engagement.field": ("", "", "r", "rwcu", "company"),
    "marketing.engagement.point": ("", "", "r", "rwcu", "company"),
    "marketing.engagement.submission": ("", "", "r", "rwcu", "person"),
    "marketing.engagement.visit": ("", "", "r", "rwcu", "company"),
    "marketing.latch": ("", "", "", "", "nobody"),
    "marketing.gallery.scenario": ("", "", "", "rwcu", "company"),
    "marketing.phoning.call": ("", "", "rw", "rwcu", "person"),
    "marketing.phoning.campaign": ("", "", "r", "rwcu", "company"),
    "marketing.report.click": ("", "", "r", "r", "person"),
    "marketing.report.control": ("", "", "r", "r", "person"),
    "marketing.report.entry": ("", "", "r", "r", "person"),
    "marketing.report.entry.hour": ("", "", "", "", "nobody"),
    "marketing.report.message": ("", "", "r", "r", "person"),
    "marketing.report.message.hour": ("", "", "", "", "nobody"),
    "marketing.report.stale": ("", "", "", "", "nobody"),
    "marketing.report.touch": ("", "", "r", "r", "person"),
    "marketing.scenario": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.case": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.conversion": ("", "", "r", "r", "person"),
    "marketing.scenario.editor": ("", "", "", "", "nobody"),
    "marketing.scenario.enrollment": ("", "", "r", "r", "person"),
    "marketing.scenario.goal": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.query": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.query.match": ("", "", "", "r", "company"),
    "marketing.scenario.refusal": ("", "", "r", "r", "person"),
    "marketing.scenario.rule": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.step": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.token": ("", "", "", "rwcu", "company"),
    "marketing.scenario.trace": ("", "", "r", "r", "person"),
    "marketing.scenario.variant": ("", "", "r", "rwcu", "company"),
    "marketing.scenario.version": ("", "", "", "r", "company"),
    "marketing.scenario.undo": ("", "", "", "", "nobody"),
    "marketing.score.line": ("", "", "r", "r", "person"),
    "marketing.sender": ("", "", "r", "rwcu", "company"),
    "marketing.simulation.seal": ("", "", "", "", "nobody"),
    "marketing.webhook.call": ("", "", "", "rw", "company"),
    "marketing.window": ("", "", "r", "rwcu", "company"),
    # dialogs
    "marketing.automatism.test": ("", "", "", "rwcu", "own"),
    "marketing.automatism.test.line": ("", "", "", "rwcu", "own"),
    "marketing.scenario.add.people": ("", "", "rwcu", "rwcu", "own"),
    "marketing.scenario.enroll": ("", "", "rwcu", "rwcu", "own"),
    "marketing.scenario.enrollment.act": ("", "", "rwcu", "rwcu", "own"),
    "marketing.scenario.health": ("", "", "", "rwcu", "own"),
    "marketing.scenario.import": ("", "", "", "rwcu", "own"),
    "marketing.scenario.import.line": ("", "", "", "rwcu", "own"),
    "marketing.scenario.mail.preview": ("", "", "", "rwcu", "own"),
    "marketing.scenario.publish": ("", "", "", "rwcu", "own"),
    "marketing.scenario.publish.line": ("", "", "", "rwcu", "own"),
    "marketing.scenario.recalculate": ("", "", "", "rwcu", "own"),
    "marketing.scenario.step.delete": ("", "", "", "rwcu", "own"),
    "marketing.scenario.step.replace": ("", "", "", "rwcu", "own"),
    "marketing.scenario.token.reveal": ("", "", "", "rwcu", "own"),
}

# Model → public method → the weakest role that may call it, on rows that this role sees. "anyone": it only opens a
# screen, which asks for its rows with the rights of who looks, or tells what is no secret.
METHODS = {
    "crm.lead": {
        "action_marketing_add": "anyone",
        "action_marketing_erase": "manager",
        "action_marketing_report": "manager",
        "action_marketing_story": "anyone",
        "marketing_message": "user",
        "marketing_story": "user",
        "merge_fields": "anyone",
    },
    "marketing.automatism": {
        "action_log": "anyone",
        "action_open_door": "anyone",
        "action_parked": "anyone",
        "action_test": "manager",
    },
    "marketing.automatism.event": {
        "action_retry": "manager",
    },
    "marketing.automatism.log": {
        "action_open_record": "manager",
    },
    "marketing.door": {
        "action_open_door": "anyone",
    },
    "marketing.document.link": {
        "action_revoke": "manager",
    },
    "marketing.engagement.point": {
        "action_make_server_key": "manager",
        "action_open_page": "user",
        "action_view_automatisms": "anyone",
        "action_view_spam": "anyone",
        "action_view_submissions": "anyone",
    },
    "marketing.engagement.submission": {
        "action_not_spam": "manager",
        "action_retry": "manager",
    },
    "marketing.gallery.scenario": {
        "cards": "manager",
        "use_card": "manager",
    },
    "marketing.phoning.call": {
        "action_open_target": "user",
        "action_outcome": "user",
        "action_skip": "user",
    },
    "marketing.phoning.campaign": {
        "action_call": "user",
        "action_calls": "anyone",
    },
    "marketing.report": {
        "action_open_run": "user",
    },
    "marketing.report.click": {
        "action_open_run": "user",
    },
    "marketing.report.compared": {
        "action_open_run": "user",
    },
    "marketing.report.control": {
        "action_open_run": "user",
    },
    "marketing.report.entry": {
        "action_open_run": "user",
    },
    "marketing.report.message": {
        "action_open_run": "user",
    },
    "marketing.report.touch": {
        "action_open_run": "user",
    },
    "marketing.scenario": {
        "action_activate": "manager",
        "action_activate_checked": "manager",
        "action_add_missing_ends": "manager",
        "action_add_people": "user",
        "action_check": "user",
        "action_compare": "manager",
        "action_compared_people": "user",
        "action_deactivate": "manager",
        "action_discard": "manager",
        "action_dashboard": "anyone",
        "action_edit": "manager",
        "action_export": "manager",
        "action_back_test": "anyone",
        "action_forecast": "anyone",
        "action_publish": "manager",
        "action_recalculate": "manager",
        "action_resume_sending": "manager",
        "action_save_to_gallery": "manager",
        "action_simulate": "anyone",
        "action_versions": "anyone",
        "action_stop_all": "manager",
        "action_view_conversions": "anyone",
        "action_view_enrollments": "user",
        "action_view_refusals": "anyone",
        "canvas": "user",
        "canvas_add": "manager",
        "canvas_check": "user",
        "canvas_close": "manager",
        "canvas_delete": "manager",
        "canvas_duplicate": "manager",
        "canvas_figures": "user",
        "canvas_find": "user",
        "canvas_mend": "manager",
        "canvas_move": "manager",
        "canvas_move_person": "user",
        "canvas_paste": "manager",
        "canvas_people": "user",
        "canvas_redo": "manager",
        "canvas_rename": "manager",
        "canvas_undo": "manager",
        "check": "user",
        "compare_by": "user",
        "dashboard": "user",
        "dashboard_before": "user",
        "delete_question": "manager",
        "draft_status": "manager",
        "enroll": "user",
        "back_test": "manager",
        "forecast": "manager",
        "forecast_first_day": "manager",
        "forecast_overdue": "manager",
        "funnel": "user",
        "funnel_people": "user",
        "move": "user",
        "next_days": "anyone",
        "page_facts": "anyone",
        "print_simulation": "manager",
        "qualification_score": "anyone",
        "set_qualification_score": "manager of any company",
        "simulate": "manager",
        "take_out": "user",
    },
    "marketing.scenario.add.people": {
        "action_confirm": "user",
        "action_import": "user",
    },
    "marketing.scenario.enroll": {
        "action_confirm": "user",
        "action_forecast": "user",
    },
    "marketing.scenario.enrollment": {
        "action_move": "anyone",
        "action_open": "anyone",
        "action_open_target": "user",
        "action_pause": "user",
        "action_put_back": "anyone",
        "action_reschedule": "anyone",
        "action_resume": "user",
        "action_run_now": "user",
        "action_skip": "user",
        "action_take_out": "user",
    },
    "marketing.scenario.enrollment.act": {
        "action_confirm": "user",
    },
    "marketing.scenario.health": {
        "action_open": "manager",
        "action_run_now": "manager",
    },
    "marketing.scenario.import": {
        "action_import": "manager",
        "action_read": "manager",
    },
    "marketing.scenario.mail.preview": {
        "action_send_me": "manager",
    },
    "marketing.scenario.publish": {
        "action_publish": "manager",
    },
    "marketing.scenario.query": {
        "action_forecast": "user",
        "action_open_door": "anyone",
        "action_run": "manager",
    },
    "marketing.scenario.recalculate": {
        "action_confirm": "manager",
    },
    "marketing.scenario.refusal": {
        "action_dismiss": "user",
        "action_enter_now": "user",
    },
    "marketing.scenario.step": {
        "action_add_automatism": "manager",
        "action_add_query": "manager",
        "action_configure": "user",
        "action_dashboard": "user",
        "action_inspect": "user",
        "action_delete": "user",
        "action_email_design": "manager",
        "action_email_preview": "manager",
        "action_recalculate": "manager",
        "action_replace": "user",
        "action_share_evenly": "manager",
        "action_test_again": "manager",
        "action_trial_people": "user",
        "action_use_original": "manager",
        "action_view_errors": "user",
        "action_view_inside": "user",
        "action_view_passed": "user",
        "action_view_skipped": "user",
        "heat_map": "user",
        "palette": "anyone",
    },
    "marketing.scenario.step.delete": {
        "action_delete": "manager",
    },
    "marketing.scenario.step.replace": {
        "action_replace": "manager",
    },
    "marketing.scenario.target": {
        "action_marketing_add": "anyone",
        "action_marketing_erase": "manager",
        "action_marketing_report": "manager",
        "action_marketing_story": "anyone",
        "marketing_message": "user",
        "marketing_story": "user",
        "merge_fields": "anyone",
    },
    "marketing.scenario.trace": {
        "action_blocked_people": "user",
        "action_open_run": "user",
        "action_try_again": "user",
    },
    "marketing.scenario.token": {
        "action_make_address": "manager",
    },
    "marketing.scenario.variant": {
        "action_design": "manager",
        "action_preview": "manager",
        "action_use": "manager",
    },
    "marketing.scenario.version": {
        "action_compare": "manager",
        "action_restore": "manager",
    },
    "marketing.sender": {
        "action_send_confirmation": "manager",
        "action_validate": "manager",
    },
    "marketing.webhook.call": {
        "action_retry": "manager",
    },
    "marketing.window": {
        "action_recalculate": "manager",
    },
    "res.partner": {
        "action_marketing_add": "anyone",
        "action_marketing_erase": "manager",
        "action_marketing_report": "manager",
        "action_marketing_story": "anyone",
        "marketing_message": "user",
        "marketing_story": "user",
        "merge_fields": "anyone",
    },
}

# Model → field that is read as a filter or evaluated as a text → who vouches for it.
# "trial": read by ``target/filters.py``, tried when saved, run with the rights of who typed it
# "text": checked at writing and again by ``channels/render.py``, unless its author may edit templates
EVALUATED = {
    "marketing.automatism": {"domain_lead": "trial", "domain_partner": "trial"},
    "marketing.scenario.add.people": {"domain": "trial"},
    "marketing.scenario.query": {"domain": "trial"},
    "marketing.scenario.rule": {"domain_lead": "trial", "domain_partner": "trial"},
    "marketing.scenario.step": {
        "document_body": "text",
        "document_subject": "text",
        "email_body_arch": "text",
        "email_body_html": "text",
        "email_preview": "text",
        "email_subject": "text",
        "one_to_one_body": "text",
        "one_to_one_subject": "text",
        "sms_body": "text",
    },
    "marketing.scenario.variant": {
        "email_body_arch": "text",
        "email_body_html": "text",
        "email_preview": "text",
        "email_subject": "text",
        "one_to_one_body": "text",
        "one_to_one_subject": "text",
        "sms_body": "text",
    },
}

OPERATIONS = {"r": "read", "w": "write", "c": "create", "u": "delete"}
BOUNDS = {
    "company": "of their companies, or of none",
    "person": "the same, of people they may see",
    "own": "what they opened themselves",
    "shared": "all",
    "nobody": "none: the server alone",
}
BEGIN, END = "<!-- rights: python3 dev rights -->", "<!-- end of rights -->"


def as_markdown():
    """:return: this table as people read it, for ``readme/DEVELOP.md``"""
    who = {"": "–", "rwcu": "all"}
    lines = ["| model | portal | internal user | Scenario User | Manager | which rows |", "| --- " * 6 + "|"]
    for model, (*rights, bound) in MODELS.items():
        told = [who.get(letters, ", ".join(OPERATIONS[letter] for letter in letters)) for letters in rights]
        lines.append(f"| `{model}` | {' | '.join(told)} | {BOUNDS[bound]} |")
    lines += ["", "| method | at least |", "| --- " * 2 + "|"]
    for model, methods in METHODS.items():
        for weakest in dict.fromkeys(methods.values()):
            names = ", ".join(f"`{name}`" for name, role in methods.items() if role == weakest)
            lines.append(f"| `{model}`: {names} | {weakest} |")
    lines += ["", "| field | how it is read |", "| --- " * 2 + "|"]
    for model, fields in EVALUATED.items():
        for kind in dict.fromkeys(fields.values()):
            names = ", ".join(f"`{name}`" for name, own in fields.items() if own == kind)
            lines.append(f"| `{model}`: {names} | {kind} |")
    return "\n".join(lines)


def in_document(text):
    """:return: the text of ``DEVELOP.md`` with the present table in its place"""
    before, _, rest = text.partition(BEGIN)
    return f"{before}{BEGIN}\n\n{as_markdown()}\n\n{END}{rest.partition(END)[2]}"
