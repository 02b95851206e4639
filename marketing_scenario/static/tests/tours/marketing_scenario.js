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

registry.category("web_tour.tours").add("marketing_scenario_gallery", {
    steps: () => [
        { content: "what stands beside the list", trigger: ".o_scenario_page_automations", run: "click" },
        { trigger: ".o_scenario_page_row:contains('Beside the list')" },
        { trigger: ".o_list_button_add", run: "click" },
        { trigger: ".o_scenario_gallery_name", run: "edit Our spring event" },
        { trigger: ".o_scenario_gallery input[type=search]", run: "edit seats fixed date" },
        { content: "nothing has these words", trigger: ".o_scenario_gallery:not(:has(article))" },
        { trigger: ".o_scenario_gallery input[type=search]", run: "edit fixed date" },
        { trigger: "article[data-key='09_event'] .btn-primary", run: "click" },
        { trigger: ".modal .o_field_widget[name=name] input:value(Our spring event)" },
        {
            content: "the date is asked for",
            trigger: ".modal .o_data_row:contains('When is the event') .o_data_cell:eq(2)",
            run: "click",
        },
        {
            trigger:
                ".modal .o_data_row .o_field_widget[name=date] button, .modal .o_data_row .o_field_widget[name=date] input",
            run: "click",
        },
        { trigger: ".o_datetime_picker .o_next", run: "click" },
        { trigger: ".o_datetime_picker .o_date_item_cell:not(.o_out_of_range):eq(20)", run: "click" },
        { trigger: ".modal button[name=action_import]", run: "click" },
        { trigger: `body:not(:has(.modal)) ${card("The program")}` },
        { trigger: ".o_scenario_form .o_canvas_card:contains('Until 21 days before')" },
        { content: "back on the page", trigger: ".o_menu_sections .o_nav_entry:contains('Scenarios')", run: "click" },
        {
            content: "switched in place",
            trigger: ".o_data_row:contains('Switched by a tour') .o_scenario_switch input",
            run: "click",
        },
        { trigger: ".o_data_row:contains('Switched by a tour') .o_scenario_switch:contains('Active')" },
        {
            content: "switching goes through the check",
            trigger: ".o_data_row:contains('With an error') .o_scenario_switch input",
            run: "click",
        },
        { content: "and shows it", trigger: ".o_scenario_check .o_check_issue" },
        { content: "back on the page", trigger: ".o_menu_sections .o_nav_entry:contains('Scenarios')", run: "click" },
        { trigger: ".o_data_row:contains('With an error') .o_scenario_switch:contains('Draft')" },
    ],
});

registry.category("web_tour.tours").add("marketing_scenario_story", {
    steps: () => [
        { trigger: ".o_notebook .nav-link[name=marketing]", run: "click" },
        { trigger: ".o_marketing_story", run: "click" },
        {
            content: "why the last message did not go",
            trigger: ".o_scenario_story_why:contains('did not go: no opt-in')",
        },
        {
            content: "a message as it was sent",
            trigger: ".o_scenario_story_read:contains('Our brochure')",
            run: "click",
        },
        { trigger: ".modal iframe[srcdoc*='Hello']" },
        { trigger: ".modal footer .btn-primary", run: "click" },
        { content: "leave something out", trigger: "button[data-kind=message]", run: "click" },
        { trigger: ".o_scenario_story:not(:has([data-kind=message].o_scenario_story_row))" },
        { content: "hold the run", trigger: "button[name=action_pause]", run: "click" },
        { trigger: ".o_planned:contains('On hold by hand') button[name=action_resume]" },
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
        { content: "its versions, behind “More”", trigger: ".o_button_more", run: "click" },
        { trigger: ".o_dropdown_more button[name=action_versions]", run: "click" },
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
        { content: "once more, not meant", trigger: ".o_draft_edit:contains('Change')", run: "click" },
        { trigger: `.o_scenario_canvas:not(.o_readonly) ${card("wait")}`, run: "click" },
        { trigger: ".o_step_inspector .o_field_widget[name=pause_days] input", run: "edit 4 && press Tab" },
        { trigger: ".o_draft_count:contains('1 unpublished change')" },
        { trigger: ".o_draft_discard", run: "click" },
        {
            content: "asked first",
            trigger: ".modal:contains('1 unpublished change') footer .btn-primary",
            run: "click",
        },
        { trigger: `body:not(:has(.modal)) .o_scenario_canvas.o_readonly ${card("wait")}:contains('1 day')` },
    ],
});
