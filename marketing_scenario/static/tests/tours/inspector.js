import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";

const PANEL = ".o_step_inspector";
const CASE = ".o_field_widget[name=case_ids] > .o_scenario_sentences > ol > li";
const card = (name) => `.o_canvas_card:has(.o_canvas_name:contains('${name}'))`;
const patient = (steps) => steps.map((step) => ({ timeout: 30000, ...step })); // a busy machine saves slowly
const saved = {
    content: "saved as one goes",
    trigger: `${PANEL} .o_form_status_indicator_buttons.invisible:not(:visible)`,
};

registry.category("web_tour.tours").add("marketing_scenario_inspector", {
    steps: () =>
        patient([
            { content: "a click on a step opens its settings", trigger: card("Decide"), run: "click" },
            { trigger: `${PANEL} h2:contains('IF')` },
            { content: "incomplete, and why", trigger: `${PANEL} .alert-warning:contains('Add a rule')` },
            { content: "add a rule", trigger: `${PANEL} .o_scenario_add`, run: "click" },
            { trigger: ".o_scenario_add_menu [data-value=score]", run: "click" },
            {
                content: "its fields stand in the sentence",
                trigger: `${PANEL} .o_scenario_sentence_row .o_field_widget[name=score_value] input`,
                run: "edit 40 && press Tab",
            },
            {
                content: "the summary follows",
                trigger: `${PANEL} .o_scenario_summary:contains('score is at least 40')`,
            },
            { content: "invert it", trigger: `${PANEL} .o_scenario_invert`, run: "click" },
            { trigger: `${PANEL} .o_scenario_summary:contains('not (score is at least 40)')` },
            saved,
            { content: "nothing is missing any more", trigger: `${PANEL}:not(:has(.alert-warning))` },
            { content: "the card says the same", trigger: `${card("Decide")}:contains('not (score is at least 40)')` },
            { content: "a switch", trigger: card("Choose"), run: "click" },
            { trigger: `${PANEL} h2:contains('Switch')` },
            { content: "a case at once", trigger: `${PANEL} .o_scenario_add`, run: "click" },
            { trigger: `${PANEL} .o_scenario_sentence_row .o_scenario_add`, run: "click" },
            { content: "with its rule", trigger: ".o_scenario_add_menu [data-value=random]", run: "click" },
            { trigger: `${PANEL} .o_scenario_summary:contains('50 % at random')` },
            saved,
            {
                content: "no label, no saving",
                trigger: `${PANEL} h1 .o_field_widget[name=name] input`,
                run: "clear && press Tab",
            },
            { trigger: `${PANEL} h1 .o_field_widget[name=name].o_field_invalid` },
            { trigger: `${PANEL} h1 .o_field_widget[name=name] input`, run: "edit Choose well && press Tab" },
            { content: "no dialog in all of it", trigger: "body:not(:has(.modal))" },
            {
                content: "typed, not yet left",
                trigger: `${PANEL} h1 .o_field_widget[name=name] input`,
                run: "edit Choose best",
            },
            {
                content: "Escape saves and closes",
                trigger: `${PANEL} h1 .o_field_widget[name=name] input`,
                run: "press Escape",
            },
            { trigger: `body:not(:has(${PANEL})) ${card("Choose best")}` },
        ]),
});

/** Requests of a method take their time from here on; ``body.dataset.slow`` tells how many are under way. */
function slow(method) {
    const { open, send } = XMLHttpRequest.prototype;
    const count = (by) => (document.body.dataset.slow = Number(document.body.dataset.slow || 0) + by);
    XMLHttpRequest.prototype.open = function (verb, url) {
        this.isSlow = url.includes(method);
        return open.apply(this, arguments);
    };
    XMLHttpRequest.prototype.send = function () {
        if (!this.isSlow) {
            return send.apply(this, arguments);
        }
        count(1);
        this.addEventListener("loadend", () => count(-1));
        setTimeout(() => send.apply(this, arguments), 1500);
    };
}

registry.category("web_tour.tours").add("marketing_scenario_inspector_slow", {
    steps: () =>
        patient([
            { trigger: card("Decide"), run: "click" },
            { trigger: `${PANEL} .o_scenario_add`, run: () => slow("/web_save") },
            { trigger: `${PANEL} .o_scenario_add`, run: "click" },
            { trigger: ".o_scenario_add_menu [data-value=score]", run: "click" },
            { trigger: `${PANEL} .o_scenario_sentence_row .o_field_widget[name=score_value]` },
            { content: "being saved", trigger: "body[data-slow='1']" },
            { content: "meanwhile: invert it", trigger: `${PANEL} .o_scenario_invert`, run: "click" },
            { trigger: `${PANEL} .o_scenario_invert.btn-danger` },
            { content: "being saved", trigger: "body[data-slow='1']" },
            { content: "meanwhile: one more", trigger: `${PANEL} .o_scenario_add`, run: "click" },
            { trigger: ".o_scenario_add_menu [data-value=random]", run: "click" },
            { trigger: `${PANEL} .o_scenario_sentence_row:eq(1) .o_field_widget[name=random_percent]` },
            { content: "being saved", trigger: "body[data-slow='1']" },
            {
                content: "meanwhile: the first one goes",
                trigger: `${PANEL} .o_scenario_sentence_row:eq(0) .o_scenario_remove`,
                run: "click",
            },
            { trigger: `${PANEL}:not(:has(.o_scenario_sentence_row:eq(1)))` },
            saved,
            { trigger: "body[data-slow='0']" },
        ]),
});

