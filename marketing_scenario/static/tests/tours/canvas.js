import { rightClick } from "@odoo/hoot-dom";
import { registry } from "@web/core/registry";

const tours = registry.category("web_tour.tours");
const PANEL = ".o_step_inspector";
const CASE = `${PANEL} .o_field_widget[name=case_ids] > .o_scenario_sentences`;
const FOCUSED = ".o_canvas_item:focus";
const patient = (steps) => steps.map((step) => ({ timeout: 30000, ...step })); // a busy machine saves slowly

const type = (name) => `.o_canvas_palette .o_canvas_type[data-type=${name}]`;
const card = (name) => `.o_canvas_card:has(.o_canvas_name:contains('${name}'))`;
const place = (outcome) => `.o_canvas_open[data-key$=':${outcome}']`;

/** Type a word letter by letter, where the focus is. */
const typed = (word) => [...word].map((letter) => `press ${letter}`).join(" && ");

/** As many steps as said. */
const counted = (steps) => ({
    trigger: ".o_scenario_canvas",
    async run() {
        const until = Date.now() + 25000;
        while (document.querySelectorAll(".o_canvas_card").length !== steps && Date.now() < until) {
            await new Promise((resolve) => setTimeout(resolve, 50));
        }
        if (document.querySelectorAll(".o_canvas_card").length !== steps) {
            throw new Error(`not ${steps} steps`);
        }
    },
});

/** As many steps as said, all of them on screen. */
const grown = (steps) => [counted(steps), { trigger: ".o_zoom_fit", run: "click" }];

const dragged = (from, to, steps) => [{ trigger: from, run: `drag_and_drop ${to}` }, ...grown(steps)];

