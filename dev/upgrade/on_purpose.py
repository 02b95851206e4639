"""What later versions take away on purpose, each with its reason. Everything else must outlive an upgrade.

A reason is for those who have customized the addon: it says what to use instead. Who adds a line here also raises
the version in the manifest.
"""

# model → why its table and its rows may be gone
MODELS: dict[str, str] = {
    "marketing.engagement.latch": "It serves more than forms now, as marketing.latch; its rows meant nothing.",
}
# model → why there may be rows that were not there before
ADDED: dict[str, str] = {
    "marketing.report.stale": "All hours are counted anew: what became of a message is told in one way now.",
}
# "model.column" → why its values may be gone, or may have changed; also "queue of our inventory.column"
COLUMNS: dict[str, str] = {
    "marketing.scenario.trace.message": "Of an entry it names only where it came from; read ``details`` for the whole.",
}
# name of an external id → why it may be gone
EXTERNAL_IDS: dict[str, str] = (
    {
        name: "Odoo evaluates record rules as superuser, so this one let everything through; the model sees to it now."
        for name in ("marketing_document_link_rule_target", "marketing_phoning_call_rule_target")
    }
    | {
        name: "The canvas and the check beside it do what these dialogs and the list of steps did."
        for name in (
            "marketing_scenario_check_view_form",
            "marketing_scenario_check_view_form_draft",
            "marketing_scenario_reactivate_view_form",
            "marketing_scenario_step_add_view_form",
            "marketing_scenario_step_move_view_form",
            "marketing_scenario_step_view_list",
            "marketing_scenario_step_view_list_draft",
            "access_marketing_scenario_check_line_manager",
            "access_marketing_scenario_check_manager",
            "access_marketing_scenario_reactivate_manager",
            "access_marketing_scenario_step_add_manager",
            "access_marketing_scenario_step_move_manager",
        )
    }
    | {
        "access_marketing_engagement_latch_system": "The latch of the forms is marketing.latch now.",
    }
)
# name of a saved filter of the old world → why it may find something else
FILTERS: dict[str, str] = {}