/** The server does not answer from here on, until what this returns is called. */
function lose() {
    const { send } = XMLHttpRequest.prototype;
    XMLHttpRequest.prototype.send = function () {
        setTimeout(() => this.dispatchEvent(new Event("error")));
    };
    return () => (XMLHttpRequest.prototype.send = send);
}

let find;

registry.category("web_tour.tours").add("marketing_scenario_inspector_lost", {
    steps: () =>
        patient([
            { trigger: card("Write"), run: "click" },
            { trigger: `${PANEL} .o_field_widget[name=email_subject] input`, run: () => (find = lose()) },
            {
                content: "typed without an answer",
                trigger: `${PANEL} .o_field_widget[name=email_subject] input`,
                run: "edit Kept && press Tab",
            },
            { content: "said in the panel", trigger: `${PANEL} [role=alert]:contains('does not answer')` },
            { content: "another step", trigger: card("Bye"), run: "click" },
            { content: "it stays", trigger: `${PANEL} h2:contains('Email')` },
            { trigger: `${card("Write")}.o_selected`, run: () => find() },
            { content: "saved by itself", trigger: `${PANEL}:not(:has([role=alert]:contains('does not answer')))` },
            { content: "the card says it", trigger: `${card("Write")}:contains('Kept')` },
            { content: "it goes on", trigger: card("Bye"), run: "click" },
            { trigger: `${PANEL} h2:contains('End')` },
        ]),
});

const CHECK = ".o_scenario_check";
const TRY_AGAIN = ".o_scenario_trouble:contains('does not answer') button";

registry.category("web_tour.tours").add("marketing_scenario_check_lost", {
    steps: () =>
        patient([
            { trigger: card("Write"), run: "click" },
            {
                content: "typed, not yet left",
                trigger: `${PANEL} .o_field_widget[name=email_subject] input`,
                run: "edit {{ object.nope }}",
            },
            { content: "the check knows it", trigger: ".o_canvas_check", run: "click" },
            { content: "to its field", trigger: `${CHECK} .o_check_open:contains('“nope”')`, run: "click" },
            {
                content: "the panel says it, too",
                trigger: `${PANEL}:has(.alert-warning:contains('“nope”')) [name=email_subject] input:focus`,
                run: "edit Kept",
            },
            { trigger: ".o_canvas_check", run: "click" },
            { content: "so does the card", trigger: `${card("Write")}:contains('Kept'):not(.o_incomplete)` },
            { trigger: `${CHECK} .o_check_verdict:contains('Nothing is missing')`, run: () => (find = lose()) },
            { trigger: `${CHECK} .o_check_activate:enabled`, run: "click" },
            { content: "why it is not active", trigger: TRY_AGAIN, run: () => find() },
            { trigger: TRY_AGAIN, run: "click" },
            { trigger: `${CHECK}:not(:has(.o_scenario_trouble)) [aria-label=Close]`, run: "click" },
            { trigger: `body:not(:has(${CHECK}))`, run: () => (find = lose()) },
            { content: "the check without a server", trigger: ".o_canvas_check", run: "click" },
            { trigger: `${CHECK} ${TRY_AGAIN}`, run: () => find() },
            { trigger: `${CHECK} ${TRY_AGAIN}`, run: "click" },
            { trigger: `${CHECK} .o_check_verdict:contains('Nothing is missing')` },
            { content: "the simulation without a server", trigger: ".o_canvas_simulate", run: () => (find = lose()) },
            { trigger: ".o_canvas_simulate", run: "click" },
            { trigger: `.o_simulation_panel ${TRY_AGAIN}`, run: () => find() },
            { trigger: `.o_simulation_panel ${TRY_AGAIN}`, run: "click" },
            { trigger: ".o_simulation_stands" },
            { trigger: "button[name=action_activate_checked]", run: "click" },
            { trigger: ".o_notification:contains('is active')" },
        ]),
});

const DAYS = `${PANEL} .o_field_widget[name=pause_days] input`;

/** Somebody else writes to the step whose settings are shown. */
function writeElsewhere(values) {
    const model = "marketing.scenario.step";
    const stepId = Number(document.querySelector(PANEL).dataset.step);
    const params = { model, method: "write", args: [[stepId], values], kwargs: {} };
    return rpc(`/web/dataset/call_kw/${model}/write`, params);
}

