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
