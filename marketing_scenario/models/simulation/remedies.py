"""What can be done about it when a step did not do its work in a simulation (S39)."""


def remedies(env):
    """``{reason code: sentence}``, of the reasons that somebody can do something about."""
    opted_out = env._("Only the person can take that back: by a form with a consent box, or by telling you.")
    return {
        "no_consent": env._("Note the opt-in in the Marketing pane of the record, or let a form ask for it."),
        "refused_email": opted_out,
        "refused_sms": opted_out,
        "refused_phone": opted_out,
        "refused_all": opted_out,
        "blacklisted": env._("Take the address off Odoo's blacklist, if the person agrees."),
        "invalid_email": env._("Correct the email address of the record."),
        "invalid_phone": env._("Correct the phone number of the record."),
        "bounced": env._("Correct the email address of the record."),
        "no_email": env._("Fill in the email address of the record."),
        "no_phone": env._("Fill in the phone number of the record."),
        "no_mobile": env._("Fill in a mobile number on the record."),
        "frequency_cap": env._("Wait, or raise “Messages per person” in the settings."),
        "already_inside": env._("Take the other run out first, in the Marketing pane of the record."),
        "reentry_never": env._("Change “May enter again” on the page “Settings” of the scenario."),
        "reentry_too_early": env._("Wait, or change “May enter again” on the page “Settings” of the scenario."),
        "other_scenario": env._("Wait, or switch on “Allow presence in several scenarios” of the scenario."),
        "kind_not_allowed": env._("Accept this kind of record on the page “Settings” of the scenario."),
        "scenario_ended": env._("Set a later end date for the scenario."),
        "company_mismatch": env._("Choose a record of the company of the scenario."),
        "target_archived": env._("Restore the record from the archive."),
        "no_tag": env._("Choose a tag for this kind of record in the settings of the step."),
        "not_for_kind": env._("Fill in what the step does for this kind of record in its settings."),
        "no_date": env._("Fill in the date on the record."),
        "visit_limit": env._("Add a way out of the loop, or raise “Visits per step” of the scenario."),
        "no_next_step": env._("Add the missing step or end."),
        "suspended": env._("Correct the addresses that bounced, then press “Resume sending” on the scenario."),
        "error": env._("Correct the settings of the step, then go on."),
        "retry": env._("Correct the settings of the step, then go on."),
    }
