import { registry } from "@web/core/registry";

const patient = (steps) => steps.map((step) => ({ timeout: 30000, ...step })); // a busy machine walks slowly
const onPage = [
    { content: "simulate", trigger: ".o_canvas_simulate", run: "click" },
    { content: "with more room", trigger: ".o_simulation_panel .o_simulation_whole", run: "click" },
    { trigger: "body:not(:has(.o_simulation_panel)) .o_scenario_simulation" },
];

registry.category("web_tour.tours").add("marketing_scenario_simulation", {
    steps: () =>
        patient([
            ...onPage,
            { content: "an example person", trigger: ".o_simulation_stands:contains('Rest')" },
            { content: "begins the pause", trigger: ".o_simulation_execute:contains('Execute')", run: "click" },
            { content: "ends it", trigger: ".o_simulation_execute:contains('To that moment')", run: "click" },
            { content: "the question answers", trigger: ".o_simulation_stands:contains('No')" },
            { content: "the tag is added", trigger: ".o_simulation_play", run: "click" },
            { content: "the answer changes", trigger: ".o_simulation_stands:contains('Yes')" },
            {
                content: "what is behind it",
                trigger: ".o_simulation_buttons button:contains('Run to the end')",
                run: "click",
            },
            { trigger: ".o_simulation_over" },
            { content: "back once", trigger: ".o_simulation_buttons button:contains('Back')", run: "click" },
            { content: "take the other side", trigger: ".o_simulation_stands button:contains('No')", run: "click" },
            { trigger: ".o_simulation_stands:contains('Nap')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_simulation_really", {
    steps: () =>
        patient([
            ...onPage,
            { content: "with a contact", trigger: ".o_simulation_kind", run: "select 0" },
            { trigger: ".o_simulation_record input", run: "edit Zoe Simulated" },
            { trigger: ".o-autocomplete--dropdown-item:contains('Zoe Simulated')", run: "click" },
            { content: "dry at first", trigger: ".o_simulation_stands:contains('Mail')" },
            { content: "really send", trigger: ".o_simulation_really:enabled", run: "click" },
            {
                content: "says to whom",
                trigger: ".modal:contains('zoe@simulated.example.com') .btn-primary",
                run: "click",
            },
            { trigger: ".alert-danger:contains('zoe@simulated.example.com')" },
            { content: "sends", trigger: ".o_simulation_execute:contains('Execute')", run: "click" },
            { trigger: ".o_notification:contains('was sent to zoe@simulated.example.com')" },
            { content: "dry again", trigger: ".alert-danger button:contains('Dry run again')", run: "click" },
            { trigger: ".alert-info" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_simulation_panel", {
    steps: () =>
        patient([
            { content: "beside the tree", trigger: ".o_canvas_simulate", run: "click" },
            { trigger: ".o_simulation_panel .o_simulation_stands:contains('Rest')" },
            { content: "where it stands", trigger: ".o_walked_stands:contains('Rest')" },
            { trigger: ".o_simulation_panel .o_simulation_execute:contains('Execute')", run: "click" },
            { trigger: ".o_simulation_panel .o_simulation_execute:contains('To that moment')", run: "click" },
            { content: "went well", trigger: ".o_walked_passed:contains('Rest')" },
            { content: "the other side", trigger: ".o_simulation_stands button:contains('No')", run: "click" },
            { trigger: ".o_walked_stands:contains('Nap')" },
            { trigger: ".o_simulation_buttons button:contains('Run to the end')", run: "click" },
            { trigger: ".o_simulation_panel .o_simulation_over" },
            { trigger: ".o_walked_passed:contains('Nap')" },
            { content: "the settings of a step before it", trigger: ".o_canvas_card:contains('Nap')", run: "click" },
            { trigger: ".o_step_inspector[data-step] .o_field_widget[name=pause_days]" },
            { trigger: ".o_step_inspector[data-step] button[aria-label=Close]", run: "click" },
            { trigger: ".o_simulation_panel .o_simulation_over" },
            { trigger: ".o_simulation_panel > header button[aria-label=Close]", run: "click" },
            { content: "no marks any more", trigger: ".o_scenario_canvas:not(:has(.o_walked_passed))" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_outlook", {
    steps: () =>
        patient([
            { content: "forecast", trigger: ".o_form_view button[name=action_forecast]", run: "click" },
            { content: "beside the tree, as its own button", trigger: ".o_forecast_panel .o_forecast_run" },
            { content: "with more room", trigger: ".o_forecast_panel .o_simulation_whole", run: "click" },
            { trigger: "body:not(:has(.o_forecast_panel))" },
            { trigger: ".o_forecast_who", run: "select recent" },
            { trigger: ".o_forecast_version", run: "select both" },
            { trigger: ".o_forecast_rates label:contains('Clicked') input", run: "edit 50" },
            { trigger: ".o_forecast_run:contains('Forecast')", run: "click" },
            { trigger: ".o_forecast_steps thead:contains('as published'):contains('with the changes')" },
            { trigger: ".o_forecast_steps tr:contains('Nap')" },
            { content: "what was assumed", trigger: ".o_scenario_forecast:contains('50 % (as you say)')" },
            { content: "back-test", trigger: ".o_forecast_who", run: "select past" },
            { trigger: ".o_forecast_run:contains('Back-test'):enabled", run: "click" },
            { trigger: ".o_forecast_steps thead:contains('with the changes'):contains('really')" },
            { content: "the one who would still be inside", trigger: ".o_forecast_tile:contains('75 %')" },
            { trigger: ".o_forecast_unknown:contains('has the tag Hot')" },
            { trigger: ".o_forecast_version", run: "select published" },
            { trigger: ".o_forecast_run:enabled", run: "click" },
            { trigger: ".o_forecast_steps thead:contains('as it is now')" },
            { trigger: ".o_forecast_tile:contains('100 %')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_outlook_hours", {
    steps: () =>
        patient([
            { content: "forecast", trigger: ".o_form_view button[name=action_forecast]", run: "click" },
            { trigger: ".o_forecast_panel .o_simulation_whole", run: "click" },
            { trigger: "body:not(:has(.o_forecast_panel)) .o_forecast_run", run: "click" },
            { content: "the server's load", trigger: ".o_forecast_tile:contains('emails in the busiest hour')" },
            { content: "a day, hour by hour", trigger: ".o_forecast_hours", run: "selectByIndex 1" },
            { trigger: ".o_scenario_forecast h3:contains('Messages an hour')" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_happenings", {
    steps: () =>
        patient([
            { content: "beside the tree", trigger: ".o_canvas_simulate", run: "click" },
            { trigger: ".o_simulation_panel .o_simulation_stands:contains('Rest')" },
            { content: "long before the question", trigger: ".o_simulation_happens", run: "click" },
            { trigger: ".o_simulation_happenings .o-dropdown-item:contains('gets the tag')", run: "click" },
            { content: "which one", trigger: ".o_simulation_asked input", run: "edit Hot" },
            { trigger: ".o-autocomplete--dropdown-item:contains('Hot')", run: "click" },
            {
                content: "it has happened",
                trigger:
                    ".o_simulation_panel:not(:has(.o_simulation_asked)) .o_simulation_buttons button:contains('Run to')",
                run: "click",
            },
            { trigger: ".o_simulation_panel .o_simulation_over" },
            {
                content: "the other side was taken",
                trigger: ".o_scenario_timeline li:contains('Hot?'):contains('Yes')",
            },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_foretold", {
    steps: () =>
        patient([
            { content: "beside the tree", trigger: ".o_canvas_forecast", run: "click" },
            { trigger: ".o_forecast_panel .o_forecast_who", run: "select inside" },
            { trigger: ".o_forecast_panel .o_forecast_run", run: "click" },
            { content: "whose figures these are", trigger: ".o_canvas_legend:contains('as it is now')" },
            { content: "on an arrow", trigger: ".o_foretold_chip[aria-label*='Hot? → No: 1 (25%)']" },
            { content: "of a step with one way out", trigger: ".o_foretold_chip[aria-label*='Rest: 4 (100%)']" },
            { content: "on a card", trigger: ".o_canvas_card:contains('Nap') .o_told_came:contains('1')" },
            { content: "the end states", trigger: ".o_canvas_card .o_told_ended[aria-label*='Reached the end: 3']" },
            { content: "and for who cannot see", trigger: ".o_canvas_card[aria-label*='Forecast (as it is now)']" },
            { content: "from afar", trigger: ".o_zoom_out", run: "click" },
            { trigger: ".o_canvas_compact", run: "click" },
            { trigger: ".o_compact_view .o_foretold_chip[aria-label*='Hot? → No: 1 (25%)']" },
            { trigger: ".o_canvas_compact", run: "click" },
            { content: "the people", trigger: ".o_foretold_chip[aria-label*='Hot? → No: 1 (25%)']", run: "click" },
            { trigger: ".o_list_view .o_data_row:contains('Past 0')" },
            { trigger: ".o_list_view:not(:contains('Past 1'))" },
            { content: "and back", trigger: ".breadcrumb-item.o_back_button a", run: "click" },
            { content: "it is there again", trigger: ".o_foretold_chip[aria-label*='Hot? → No: 1 (25%)']" },
            { content: "with more room", trigger: ".o_forecast_panel .o_simulation_whole", run: "click" },
            { trigger: "body:not(:has(.o_forecast_panel)) .o_forecast_steps tr:contains('Nap')" },
            { content: "and on the tree again", trigger: ".o_forecast_on_tree", run: "click" },
            { trigger: ".o_foretold_chip[aria-label*='Hot? → No: 1 (25%)']" },
            { trigger: ".o_forecast_panel > header button[aria-label=Close]", run: "click" },
            {
                content: "nothing is left of it",
                trigger: ".o_scenario_canvas:not(:has(.o_foretold_chip)):not(:has(.o_foretold_row))",
            },
        ]),
});
