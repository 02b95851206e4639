"""Every reason code the addon stores, with its sentence.

One list for traces, enrollments and rejections, so that the same cause reads the same everywhere, can be counted
and is translated once (the sentences are the labels of the ``reason`` Selection fields).
"""

REASONS = [
    # consent and deliverability (S34): why a message did not go
    ("no_consent", "No opt-in"),
    ("refused_email", "Opted out of emails"),
    ("refused_sms", "Opted out of SMS"),
    ("refused_phone", "Opted out of calls"),
    ("refused_all", "Opted out of all marketing"),
    ("blacklisted", "On the blacklist"),
    ("invalid_email", "Invalid email address"),
    ("invalid_phone", "Invalid phone number"),
    ("no_email", "No email address"),
    ("no_phone", "No phone number"),
    ("no_mobile", "Not a mobile number"),
    ("bounced", "Bounced"),
    ("frequency_cap", "Too many messages lately"),
    ("outside_window", "Waiting for the sending window"),
    # entry (S7, S10, S15)
    ("after_date", "Entered after the date"),
    ("already_inside", "Already in this scenario"),
    ("reentry_never", "Was in this scenario before"),
    ("reentry_too_early", "Was in this scenario too recently"),
    ("other_scenario", "In another scenario"),
    ("kind_not_allowed", "This kind of record is not accepted"),
    ("scenario_inactive", "The scenario is not active"),
    ("scenario_ended", "The scenario is over"),
    ("company_mismatch", "Belongs to another company"),
    ("no_access", "No right to change this record"),
    # ends and waits
    ("target_deleted", "Record deleted"),
    ("target_archived", "Record archived"),
    ("target_merged", "Merged into another record"),
    ("lead_won", "Opportunity won"),
    ("lead_lost", "Lead lost"),
    ("by_hand", "By hand"),
    ("end_step", "Reached the end"),
    ("no_next_step", "No step follows"),
    ("launched", "Sent into another scenario"),
    ("unsubscribed", "Unsubscribed"),
    ("visit_limit", "Came to the same step too often"),
    ("no_longer_matches", "No longer matches the query"),
    ("step_deleted", "Step deleted"),
    ("overdue", "Too late to be sent"),
    ("error", "Error"),
    ("retry", "Will be tried again"),
    ("pause", "Pause"),
    ("wait_event", "Waiting for the condition"),
    ("erased", "Erased on request"),
    ("no_tag", "No tag for this kind of record"),
    ("suspended", "Sending suspended: too many bounces"),
    ("not_inside", "Not in this scenario"),
    ("not_for_kind", "Nothing set for this kind of record"),
    ("automatism", "By an automation"),
]
