import { registry } from "@web/core/registry";

const PANEL = ".o_step_inspector:not(.o_step_inspector_side)";
const SIDE = ".o_step_inspector_side";
const card = (name) => `.o_canvas_card:has(.o_canvas_name:contains('${name}'))`;
const field = (place, name) => `${place} .o_field_widget[name=${name}]`;
const saved = (place) => ({
    content: "saved as one goes",
    trigger: `${place} .o_form_status_indicator_buttons.invisible:not(:visible)`,
});

/** An input says something, at last. */
const says = (trigger, text) => ({
    content: text,
    trigger,
    async run({ anchor }) {
        for (let tries = 0; anchor.value !== text; tries++) {
            if (tries > 200) {
                throw new Error(`it says ${anchor.value}`);
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    },
});

registry.category("web_tour.tours").add("marketing_scenario_writing", {
    steps: () =>
        [
            { trigger: card("Write"), run: "click" },
            {
                content: "a merge field is typed by its name",
                trigger: `${field(PANEL, "email_subject")} input`,
                run: "edit [First name], welcome && press Tab",
            },
            { content: "and read by it", trigger: `${card("Write")}:contains('[First name], welcome')` },
            says(`${field(PANEL, "email_subject")} input`, "[First name], welcome"),
            { content: "or chosen", trigger: `${field(PANEL, "email_preview")} input`, run: "edit From && press Tab" },
            { trigger: `${field(PANEL, "email_preview")} .fa-magic:not(:visible)`, run: "click" },
            { trigger: ".o_merge_field_list [data-path=city]", run: "click" },
            { trigger: ".popover button:contains('Insert'):visible", run: "click" },
            says(`${field(PANEL, "email_preview")} input`, "From [City]"),
            saved(PANEL),
            { content: "the mail", trigger: `${PANEL} button[name=action_email_design]`, run: "click" },
            { content: "in all languages", trigger: `${SIDE} [data-language=''].active` },
            { content: "in French", trigger: `${SIDE} [data-language=fr_FR]`, run: "click" },
            { trigger: `${SIDE} [data-language=fr_FR].active` },
            {
                trigger: `${field(SIDE, "subject")} input`,
                run: "edit [First name], bienvenue && press Tab",
            },
            saved(SIDE),
            { trigger: `${SIDE} [aria-label=Close]`, run: "click" },
            { trigger: `body:not(:has(${SIDE}))` },
            { content: "no dialog in all of it", trigger: "body:not(:has(.modal))" },
        ].map((step) => ({ timeout: 30000, ...step })),
});