registry.category("web_tour.tours").add("marketing_scenario_inspector_overtaken", {
    steps: () =>
        patient([
            { trigger: card("Wait"), run: "click" },
            { content: "meanwhile", trigger: DAYS, run: () => writeElsewhere({ pause_days: 3 }) },
            { trigger: DAYS, run: "edit 5 && press Tab" },
            { content: "both values", trigger: `${PANEL} [role=alert]:contains('now 3, yours 5')` },
            { trigger: "body:not(:has(.modal))" },
            { content: "taken back", trigger: `${PANEL} [role=alert] button`, run: "click" },
            { content: "what the other one wrote", trigger: `${DAYS}:value(3)` },
            { content: "entered again", trigger: DAYS, run: "edit 5 && press Tab" },
            { trigger: `${card("Wait")}:contains('5 days')` },
            { content: "named by somebody else", trigger: DAYS, run: () => writeElsewhere({ name: "Pause" }) },
            { trigger: card("Wait"), run: (helpers) => helpers.anchor.focus() },
            { trigger: `${card("Wait")}:focus`, run: "press F2" },
            { trigger: ".o_canvas_rename:focus", run: "edit Cool down && press Enter" },
            { trigger: ".o_notification:contains('now “Pause”, yours “Cool down”')" },
            { content: "the tree as it is", trigger: card("Pause") },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_inspector_pick", {
    steps: () =>
        patient([
            { trigger: card("Back"), run: "click" },
            { trigger: `${PANEL} .o_scenario_pick`, run: "click" },
            { content: "asked for", trigger: ".o_scenario_canvas.o_picking" },
            { trigger: card("Wait"), run: "click" },
            { content: "that one", trigger: `${PANEL} .o_field_widget[name=goto_step_id] input:value(Wait)` },
            { content: "its settings are not shown instead", trigger: `${PANEL} h2:contains('Go to a step')` },
            { trigger: `${card("Back")}:contains('→ Wait')` },
            { trigger: ".o_canvas_jump" },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_inspector_refusal", {
    steps: () =>
        patient([
            { trigger: card("Choose"), run: "click" },
            {
                content: "a case on which a step hangs",
                trigger: `${PANEL} ${CASE} > .o_scenario_sentence_buttons .o_scenario_remove`,
                run: "click",
            },
            {
                content: "the reason stands in the panel",
                trigger: `${PANEL} [role=alert]:contains('Steps hang on the case')`,
            },
            { trigger: "body:not(:has(.modal))" },
            { content: "taken back", trigger: `${PANEL} [role=alert] button`, run: "click" },
            { trigger: `${PANEL} .o_scenario_sentence_row .o_field_widget[name=name]` },
            { trigger: `${PANEL} header button[aria-label=Close]`, run: "click" },
            { trigger: `body:not(:has(${PANEL}))` },
        ]),
});

const SIDE = ".o_step_inspector_side";

registry.category("web_tour.tours").add("marketing_scenario_inspector_doors", {
    steps: () =>
        patient([
            { trigger: card("Start"), run: "click" },
            { content: "begin a way in", trigger: `${PANEL} button[name=action_add_query]`, run: "click" },
            { content: "it is there", trigger: `${card("Start")}:contains('1 dynamic query')` },
            { content: "not meant", trigger: `${SIDE} [aria-label=Close]`, run: "click" },
            { content: "it is gone", trigger: `body:not(:has(${SIDE})) ${card("Start")}:not(:contains('query'))` },
            { content: "another one", trigger: `${PANEL} button[name=action_add_automatism]`, run: "click" },
            { trigger: `${SIDE} .o_field_widget[name=name] :is(input, textarea)`, run: "edit Meant && press Tab" },
            { content: "saved", trigger: `${SIDE} .o_form_status_indicator_buttons.invisible:not(:visible)` },
            { trigger: `${SIDE} [aria-label=Close]`, run: "click" },
            { content: "stays", trigger: `body:not(:has(${SIDE})) ${card("Start")}:contains('1 automation')` },
        ]),
});

registry.category("web_tour.tours").add("marketing_scenario_inspector_designer", {
    steps: () =>
        patient([
            { trigger: card("Write"), run: "click" },
            { trigger: `${PANEL} button[name=action_email_design]`, run: () => slow("/render_public_asset") },
            { trigger: `${PANEL} button[name=action_email_design]`, run: "click" },
            { trigger: `${SIDE} .o_mail_theme_selector [data-name=default]`, run: "click" },
            { content: "the editor comes slowly, a save is due before", trigger: "body[data-slow='1']" },
            { content: "closed meanwhile", trigger: `${SIDE} [aria-label=Close]`, run: "click" },
            { trigger: `body:not(:has(${SIDE}))` },
            { content: "no error", trigger: "body:not(:has(.modal))" },
            { content: "the mail has a text", trigger: `${card("Write")}:not(.o_incomplete)` },
        ]),
});
