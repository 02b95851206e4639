import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("marketing_scenario_pane", {
    steps: () => [
        { content: "open the pane", trigger: ".o_notebook a[name=marketing]", run: "click" },
        { content: "the +", trigger: ".o_marketing_add", run: "click" },
        { content: "choose", trigger: ".modal .o_scenario_choice:contains('Tour follow-up')", run: "click" },
        { trigger: ".modal .o_scenario_choice.o_chosen:contains('Tour follow-up')" },
        { content: "send in", trigger: ".modal button[name=action_confirm]", run: "click" },
        {
            content: "the run is in the pane",
            trigger:
                "body:not(:has(.modal)) .o_field_widget[name=marketing_enrollment_ids] .o_data_row:contains('Tour follow-up')",
        },
        {
            content: "hold it",
            trigger: ".o_field_widget[name=marketing_enrollment_ids] button[name=action_pause]",
            run: "click",
        },
        { trigger: ".o_field_widget[name=marketing_enrollment_ids] button[name=action_resume]" },
    ],
});

const card = (name) => `.o_canvas_card:has(.o_canvas_name:contains('${name}'))`;

registry.category("web_tour.tours").add("marketing_scenario_build", {
    steps: () => [
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_scenario_gallery_name", run: "edit Built by a tour" },
        { trigger: ".o_scenario_card_bare:contains('From nothing')", run: "click" },
        { content: "a type is chosen on the +", trigger: ".o_canvas_open .o_canvas_add", run: "click" },
        { trigger: ".o_canvas_type_menu [data-type=pause]", run: "click" },
        { content: "its settings open in the panel", trigger: "body:not(:has(.modal)) .o_step_inspector" },
        { trigger: ".o_step_inspector .o_field_widget[name=pause_days] input", run: "edit 2 && press Tab" },
        { trigger: `${card("Pause")}:contains('2 days')` },
        { content: "an end is missing", trigger: ".o_form_view button[name=action_activate_checked]", run: "click" },
        { content: "by one click", trigger: ".o_scenario_check .o_check_issue .o_check_mend", run: "click" },
        { trigger: ".o_check_activate:enabled", run: "click" },
        { trigger: ".o_form_view button[name=action_deactivate]" },
    ],
});

registry.category("web_tour.tours").add("marketing_scenario_draft", {
    steps: () => [
        { content: "it runs", trigger: ".o_list_view .o_data_cell:contains('Live tour')", run: "click" },
        { content: "read only", trigger: ".o_scenario_canvas.o_readonly:not(:has(.o_canvas_plus))" },
        { content: "a draft of it", trigger: ".o_draft_edit", run: "click" },
        { trigger: ".o_draft_count:contains('No changes yet')" },
        { content: "configure a step", trigger: `.o_scenario_canvas:not(.o_readonly) ${card("wait")}`, run: "click" },
        { trigger: ".o_step_inspector .o_field_widget[name=pause_days] input", run: "edit 3 && press Tab" },
        { content: "the card says so", trigger: `${card("wait")}:contains('3 days') .o_change_changed` },
        { content: "in words", trigger: ".o_draft_count:contains('1 unpublished change')", run: "click" },
        { trigger: ".o_scenario_changes li:contains('Days: 1 → 3')" },
        { content: "delete the other", trigger: card("goes"), run: "click" },
        { trigger: card("goes"), run: "press Delete" },
        { trigger: `body:not(:has(${card("goes")})) .o_draft_count:contains('2 unpublished changes')` },
        { trigger: ".o_draft_publish", run: "click" },
        {
            content: "who stands there",
            trigger: ".modal .o_field_widget[name=removed_ids] .o_data_row:contains('goes')",
        },
        { trigger: ".modal .o_field_widget[name=waits_ids] .o_data_row:contains('wait')" },
        { trigger: ".modal .o_field_widget[name=note] input", run: "edit Slower" },
        { trigger: ".modal button[name=action_publish]", run: "click" },
        { content: "published", trigger: "body:not(:has(.modal)) .o_draft_edit" },
        { trigger: `body:not(:has(${card("goes")})) ${card("wait")}:contains('3 days')` },
        { content: "its versions", trigger: "button[name=action_versions]", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Slower') .o_data_cell:first", run: "click" },
        { trigger: ".o_form_view .o_scenario_changes li:contains('“goes” (Pause) is removed')" },
        { content: "back to the first", trigger: ".o_breadcrumb .o_back_button", run: "click" },
        { trigger: ".o_list_view .o_data_row:contains('Activated') .o_data_cell:first", run: "click" },
        { trigger: "button[name=action_restore]", run: "click" },
        { trigger: ".o_draft_count:contains('2 unpublished changes')" },
        { content: "what comes back is marked", trigger: `${card("goes")} .o_change_added` },
        { trigger: ".o_draft_publish", run: "click" },
        { trigger: ".modal button[name=action_publish]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${card("wait")}:contains('1 day')` },
        { trigger: card("goes") },
    ],
});
