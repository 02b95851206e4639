import { registry } from "@web/core/registry";

const CHECK = ".o_scenario_check";
const FIELD = ".o_step_inspector .o_field_widget[name=pause_days] input";
const patient = (steps) => steps.map((step) => ({ timeout: 30000, ...step })); // a busy machine walks slowly

registry.category("web_tour.tours").add("marketing_scenario_check", {
    steps: () =>
        patient([
            { trigger: ".o_canvas_check", run: "click" },
            { trigger: `${CHECK} .o_check_verdict:contains('2 errors')` },
            { trigger: `${CHECK} .o_check_activate:disabled` },
            { content: "to the step", trigger: `${CHECK} .o_check_open:contains('no length')`, run: "click" },
            { content: "and its field", trigger: `${FIELD}:focus`, run: "edit 2 && press Tab" },
            {
                content: "looked at again by itself",
                trigger: `${CHECK} .o_check_verdict:contains('1 error'):hidden, ${CHECK} .o_check_verdict:contains('1 error')`,
            },
            {
                content: "back to the findings",
                trigger: ".o_step_inspector:not(.o_scenario_check) button[aria-label=Close]",
                run: "click",
            },
            { content: "by one click", trigger: `${CHECK} .o_check_mend:contains('Add the end')`, run: "click" },
            { trigger: `${CHECK} .o_check_verdict:contains('Nothing is missing')` },
            { content: "taken back", trigger: ".o_canvas_undo:enabled", run: "click" },
            { trigger: `${CHECK} .o_check_verdict:contains('1 error')` },
            { content: "and done again", trigger: ".o_canvas_redo:enabled", run: "click" },
            { trigger: `${CHECK} .o_check_verdict:contains('Nothing is missing')` },
            { trigger: `${CHECK} .o_check_overdue:contains('1 person is overdue')` },
            { trigger: `${CHECK} .o_check_ask`, run: "click" },
            { trigger: `${CHECK} .o_check_overdue:contains('1 of them would get a message now')` },
            { trigger: `${CHECK} .o_check_day:contains('1 people would get a message')` },
            {
                content: "schedule",
                trigger: `${CHECK} .o_check_dates label:last input`,
                run: "edit 01/31/2099 10:00:00 && press Enter",
            },
            { trigger: `${CHECK} .o_check_amount:first`, run: "edit 3 && press Tab" },
            { trigger: `${CHECK} .o_check_activate:enabled`, run: "click" },
            { trigger: `.o_form_view button[name=action_deactivate]` },
        ]),
});
