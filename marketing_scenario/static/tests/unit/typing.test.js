import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, edit, fill, press, queryOne } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred, mockSendBeacon } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { defineModels, fields, MockServer, models, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";

import { StepInspector } from "@marketing_scenario/scenario_canvas/inspector/step_inspector";

import { CanvasPage, CanvasServer, smallSteps } from "./canvas_helpers";

describe.current.tags("desktop");

const SAVED_AFTER = 600; // milliseconds; a little more than the panel waits

class Step extends models.Model {
    _name = "marketing.scenario.step";
    name = fields.Char({ onChange: () => {}, required: true, trim: true });
    note = fields.Text({ trim: true });
    days = fields.Integer();
    ticked = fields.Boolean();
    case_ids = fields.One2many({ relation: "marketing.scenario.case", relation_field: "step_id" });
    _records = [{ id: 3, name: "Choose", note: "", days: 7, ticked: false, case_ids: [1] }];
    _views = {
        form: `
            <form>
                <sheet>
                    <field name="ticked"/>
                    <field name="name"/>
                    <field name="days"/>
                    <field name="case_ids" widget="scenario_sentences" string="Case" add-label="Add a case">
                        <form><field name="name"/><field name="score"/></form>
                    </field>
                    <field name="note"/>
                </sheet>
            </form>`,
    };
}

class Case extends models.Model {
    _name = "marketing.scenario.case";
    step_id = fields.Many2one({ relation: "marketing.scenario.step" });
    name = fields.Char({ onChange: () => {}, trim: true });
    score = fields.Integer();
    _records = [{ id: 1, step_id: 3, name: "Readers", score: 0 }];
}

defineMailModels();
defineModels([Step, Case]);

/** Answers of the server that are held back, by method. */
let held;

beforeEach(() => {
    held = {};
    for (const method of ["web_save", "onchange", "web_read"]) {
        onRpc(method, async ({ model, parent }) => {
            const found = await parent();
            if (held[method] && model.startsWith("marketing.scenario.")) {
                const gate = new Deferred();
                held[method].push(gate);
                await gate;
            }
            return found;
        });
    }
    onRpc("marketing.scenario.step", "action_configure", ({ args: [id] }) => ({
        name: "Switch",
        res_model: "marketing.scenario.step",
        res_id: id,
        views: [[false, "form"]],
        context: {},
    }));
});

function hold(...methods) {
    methods.forEach((method) => (held[method] = []));
}

async function drawn() {
    await animationFrame();
    await animationFrame();
}

/** The oldest answer arrives, and what follows from it is drawn. */
async function answer(method) {
    held[method].shift().resolve();
    await drawn();
}

/** Time passes, in which no answer arrives. */
async function pass(milliseconds = SAVED_AFTER) {
    await drawn();
    await advanceTime(milliseconds);
    await drawn();
}

/** All answers arrive, until nothing is under way or due any more. */
async function comeToRest() {
    for (let round = 0; round < 4; round++) {
        for (const method in held) {
            while (held[method].length) {
                await answer(method);
            }
        }
        await pass();
    }
}

async function openPanel() {
    const panel = await mountWithCleanup(StepInspector, { props: { stepId: 3, onClose: () => {} } });
    await drawn();
    return panel;
}

const field = (name) => `.o_field_widget[name=${name}] :is(input, textarea)`;
const inRow = (name) => `.o_scenario_sentence_row ${field(name)}`;
const TICK = field("ticked");
const NAME = `.o_form_sheet > ${field("name")}`;
const CASE = inRow("name");
const stored = (model, id) => MockServer.env[model].browse(id)[0];
const step = () => stored("marketing.scenario.step", 3);
const row = () => stored("marketing.scenario.case", 1);

const INPUTS = [
    { where: "the label", input: NAME, typed: ["Choose ", "well"], kept: () => step().name },
    { where: "a number", input: field("days"), typed: ["1", "2"], kept: () => String(step().days) },
    { where: "the note", input: field("note"), typed: ["Ask ", "Ann"], kept: () => step().note },
    { where: "the name of a case", input: CASE, typed: ["Click", "ers"], kept: () => row().name },
    { where: "a number in a case", input: inRow("score"), typed: ["4", "0"], kept: () => String(row().score) },
];

for (const { where, input, typed, kept } of INPUTS) {
    const [first, second] = typed;

    test(`${where}: a save that is due while one types leaves it alone`, async () => {
        await openPanel();
        hold("web_save");
        await click(TICK);
        await click(input);
        await edit(first);
        await pass();
        await fill(second.slice(0, 1));
        await pass();
        queryOne(input).setSelectionRange(1, 1);
        await comeToRest();
        expect(input).toHaveValue(first + second.slice(0, 1));
        expect(queryOne(input).selectionStart).toBe(1, { message: "the caret stays" });
        queryOne(input).setSelectionRange(100, 100);
        await fill(second.slice(1));
        await click("header h2");
        await comeToRest();
        expect(input).toHaveValue(first + second);
        expect(kept()).toBe(first + second);
        expect(step().ticked).toBe(true);
    });

    test(`${where}: what was said while a save goes on is shown, and can be changed again`, async () => {
        await openPanel();
        hold("web_save", "onchange");
        await click(TICK);
        await pass();
        expect(held.web_save).toHaveLength(1);
        await click(input);
        await edit(first);
        await click("header h2");
        await drawn();
        await answer("web_save");
        expect(input).toHaveValue(first.trim());
        await click(input);
        queryOne(input).setSelectionRange(100, 100);
        await fill(second);
        await click("header h2");
        await pass();
        await comeToRest();
        const text = first.trim() + second;
        expect(input).toHaveValue(text);
        expect(kept()).toBe(text);
    });

    test(`${where}: somebody else has it saved while one types`, async () => {
        const panel = await openPanel();
        hold("web_save", "onchange");
        await click(input);
        await edit(first.trim());
        panel.save();
        await pass();
        await fill(second.slice(0, 1));
        panel.save();
        await pass();
        while (!held.web_save.length) {
            await answer("onchange");
        }
        await answer("web_save");
        expect(input).toHaveValue(first.trim() + second.slice(0, 1));
        await fill(second.slice(1));
        await comeToRest();
        await click("header h2");
        await comeToRest();
        const text = first.trim() + second;
        expect(input).toHaveValue(text);
        expect(kept()).toBe(text);
    });
}

test("what a colleague has saved comes while one types", async () => {
    const panel = await openPanel();
    hold("web_read");
    await click(NAME);
    await edit("Ask ");
    stored("marketing.scenario.step", 3).days = 9;
    stored("marketing.scenario.step", 3).name = "Named by Mona";
    panel.refresh();
    await drawn();
    await fill("ag");
    await answer("web_read");
    await fill("ain");
    await comeToRest();
    expect(NAME).toHaveValue("Ask again");
    expect(field("days")).toHaveValue("9");
});

test("a name that is put back while the server still thinks about another one stays put back", async () => {
    await openPanel();
    hold("onchange");
    await click(NAME);
    await edit("Decide", { confirm: "enter" });
    await drawn();
    expect(held.onchange).toHaveLength(1);
    await edit("Choose", { confirm: "enter" });
    await drawn();
    expect(NAME).toHaveValue("Choose");
    await comeToRest();
    expect(NAME).toHaveValue("Choose");
    expect(step().name).toBe("Choose");
});

test("a switch pressed twice while a save goes on is where it was", async () => {
    await openPanel();
    hold("web_save");
    await click(NAME);
    await edit("Decide", { confirm: "enter" });
    await pass();
    expect(held.web_save).toHaveLength(1);
    await click(TICK);
    await answer("web_save");
    expect(TICK).toBeChecked();
    await click(TICK);
    await comeToRest();
    expect(TICK).not.toBeChecked();
    expect(step().ticked).toBe(false);
});

test("a new case is named while it is being saved", async () => {
    await openPanel();
    hold("web_save", "onchange");
    await click(".o_scenario_add");
    await answer("onchange");
    await pass();
    const name = ".o_scenario_sentence_row:nth-child(2) .o_field_widget[name=name] input";
    await click(name);
    await edit("Click");
    await comeToRest();
    await fill("ers");
    await comeToRest();
    await click("header h2");
    await comeToRest();
    expect(name).toHaveValue("Clickers");
    expect(MockServer.env["marketing.scenario.case"].map(({ name: one }) => one)).toEqual(["Readers", "Clickers"]);
});

test("what was said while a save goes on is written, though the panel goes away", async () => {
    class Page extends Component {
        static template = xml`<StepInspector t-if="state.shown" stepId="3" onClose="() => {}"/>`;
        static components = { StepInspector };
        static props = ["*"];
        setup() {
            this.state = useState({ shown: true });
        }
    }
    const page = await mountWithCleanup(Page);
    await drawn();
    hold("web_save");
    await click(TICK);
    await pass();
    for (const [input, text] of [
        [NAME, "Decide"],
        [CASE, "Clickers"],
    ]) {
        await click(input);
        await edit(text);
    }
    await click("header h2");
    let sent;
    mockSendBeacon((url, blob) => (sent = blob.text().then(JSON.parse)));
    page.state.shown = false;
    await drawn();
    const [, changes] = (await sent).params.args;
    expect(changes.name).toBe("Decide");
    expect(changes.case_ids).toEqual([[1, 1, { name: "Clickers" }]]);
});

describe("beside the panel", () => {
    let server;

    beforeEach(() => {
        server = new CanvasServer(smallSteps());
        server.more.figures = { 2: { inside: 1 } };
        onRpc("marketing.scenario", "*", ({ method, args }) => server.answer(method, args));
    });

    /** The canvas in a page that draws it anew, as one that looks for new figures does. */
    async function openCanvas() {
        const page = await mountWithCleanup(CanvasPage);
        queryOne(".o_scenario_canvas").style.height = "700px";
        await drawn();
        return page;
    }

    /** Another picture of the server arrives: other figures, another summary, a finding. */
    async function changeAll(page) {
        server.more.figures = { 2: { inside: server.more.figures[2].inside + 1 } };
        server.get(2).summary += "!";
        server.more.issues = [{ step_id: 2, level: "error", code: "x", message: server.get(2).summary }];
        page.state.version++;
        await drawn();
    }

    test("the name of a step, in place", async () => {
        const page = await openCanvas();
        queryOne(".o_canvas_card[data-key='2']").focus();
        await press("F2");
        await drawn();
        expect(".o_canvas_rename").toHaveValue("Wait");
        await edit("Wait a ");
        queryOne(".o_canvas_rename").setSelectionRange(2, 2);
        await changeAll(page);
        expect(".o_canvas_rename").toHaveValue("Wait a ");
        expect(queryOne(".o_canvas_rename").selectionStart).toBe(2);
        queryOne(".o_canvas_rename").setSelectionRange(100, 100);
        await fill("while");
        await press("Enter");
        await drawn();
        expect(server.get(2).name).toBe("Wait a while");
    });

    for (const input of [".o_canvas_search input", ".o_canvas_palette_filter"]) {
        test(`what is typed in ${input}`, async () => {
            const page = await openCanvas();
            await click(input);
            await edit("Wa");
            queryOne(input).setSelectionRange(1, 1);
            await changeAll(page);
            expect(input).toHaveValue("Wa");
            expect(queryOne(input).selectionStart).toBe(1);
        });
    }

    test("the search for a type", async () => {
        const page = await openCanvas();
        queryOne(".o_canvas_card[data-key='2']").focus();
        await press("a");
        await drawn();
        const input = ".o_canvas_type_menu input";
        await edit("que");
        await changeAll(page);
        expect(input).toHaveValue("que");
        expect(input).toBeFocused();
    });
});
