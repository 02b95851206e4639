import { rightClick } from "@odoo/hoot-dom";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";

const PANEL = ".o_step_inspector";
const card = (name) => `.o_canvas_card:has(.o_canvas_name:contains('${name}'))`;
const patient = (steps) => steps.map((step) => ({ timeout: 30000, ...step })); // a busy machine answers slowly
const field = (name) => `.o_field_widget[name=${name}]`;

registry.category("web_tour.tours").add("marketing_scenario_comparison", {
    steps: () =>
        patient([
            { content: "where both groups stand", trigger: ".o_notebook .nav-link[name=control]", run: "click" },
            { content: "who was held out", trigger: "button[data-side=held]:not([data-outcome])", run: "click" },
            { content: "and nobody else", trigger: ".o_list_view .o_group_header:contains('Control group')" },
            { trigger: ".o_list_view:not(:has(.o_group_header:contains('Walk')))" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_dashboard", {
    steps: () =>
        patient([
            { content: "two entered, of all scenarios", trigger: ".o_dashboard_tile[data-name=entries]:contains('2')" },
            {
                content: "one scenario",
                trigger: ".o_dashboard_scenarios tbody tr:contains('Tour reported') td:first",
                run: "click",
            },
            { trigger: ".o_scenario_dashboard h2 a:contains('Tour reported')" },
            { content: "where people are lost", trigger: ".o_dashboard_funnel .o_scenario_share" },
            { content: "the picture of clicks", trigger: ".o_dashboard_heat", run: "click" },
            { trigger: ".o_dashboard_heat_map iframe" },
            { trigger: ".o_dashboard_heat_map:contains('Offer')" },
            {
                content: "who passed a step of the funnel",
                trigger: ".o_dashboard_funnel .o_dashboard_figure:first",
                run: "click",
            },
            { trigger: ".o_list_view .o_data_row:contains('Reader 1')" },
            { trigger: ".breadcrumb-item a:contains('Dashboard')", run: "click" },
            {
                content: "who clicked in a message",
                trigger: ".o_dashboard_messages td[data-name=clicked] .o_dashboard_figure:contains('1')",
                run: "click",
            },
            {
                trigger:
                    ".o_list_view:has(.o_data_row:contains('Reader 0')):not(:has(.o_data_row:contains('Reader 1')))",
            },
            { trigger: ".breadcrumb-item a:contains('Dashboard')", run: "click" },
            {
                content: "the people behind a tile",
                trigger: ".o_dashboard_tile[data-name=entries] .o_dashboard_figure",
                run: "click",
            },
            { trigger: ".o_list_view .o_data_row:contains('Reader') td[name=door]", run: "click" },
            { content: "and the path of one", trigger: ".o_form_view:contains('Reader'):contains('Tour reported')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_report_cell", {
    steps: () =>
        patient([
            {
                content: "of two messages one was clicked",
                trigger: ".o_pivot tr:has(th:contains('Tour reported')) td:nth-of-type(5):contains('1')",
                run: "click",
            },
            {
                trigger:
                    ".o_list_view:has(.o_data_row:contains('Reader 0')):not(:has(.o_data_row:contains('Reader 1')))",
            },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_step_figures", {
    steps: () =>
        patient([
            { trigger: `${card("Offer")}:has(.o_passed)`, run: (helpers) => rightClick(helpers.anchor) },
            { trigger: ".o_canvas_step_menu [data-name=figures]", run: "click" },
            { trigger: ".o_dashboard_heat_map:contains('Offer')" },
            { content: "from this step on", trigger: ".o_dashboard_funnel tr:first:contains('Offer')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_blocked", {
    steps: () =>
        patient([
            { trigger: ".o_group_header:contains('No opt-in (2)')", run: "click" },
            { trigger: ".o_data_row:contains('Tour shy 0'):contains('once they have agreed')" },
            { trigger: ".o_list_record_selector input:first", run: "click" },
            { content: "their records", trigger: "button[name=action_blocked_people]", run: "click" },
            { trigger: ".o_data_row:contains('Tour shy 1') td[name=marketing_optin]" },
            { content: "both agreed by phone", trigger: "thead .o_list_record_selector input", run: "click" },
            { trigger: ".o_data_row_selected:contains('Tour shy 1')" },
            {
                content: "a click ticks it",
                trigger: ".o_data_row:contains('Tour shy 0') td[name=marketing_optin]",
                run: "click",
            },
            { content: "for both at once", trigger: ".modal button.btn-primary", run: "click" },
            {
                trigger:
                    "body:not(:has(.modal)) .o_data_row:contains('Tour shy 1') td[name=marketing_optin] input:checked",
            },
            { trigger: ".breadcrumb-item a:contains('Blocked messages')", run: "click" },
            { content: "open as it was left", trigger: ".o_group_header:contains('No opt-in (2)')" },
            { trigger: ".o_data_row:contains('Tour shy 0')" },
            { trigger: ".o_list_record_selector input:first", run: "click" },
            { trigger: "button[name=action_try_again]", run: "click" },
            { trigger: ".modal button.btn-primary", run: "click" },
            { trigger: ".o_notification:contains('2 go back')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_overdue", {
    steps: () =>
        patient([
            { content: "late", trigger: ".o_data_row:contains('Tour late')" },
            { trigger: ".o_list_view:not(:has(.o_data_row:contains('Tour punctual')))" },
            { trigger: ".o_data_row:contains('Tour late') .o_list_record_selector input", run: "click" },
            { trigger: "button[name=action_skip]", run: "click" },
            { content: "nobody is late", trigger: ".o_list_view:not(:has(.o_data_row))" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_goals", {
    steps: () =>
        patient([
            { trigger: ".o_notebook .nav-link[name=goals]", run: "click" },
            { trigger: ".o_scenario_goals .o_scenario_add", run: "click" },
            { trigger: `.o_scenario_goals ${field("name")} input`, run: "edit Became a customer && press Tab" },
            { content: "its rule", trigger: `.o_scenario_goals ${field("rule_ids")} .o_scenario_add`, run: "click" },
            { trigger: ".o_scenario_add_menu [data-value=score]", run: "click" },
            { trigger: `.o_scenario_goals ${field("score_value")} input`, run: "edit 70 && press Tab" },
            { content: "in words", trigger: ".o_scenario_goals:contains('score is at least 70')" },
            { trigger: ".o_form_button_save:enabled", run: "click" },
            { trigger: ".o_form_saved, .o_form_status_indicator_buttons.invisible:not(:visible)" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_variants", {
    steps: () =>
        patient([
            { trigger: card("Offer"), run: "click" },
            { trigger: `${PANEL} ${field("variant_ids")} .o_scenario_add`, run: "click" },
            {
                content: "another subject",
                trigger: `${PANEL} ${field("variant_ids")} ${field("email_subject")} :is(input, textarea, [contenteditable=true])`,
                run: "edit Shorter && press Tab",
            },
            { content: "what each brought", trigger: `${PANEL} ${field("trial_report")}:contains('B')` },
            { content: "saved", trigger: `${PANEL} .o_form_status_indicator_buttons.invisible:not(:visible)` },
            {
                content: "decide by hand",
                trigger: `${PANEL} ${field("variant_ids")} button[name=action_use]`,
                run: "click",
            },
            { trigger: `${PANEL} ${field("trial_report")}:contains('“B” is used for all')` },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_file", {
    steps: () =>
        patient([
            {
                content: "a browser without a window for the download",
                trigger: ".o_scenario_form",
                run: () => (browser.open = (url) => ((document.body.dataset.downloaded = url), { closed: false })),
            },
            { content: "the actions of a scenario", trigger: ".o_cp_action_menus button:has(.fa-cog)", run: "click" },
            { trigger: ".o-dropdown--menu .dropdown-item:contains('Export')", run: "click" },
            { content: "the file is asked for", trigger: "body[data-downloaded$='/file']" },
            { trigger: ".o_menu_sections .o_nav_entry:contains('Scenarios')", run: "click" },
            { trigger: ".o_list_button_add", run: "click" },
            { trigger: ".o_scenario_card_bare:contains('From a file')", run: "click" },
            {
                content: "the file that “Export” makes",
                trigger: ".modal .o_field_widget[name=file] input[type=file]:not(:visible)",
                async run() {
                    const answer = await fetch(document.body.dataset.downloaded);
                    const files = new DataTransfer();
                    files.items.add(new File([await answer.blob()], "tour.json", { type: "application/json" }));
                    this.anchor.files = files.files;
                    this.anchor.dispatchEvent(new Event("change", { bubbles: true }));
                },
            },
            {
                trigger:
                    ".modal .o_field_widget[name=file]:contains('tour.json'), .modal .o_field_widget[name=file] input:value(tour.json)",
            },
            { trigger: ".modal button[name=action_read]", run: "click" },
            {
                content: "what it brings is shown first",
                trigger: ".modal .o_field_widget[name=name] input:value(Tour given)",
            },
            { trigger: ".modal .o_field_widget[name=name] input", run: "edit Tour taken" },
            { trigger: ".modal button[name=action_import]", run: "click" },
            { trigger: `body:not(:has(.modal)) ${card("Offer")}` },
        ]),
});
