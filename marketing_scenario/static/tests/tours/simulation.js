import { registry } from "@web/core/registry";

registry.category("web_tour.tours").add("marketing_scenario_simulation", {
    steps: () => [
        { content: "simulate", trigger: ".o_form_view button[name=action_simulate]", run: "click" },
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
    ],
});

registry.category("web_tour.tours").add("marketing_scenario_simulation_really", {
    steps: () => [
        { content: "simulate", trigger: ".o_form_view button[name=action_simulate]", run: "click" },
        { content: "with a contact", trigger: ".o_simulation_kind", run: "select 0" },
        { trigger: ".o_simulation_record input", run: "edit Zoe Simulated" },
        { trigger: ".o-autocomplete--dropdown-item:contains('Zoe Simulated')", run: "click" },
        { content: "dry at first", trigger: ".o_simulation_stands:contains('Mail')" },
        { content: "really send", trigger: ".o_simulation_really", run: "click" },
        { content: "says to whom", trigger: ".modal:contains('zoe@simulated.example.com') .btn-primary", run: "click" },
        { trigger: ".alert-danger:contains('zoe@simulated.example.com')" },
        { content: "sends", trigger: ".o_simulation_execute:contains('Execute')", run: "click" },
        { trigger: ".o_notification:contains('was sent to zoe@simulated.example.com')" },
        { content: "dry again", trigger: ".alert-danger button:contains('Dry run again')", run: "click" },
        { trigger: ".alert-info" },
    ],
});
