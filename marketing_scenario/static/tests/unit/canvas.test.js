import { beforeEach, describe, expect, test } from "@odoo/hoot";
import {
    click,
    drag,
    edit,
    hover,
    keyDown,
    keyUp,
    press,
    queryAll,
    queryAllTexts,
    queryFirst,
    queryOne,
    rightClick,
} from "@odoo/hoot-dom";
import { advanceTime, animationFrame, runAllTimers, tick } from "@odoo/hoot-mock";
import { Component, reactive, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getMockEnv, mockService, mountWithCleanup, onRpc, patchWithCleanup } from "@web/../tests/web_test_helpers";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";

import { ScenarioDraftBar } from "@marketing_scenario/draft/draft_bar";
import { ScenarioCanvas } from "@marketing_scenario/scenario_canvas/canvas";

import { CanvasPage, CanvasServer, makeStep, randomSteps, smallSteps } from "./canvas_helpers";

describe.current.tags("desktop");
defineMailModels();

let server;

beforeEach(() => {
    onRpc("marketing.scenario", "*", ({ method, args }) => server.answer(method, args));
});

async function open(steps = smallSteps(), more = {}) {
    server = new CanvasServer(steps, more);
    await mountWithCleanup(ScenarioCanvas, { props: { scenarioId: 7 } });
    queryOne(".o_scenario_canvas").style.height = "700px";
    await settle();
    await click(".o_zoom_fit");
    await settle();
}

/** All is drawn, and nothing glides any more. */
async function settle() {
    await tick();
    await animationFrame();
    await animationFrame();
    queryFirst(".o_canvas_plane")
        ?.getAnimations()
        .forEach((one) => one.finish());
}

const transform = () => getComputedStyle(queryOne(".o_canvas_plane")).transform;
const scale = (matrix) => matrix.split(",")[0];
const card = (id) => `.o_canvas_card[data-key="${id}"]`;
const names = () => queryAllTexts(".o_canvas_name");

async function carry(from, to) {
    const { drop, moveTo } = await drag(from);
    await moveTo(to, { position: "center" });
    await settle();
    return { drop: async () => (await drop(), await settle()) };
}

test("the tree is a tree for screen readers, too", async () => {
    await open();
    expect(".o_canvas_plane[role=tree]").toHaveAttribute("aria-label", "Follow-up");
    expect("[role=treeitem]").toHaveCount(6);
    expect(card(4)).toHaveAttribute("aria-level", "4");
    expect(card(6)).toHaveAttribute("aria-posinset", "2");
    expect(card(6)).toHaveAttribute("aria-setsize", "2");
    expect(card(2)).toHaveAttribute("aria-label", "Wait, line, Does 2");
    expect(card(6)).toHaveAttribute("aria-label", "No, Jump, closing, Does 6");
    expect("[role=treeitem][tabindex='0']").toHaveCount(1);
});

test("one request opens the canvas, whatever the user may do", async () => {
    onRpc("res.users", "has_group", () => {
        expect.step("has_group");
    });
    await open();
    expect(server.calls).toEqual(["canvas"]);
    expect.verifySteps([]);
});