/** Press keys until a button has nothing more to do; a step of the tour for each edit. */
const pressedOut = (button, keys) =>
    Array.from({ length: 30 }, () => ({
        trigger: ".o_scenario_canvas",
        async run(helpers) {
            const el = document.querySelector(button);
            if (el.disabled) {
                return;
            }
            const before = document.querySelector(".o_canvas_plane").textContent + el.title;
            await helpers.press(keys);
            const until = Date.now() + 20000;
            while (document.querySelector(".o_canvas_plane").textContent + el.title === before && Date.now() < until) {
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
        },
    }));

const there = (steps) => [
    { content: "back to the beginning, and forth again", trigger: FOCUSED },
    ...pressedOut(".o_canvas_undo", "Control+z"),
    ...grown(1),
    ...pressedOut(".o_canvas_redo", "Control+y"),
    ...grown(steps),
];

tours.add("marketing_scenario_canvas_drag", {
    steps: () =>
        patient([
            { trigger: ".o_list_button_add", run: "click" },
            { trigger: ".o_scenario_gallery_name", run: "edit Built by dragging" },
            { trigger: ".o_scenario_card_bare:contains('From nothing')", run: "click" },
            { content: "the campaign", ...dragged(type("email"), ".o_canvas_open", 2)[0] },
            { content: "what it lacks is shown at once", trigger: `${PANEL} .alert-warning` },
            { trigger: `${PANEL} .o_field_widget[name=email_subject] input`, run: "edit Our brochure" },
            { trigger: `${PANEL} .o_field_widget[name=email_subject] input`, run: "press Tab" },
            { content: "the card says so", trigger: `${card("Email")}:contains('Our brochure')` },
            { content: "a pause", ...dragged(type("pause"), ".o_canvas_open", 3)[0] },
            { trigger: `${PANEL} .o_field_widget[name=pause_days] input`, run: "edit 7 && press Tab" },
            { trigger: `${card("Pause")}:contains('7 days')` },
            { content: "three conditions", ...dragged(type("switch"), ".o_canvas_open", 4)[0] },
            { trigger: `${PANEL} h2:contains('Switch')` },
            ...["Clickers", "Openers", "Inactive"].flatMap((name, index) => [
                { trigger: `${CASE} > .o_scenario_add`, run: "click" },
                {
                    trigger: `${CASE} > ol > li:nth-child(${index + 1}) .o_field_widget[name=name] input`,
                    run: `edit ${name} && press Tab`,
                },
                { trigger: `.o_canvas_words:contains('${name}')` },
            ]),
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            ...grown(4),
            { content: "has the form been filled?", ...dragged(type("if"), place("case_1"), 5)[0] },
            ...grown(5),
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { trigger: ".o_zoom_fit", run: "click" },
            { content: "a reminder", ...dragged(type("email"), place("no"), 6)[0] },
            ...grown(6),
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { trigger: ".o_zoom_fit", run: "click" },
            { content: "the loop", ...dragged(type("goto"), place("case_2"), 7)[0] },
            ...grown(7),
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { trigger: ".o_zoom_fit", run: "click" },
            { content: "a reminder for the inactive", ...dragged(type("email"), place("case_3"), 8)[0] },
            ...grown(8),
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { content: "the way out", trigger: ".o_canvas_add_ends:contains('4')", run: "click" },
            ...grown(12),
            { trigger: "body:not(:has(.modal)):not(:has(.o_canvas_open))" },
            { trigger: card("Start"), run: (helpers) => helpers.anchor.focus() },
            ...there(12),
        ]),
});

const added = (word, name) => [
    { trigger: FOCUSED, run: "press a" },
    { trigger: ".o_canvas_type_menu input:focus", run: typed(word) },
    { trigger: ".o_canvas_type_menu .o_active", run: "press Enter" },
    { trigger: `${card(name)}:focus` },
];

tours.add("marketing_scenario_canvas_keys", {
    steps: () =>
        patient([
            { trigger: card("Start"), run: (helpers) => helpers.anchor.focus() },
            ...added("email", "Email"),
            { content: "another name, in place", trigger: FOCUSED, run: "press F2" },
            { trigger: ".o_canvas_rename:focus", run: `press Control+a && ${typed("campaign")} && press Enter` },
            { trigger: `${card("campaign")}:focus` },
            ...added("pause", "Pause"),
            ...added("if", "IF"),
            { trigger: FOCUSED, run: "press F2" },
            { trigger: ".o_canvas_rename:focus", run: `press Control+a && ${typed("clicked")} && press Enter` },
            { trigger: `${card("clicked")}:focus`, run: "press ArrowDown" },
            { trigger: `${place("yes")}:focus` },
            ...added("if", "IF"),
            { trigger: FOCUSED, run: "press ArrowDown" },
            { trigger: `${place("yes")}:focus` },
            ...added("end", "End"),
            { trigger: FOCUSED, run: "press ArrowRight" },
            { trigger: `${place("no")}:focus` },
            ...added("email", "Email"),
            { content: "its settings, and back", trigger: FOCUSED, run: "press Enter" },
            { trigger: `${PANEL} .o_field_widget[name=name] input:focus`, run: "press Escape" },
            { trigger: `body:not(:has(${PANEL})) ${card("Email")}:focus` },
            ...added("end", "End"),
            { content: "up to the first question, down its other side", trigger: FOCUSED, run: "press ArrowUp" },
            { trigger: `${card("Email")}:focus`, run: "press ArrowUp" },
            { trigger: `${card("IF")}:focus`, run: "press ArrowRight" },
            { trigger: `${place("no")}:focus` },
            ...added("step", "Go to a step"),
            { trigger: "body:not(:has(.o_canvas_open))" },
            { content: "a step between", trigger: FOCUSED, run: "press ArrowUp" },
            { trigger: `${card("clicked")}:focus`, run: "press ArrowUp" },
            { trigger: `${card("Pause")}:focus` },
            ...added("tag", "Tag"),
            { content: "search", trigger: FOCUSED, run: "press /" },
            { trigger: ".o_canvas_search input:focus", run: `${typed("campaign")} && press Enter` },
            { trigger: `${card("campaign")}.o_selected` },
            { trigger: ".o_canvas_search input:focus", run: "press Escape" },
            { trigger: `${card("campaign")}:focus` },
            { trigger: "body:not(:has(.modal))" },
            ...there(10),
        ]),
});

tours.add("marketing_scenario_canvas_branches", {
    steps: () =>
        patient([
            ...grown(5),
            { content: "a branch to the other side", ...dragged(card("First"), place("no"), 5)[0] },
            { trigger: `body:has(${place("yes")}):not(:has(${place("no")}))` },
            { content: "a copy of it", trigger: card("First"), run: (helpers) => helpers.anchor.focus() },
            { trigger: `${card("First")}:focus`, run: "press Control+c" },
            { trigger: card("First"), run: "press ArrowLeft" },
            { trigger: `${place("yes")}:focus`, run: "press Control+v" },
            counted(8),
            { trigger: `${card("First")}.o_selected:focus` },
            { content: "deleted with what follows", trigger: FOCUSED, run: "press Shift+Delete" },
            counted(5),
            { trigger: ".o_notification:contains('and 2 steps after it') button:contains('Undo')", run: "click" },
            ...grown(8),
            { content: "by the menu", trigger: `${card("First")}:first`, run: (helpers) => rightClick(helpers.anchor) },
            { trigger: ".o_canvas_step_menu [data-name=delete]", run: "click" },
            ...grown(7),
            {
                content: "another type",
                trigger: `${card("Second")}:first`,
                run: (helpers) => rightClick(helpers.anchor),
            },
            { trigger: ".o_canvas_step_menu [data-name=replace]", run: "click" },
            { trigger: ".modal .o_scenario_choice[data-value=score]", run: "click" },
            { trigger: ".modal button[name=action_replace]", run: "click" },
            { trigger: `body:not(:has(.modal)) ${PANEL} .o_field_widget[name=score_points]` },
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { trigger: "body:not(:has(.modal))" },
        ]),
});