test("without an answer of the server the canvas stays, and goes on", async () => {
    server = new CanvasServer(smallSteps());
    let lost = false;
    patchWithCleanup(rpc, {
        _rpc(url) {
            return lost ? Promise.reject(new ConnectionLostError(url)) : super._rpc(...arguments);
        },
    });
    const page = await mountWithCleanup(CanvasPage);
    await settle();
    expect.errors(1);
    lost = true;
    page.state.version++;
    await settle();
    expect.verifyErrors([/couldn't be established/]);
    expect(names()).toHaveLength(6);
    lost = false;
    server.get(2).name = "Wait longer";
    page.state.version++;
    await settle();
    expect(names()[1]).toBe("Wait longer");
});

test("a step that was found can be read, however small all was", async () => {
    await open(randomSteps(120));
    expect(Number(scale(transform()).slice(7))).toBeLessThan(0.8);
    await click(".o_canvas_search input");
    await edit("Step 77", { confirm: "enter" });
    await settle();
    expect(scale(transform())).toBe("matrix(0.8");
});

test("a type dragged onto an open end is added there", async () => {
    await open([makeStep(1, false)]);
    await (await carry("[data-type=mail]", ".o_canvas_open")).drop();
    expect(server.calls).toEqual(["canvas", "canvas_add"]);
    expect(names()).toEqual(["Step 1", "Email"]);
    expect(".o_canvas_card.o_selected .o_canvas_name").toHaveText("Email");
});

test("a type dragged onto an arrow comes between, onto a step after it", async () => {
    await open();
    await (await carry("[data-type=line]", ".o_canvas_plus[data-drop='1:next']")).drop();
    expect(server.get(2).parent).toBe(7);
    await (await carry("[data-type=mail]", card(4))).drop();
    expect(server.get(5).parent).toBe(8);
});

test("places that cannot take it say why, and nothing happens there", async () => {
    await open();
    const { drop } = await carry("[data-type=closing]", card(2));
    expect(".o_canvas_ghost_reason").toHaveText("Nothing can follow “End”: it cannot be put before “Decide”.");
    expect(card(2)).toHaveClass("o_barred");
    expect(card(4)).not.toHaveClass("o_barred");
    await drop();
    expect(server.calls).toEqual(["canvas"]);
    expect(".o_barred").toHaveCount(0);
    expect(".o_canvas_ghost").not.toBeVisible();
});

test("what would take it lights up", async () => {
    await open();
    const { drop } = await carry(card(4), card(2));
    expect(card(2)).toHaveClass("o_lit");
    await drop();
    expect(server.calls.at(-1)).toBe("canvas_move");
    expect(server.get(4).parent).toBe(2);
    expect(server.get(5).parent).toBe(3);
});

test("Shift takes the step without what follows it", async () => {
    await open([makeStep(1, false, { kind: "fork" }), makeStep(2, 1, { outcome: "yes" }), makeStep(3, 2)]);
    const { drop } = await carry(card(2), ".o_canvas_open[data-key='1:no']");
    expect(".o_canvas_ghost .badge").toHaveText("+1");
    await keyDown("Shift");
    await settle();
    expect(".o_canvas_ghost .badge").toHaveCount(0);
    await drop();
    await keyUp("Shift");
    expect(server.get(3).outcome).toBe("yes");
    expect(server.get(2).outcome).toBe("no");
});

test("Escape lets go of what is carried", async () => {
    await open();
    const { drop } = await carry("[data-type=line]", card(2));
    await press("Escape");
    await settle();
    expect(".o_scenario_canvas").not.toHaveClass("o_carrying");
    await drop();
    expect(server.calls).toEqual(["canvas"]);
});

test("a tree grows by keys alone, and the focus follows", async () => {
    await open([makeStep(1, false)]);
    queryOne(card(1)).focus();
    await press("a");
    await settle();
    expect(".o_canvas_type_menu input").toBeFocused();
    await edit("ques");
    await press("Enter");
    await settle();
    expect(".o_canvas_card:last").toBeFocused();
    await press("ArrowDown");
    await settle();
    expect(".o_canvas_open[data-key='2:yes']").toBeFocused();
    await press("ArrowRight");
    await press("Enter");
    await settle();
    await edit("end");
    await press("Enter");
    await settle();
    expect(server.at(2, "no").name).toBe("End");
    await press("F2");
    await settle();
    await edit("Bye");
    await press("Enter");
    await settle();
    expect(server.at(2, "no").name).toBe("Bye");
    expect(".o_canvas_card:last").toBeFocused();
});

test("with Ctrl or Alt a letter is no command of the tree", async () => {
    await open();
    queryOne(card(2)).focus();
    for (const keys of ["Control+a", "Alt+a", "Control+1"]) {
        await press(keys);
        await settle();
    }
    expect(".o_canvas_type_menu").toHaveCount(0);
});

test("Tab leads from a step to its figures, and on to what hides what follows", async () => {
    const scenario = { id: 7, published: 7, name: "Follow-up", state: "active", locked: true, can_edit: false };
    await open(smallSteps(), { scenario, figures: { 3: { inside: 3, passed: 40, skipped: 0, errors: 0 } } });
    queryOne(card(3)).focus();
    await press("ArrowUp");
    await press("ArrowDown");
    await settle();
    expect(card(3)).toBeFocused();
    await press("Tab");
    expect(`${card(3)} .o_inside`).toBeFocused();
    await press("Tab");
    await press("Tab");
    expect(`${card(3)} .o_canvas_fold`).toBeFocused();
    await press("Enter");
    await settle();
    expect(".o_canvas_card").toHaveCount(3);
    expect("[tabindex='0'] [tabindex='-1']").toHaveCount(0);
});

test("a branch says which part of the people took it, and leads to them", async () => {
    const scenario = { id: 7, published: 7, name: "Follow-up", state: "active", locked: true, can_edit: false };
    await open(smallSteps(), { scenario, figures: { 3: { inside: 0, passed: 40, ways: { yes: 30, no: 10 } } } });
    expect(queryAllTexts(".o_share")).toEqual(["75%", "25%"]);
    server.canvas_people = (...params) => {
        expect.step(params);
        return { type: "ir.actions.act_window_close" };
    };
    await click(".o_share:last");
    await settle();
    expect.verifySteps([[3, "ways", "no"]]);
});

test("a step is picked by a click or by Enter; Escape leaves all as it is", async () => {
    await open();
    const picked = [];
    const ask = async () => {
        getMockEnv().bus.trigger("MARKETING_SCENARIO:PICK_STEP", ({ id }) => picked.push(id));
        await settle();
        expect(".o_canvas_picking").toHaveCount(1);
    };
    await ask();
    await click(card(4));
    await settle();
    expect(".o_canvas_picking").toHaveCount(0);
    await ask();
    await press("Escape");
    await settle();
    expect(".o_canvas_picking").toHaveCount(0);
    await ask();
    await press("ArrowDown");
    await press("Enter");
    await settle();
    expect(picked).toEqual([4, 2]);
    expect(".o_canvas_picking").toHaveCount(0);
});

test("what the check finds is marked on the cards, and what somebody else changes is shown", async () => {
    const issue = (step_id, level, message) => ({ step_id, level, message, step_name: "", family: "action", icon: "" });
    const lacking = issue(2, "error", "There is no length.");
    server = new CanvasServer(smallSteps(), { issues: [lacking] });
    const issues = [lacking, issue(2, "warning", "It waits long."), issue(4, "warning", "The tag is new.")];
    server.canvas_check = () => ({ issues, errors: 1, warnings: 2, state: "draft", draft: true, can_edit: true });
    const status = { count: 1, changes: [{ text: "1", details: [] }], others: ["Mona"], stamp: "a", gone: false };
    server.draft_status = () => status;
    class Page extends Component {
        static template = xml`
            <div class="o_action_manager"/>
            <ScenarioDraftBar record="record" readonly="false"/>
            <ScenarioCanvas scenarioId="7" checking="true"/>`;
        static components = { ScenarioCanvas, ScenarioDraftBar };
        static props = ["*"];
        setup() {
            const data = { original_id: { id: 6 }, draft_id: false };
            this.record = reactive({ resId: 7, resModel: "marketing.scenario", data });
        }
    }
    await mountWithCleanup(Page);
    await settle();
    expect(`${card(2)} .o_canvas_warning.o_error`).toHaveAttribute("aria-label", "There is no length.\nIt waits long.");
    expect(`${card(4)} .o_canvas_warning:not(.o_error)`).toHaveAttribute("aria-label", "The tag is new.");
    expect(".o_canvas_warning").toHaveCount(2);
    expect(".o_canvas_check").toHaveAttribute("title", "1 error, 2 warnings");
    expect(queryAllTexts(".o_canvas_check .badge")).toEqual(["1", "2"]);
    expect(".o_canvas_others").toHaveText("Mona is here too");
    server.get(4).name = "Named by Mona";
    server.draft_status = () => ({ ...status, count: 2, stamp: "b" });
    await advanceTime(21000);
    await settle();
    expect(names()).toInclude("Named by Mona");
    await click(".o_scenario_check [aria-label=Close]");
    await settle();
    expect(queryAllTexts(".o_canvas_check .badge")).toEqual(["1", "2"], { message: "what was found is known" });
    expect(card(1)).toBeFocused();
});

test("who else changes a scenario that was never active is seen, and what they change", async () => {
    server = new CanvasServer(smallSteps());
    let status = { count: 0, changes: [], others: [], stamp: "a", gone: false };
    server.draft_status = () => status;
    class Page extends Component {
        static template = xml`
            <ScenarioDraftBar record="record" readonly="false"/>
            <ScenarioCanvas scenarioId="7"/>`;
        static components = { ScenarioCanvas, ScenarioDraftBar };
        static props = ["*"];
        setup() {
            const data = { original_id: false, draft_id: false, is_locked: false };
            this.record = reactive({ resId: 7, resModel: "marketing.scenario", data });
        }
    }
    await mountWithCleanup(Page);
    await settle();
    expect(".o_scenario_draft_bar").toHaveCount(0);
    expect(".o_canvas_others").toHaveCount(0);
    const calls = server.calls.length;
    queryOne(card(4)).focus();
    await press("Delete");
    await settle();
    expect(server.calls.slice(calls)).toEqual(["canvas_delete"], { message: "an edit is one request" });
    server.get(2).name = "Named by Mona";
    status = { ...status, others: ["Anna", "Mona"], stamp: "b" };
    await advanceTime(21000);
    await settle();
    expect(".o_canvas_others").toHaveText("Anna and Mona are here too");
    expect(names()).toInclude("Named by Mona");
    const seen = server.calls.length;
    await advanceTime(21000);
    await settle();
    expect(server.calls.slice(seen).filter((method) => method === "canvas")).toEqual([], {
        message: "nothing is drawn again for nothing",
    });
});

test("Escape in the tree lets go what was cut, then closes what stands beside", async () => {
    server = new CanvasServer(smallSteps());
    server.canvas_check = () => ({ issues: [], errors: 1, warnings: 0, state: "draft", draft: false, can_edit: true });
    class Page extends Component {
        static template = xml`
            <div class="o_action_manager"/>
            <ScenarioCanvas scenarioId="7" checking="true"/>`;
        static components = { ScenarioCanvas };
        static props = ["*"];
    }
    await mountWithCleanup(Page);
    await settle();
    queryOne(card(4)).focus();
    await press("Control+x");
    await press("Escape");
    await settle();
    expect(".o_cut").toHaveCount(0);
    expect(".o_scenario_check").toHaveCount(1);
    await press("Escape");
    await settle();
    expect(".o_scenario_check").toHaveCount(0);
    expect(card(4)).toBeFocused();
});

test("cut and paste, delete, undo and redo by keys", async () => {
    await open();
    queryOne(card(4)).focus();
    await press("Control+x");
    await settle();
    expect(card(4)).toHaveClass("o_cut");
    await press("ArrowUp");
    await press("ArrowUp");
    await settle();
    expect(card(2)).toBeFocused();
    await press("Control+v");
    await settle();
    expect(server.get(4).parent).toBe(2);
    await press("Delete");
    await settle();
    expect(server.get(4)).toBe(undefined);
    expect(queryFirst(".o_notification")).toHaveText(/“Tag” was deleted\./);
    await press("Control+z");
    await settle();
    await press("Control+z");
    await settle();
    expect(server.steps).toEqual(smallSteps());
    await press("Control+y");
    await settle();
    expect(server.get(4).parent).toBe(2);
});

test("the menu of a step, by right click and by a long press", async () => {
    await open();
    await rightClick(card(2));
    await settle();
    expect(".o_canvas_step_menu [role=menuitem]:first").toBeFocused();
    expect(queryAll(".o_canvas_step_menu [role=menuitem]").map((one) => one.dataset.name)).toEqual(
        ["configure", "add", "rename", "duplicate", "replace", "copy", "copy_step", "cut", "cut_step", "toggle"].concat(
            ["delete", "delete_branch"],
        ),
    );
    await press("Escape");
    await settle();
    expect(".o_canvas_step_menu").toHaveCount(0);
    queryOne(card(4)).dispatchEvent(
        new PointerEvent("pointerdown", { bubbles: true, pointerType: "touch", clientX: 5, clientY: 5 }),
    );
    await advanceTime(600);
    await settle();
    expect(".o_canvas_step_menu").toHaveCount(1);
    expect("[data-name=rename]").toHaveCount(1);
});

test("a finger that rests on a button of a card opens the menu, and does not press the button", async () => {
    await open();
    const button = queryOne(`${card(3)} .o_canvas_fold`);
    button.dispatchEvent(
        new PointerEvent("pointerdown", { bubbles: true, pointerType: "touch", clientX: 5, clientY: 5 }),
    );
    await advanceTime(600);
    button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await settle();
    expect(".o_canvas_step_menu").toHaveCount(1);
    expect(".o_canvas_card").toHaveCount(6);
    button.dispatchEvent(new MouseEvent("click", { bubbles: true }));
    await settle();
    expect(".o_canvas_card").toHaveCount(3);
});

test("a folded branch shows its number, and opens again", async () => {
    await open();
    queryOne(card(3)).focus();
    await press("Space");
    await settle();
    expect(".o_canvas_card").toHaveCount(3);
    expect(".o_canvas_unfold").toHaveText("+3");
    expect(card(3)).toHaveAttribute("aria-expanded", "false");
    await click(".o_canvas_unfold");
    await settle();
    expect(".o_canvas_card").toHaveCount(6);
    await click(`${card(3)} .o_canvas_fold`);
    await settle();
    expect(".o_canvas_card").toHaveCount(3);
});

test("search dims what does not match, Enter goes there", async () => {
    await open();
    queryOne(card(1)).focus();
    await press("/");
    await settle();
    expect(".o_canvas_search input").toBeFocused();
    await edit("tag");
    await settle();
    expect(".o_canvas_found").toHaveText("1 found");
    expect(".o_canvas_card.o_faded").toHaveCount(5);
    await press("Enter");
    await settle();
    expect(card(4)).toHaveClass("o_selected");
});

test("a note for colleagues is on the card", async () => {
    const steps = smallSteps();
    steps[1].note = "Ask Mona first";
    await open(steps);
    expect(".o_canvas_note").toHaveCount(1);
    expect(`${card(2)} .o_canvas_note`).toHaveAttribute("data-tooltip", "Ask Mona first");
    expect(card(2)).toHaveAttribute("aria-label", "Wait, line, Does 2, Ask Mona first");
});

test("a person who is inside is found, and shown where they stand", async () => {
    const scenario = { id: 7, published: 7, name: "Follow-up", state: "active", locked: true, can_edit: false };
    await open(smallSteps(), { scenario });
    server.canvas_find = (name) => {
        expect.step(name);
        return [{ id: 3, name: "Ann Lee", step_id: 4, step: "Tag" }];
    };
    await click(".o_canvas_search input");
    await edit("ann");
    await advanceTime(400);
    await settle();
    expect.verifySteps(["ann"]);
    expect(".o_canvas_where").toHaveText(/Ann Lee\s+Tag/);
    await click(".o_canvas_where");
    await settle();
    expect(card(4)).toHaveClass("o_selected");
    expect(".o_canvas_people").toHaveCount(0);
    expect(".o_canvas_card.o_faded").toHaveCount(0);
});

test("a person who was found is moved: dragged onto a step, or by the button", async () => {
    const scenario = { id: 7, published: 7, name: "Follow-up", state: "active", locked: true, can_edit: false };
    mockService("action", { doAction: (action) => expect.step(action) });
    await open(smallSteps(), { scenario });
    server.canvas_find = () => [{ id: 3, name: "Ann Lee", step_id: 4, step: "Tag" }];
    server.canvas_move_person = (...args) => args.join();
    const find = async () => {
        await click(".o_canvas_search input");
        await edit("ann");
        await advanceTime(400);
        await settle();
    };
    await find();
    const { drop: back } = await carry(".o_canvas_person", card(4));
    expect(".o_canvas_ghost_reason").toHaveText("Ann Lee stands on “Tag” already.");
    expect(card(2)).not.toHaveClass("o_barred");
    await back();
    const { drop } = await carry(".o_canvas_person", card(2));
    expect(".o_canvas_ghost_reason").toHaveText("Move to “Wait”…");
    await drop();
    expect(".o_canvas_people").toHaveCount(0);
    await find();
    await click(".o_canvas_move");
    await settle();
    expect.verifySteps(["3,2", "3"]);
    // a step itself does not move while people walk it
    await (await carry(card(4), card(2))).drop();
    expect(server.calls).not.toInclude("canvas_move");
});

test("an open end is closed in one click", async () => {
    await open([makeStep(1, false), makeStep(2, 1)]);
    await click(".o_canvas_close");
    await settle();
    expect(server.calls.at(-1)).toBe("canvas_close");
    expect(".o_canvas_open").toHaveCount(0);
});

test("the wheel zooms, fingers on a pad move", async () => {
    await open();
    const before = transform();
    const wheel = (init) =>
        queryOne(".o_canvas_board").dispatchEvent(
            new WheelEvent("wheel", { bubbles: true, cancelable: true, clientX: 300, clientY: 300, ...init }),
        );
    wheel({ deltaX: 10, deltaY: 12 });
    const moved = transform();
    expect(moved).not.toBe(before);
    expect(scale(moved)).toBe(scale(before));
    wheel({ deltaY: -240 });
    await settle();
    expect(scale(transform())).not.toBe(scale(moved));
});

test("a scenario that runs is read only, with figures that lead to people", async () => {
    const figures = { inside: 3, passed: 40, skipped: 2, errors: 0 };
    const mail = { sent: 40, delivered: 39, opened: 10, clicked: 4, replied: 0, bounced: 1 };
    const steps = smallSteps();
    steps[1].told = Object.keys(mail).filter((fact) => fact !== "delivered");
    await open(steps, {
        scenario: { id: 7, name: "Follow-up", state: "active", locked: true, draft: false, can_edit: false },
        figures: { 2: { ...figures, ...mail } },
    });
    expect(".o_canvas_palette").toHaveCount(0);
    expect(".o_canvas_plus").toHaveCount(0);
    expect(queryAllTexts(`${card(2)} .o_canvas_figure`)).toEqual(["3", "40", "2", "40", "26%", "10%", "3%"]);
    expect(`${card(2)} .o_errors`).toHaveCount(0);
    server.canvas_people = (step, figure) => {
        expect.step(`${step} ${figure}`);
        return { type: "ir.actions.act_window_close" };
    };
    await click(`${card(2)} .o_opened`);
    await settle();
    expect.verifySteps(["2 opened"]);
    // looked at anew, in place
    const before = queryOne(card(2));
    server.more.figures = { 2: { ...figures, ...mail, inside: 5 } };
    await advanceTime(11000);
    await settle();
    expect(`${card(2)} .o_inside`).toHaveText("5");
    expect(queryOne(card(2))).toBe(before);
    queryOne(card(2)).focus();
    await press("Delete");
    await press("Control+x");
    await settle();
    expect(server.calls.filter((one) => one.startsWith("canvas_delete"))).toEqual([]);
});

test("all figures find room on a card, and the whole number in the words of each", async () => {
    const counts = { inside: 123456, passed: 1234567, skipped: 98765, errors: 43210 };
    const mail = {
        sent: 1345678,
        opened: 600000,
        clicked: 150000,
        replied: 130000,
        bounced: 140000,
        opted_out: 120000,
    };
    const steps = smallSteps();
    steps[1].told = Object.keys(mail);
    await open(steps, { figures: { 2: { ...counts, ...mail, delivered: 1205678 } } });
    expect(queryAllTexts(`${card(2)} .o_canvas_figures:first .o_canvas_figure`)).toEqual([
        "123k",
        "1,235k",
        "99k",
        "43k",
    ]);
    expect(`${card(2)} .o_passed`).toHaveAttribute("title", "Passed: 1,234,567");
    for (const row of queryAll(`${card(2)} .o_canvas_figures`)) {
        expect(row.scrollWidth).toBe(row.clientWidth);
    }
});

// Hoot loads nothing: it calls "src" "data-src"
test("a mail is seen on its card, and loaded anew only when it has changed", async () => {
    const steps = smallSteps();
    steps[1].mail = "1a2b";
    await open(steps);
    const picture = queryOne(`${card(2)} .o_canvas_mail iframe`);
    expect(".o_canvas_mail").toHaveCount(1);
    expect(picture).toHaveAttribute("data-src", "/marketing/mail/2?v=1a2b");
    expect(picture).toHaveAttribute("sandbox", "allow-same-origin"); // nothing runs; pictures need the session
    await hover(`${card(2)} .o_canvas_mail`);
    await advanceTime(500);
    expect(".o_canvas_mail.o_large iframe").toHaveAttribute("data-src", "/marketing/mail/2?v=1a2b");
    await hover(card(4));
    await advanceTime(500);
    server.get(2).mail = "3c4d";
    await click(card(4));
    await press("F2");
    await settle();
    await edit("Label", { confirm: "enter" });
    await settle();
    expect(queryOne(`${card(2)} .o_canvas_mail iframe`)).toBe(picture);
    expect(picture).toHaveAttribute("data-src", "/marketing/mail/2?v=3c4d");
    await click(".o_canvas_compact");
    await settle();
    expect(".o_canvas_mail").toHaveCount(0);
});

test("changes of a draft are marked on the cards", async () => {
    await open(smallSteps(), { changed: { 2: "changed", 4: "added" } });
    expect(`${card(2)} .o_canvas_change`).toHaveText("Changed");
    expect(`${card(4)} .o_canvas_change`).toHaveText("New");
});

test("the compact view shows names only, and a big tree has a map", async () => {
    await open(randomSteps(40));
    expect(".o_canvas_minimap rect:not(.o_canvas_frame)").toHaveCount(40);
    expect(".o_canvas_summary").toHaveCount(40);
    await click(".o_canvas_compact");
    await runAllTimers();
    await settle();
    await settle();
    expect(".o_canvas_summary").toHaveCount(0);
    expect(".o_canvas_name").toHaveCount(40);
    const before = transform();
    await click(".o_canvas_minimap", { position: { x: 5, y: 60 }, relative: true });
    expect(transform()).not.toBe(before);
});
