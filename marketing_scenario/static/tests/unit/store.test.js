import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { RPCError } from "@web/core/network/rpc";

import { clipboard } from "@marketing_scenario/scenario_canvas/model/clipboard";
import { CanvasStore } from "@marketing_scenario/scenario_canvas/model/store";

import { CanvasServer, makeStep, smallSteps } from "./canvas_helpers";

describe.current.tags("headless");

let server, store, told, asked;

beforeEach(allowTranslations);
beforeEach(async () => {
    server = new CanvasServer(smallSteps());
    told = [];
    asked = [];
    store = await opened();
});

async function opened(scenarioId = 7) {
    const call = async (model, method, args, { context }) => {
        expect(model).toBe("marketing.scenario");
        expect(context.marketing_undo_session).not.toBe(undefined);
        return server.answer(method, args);
    };
    const one = new CanvasStore({
        orm: { call, silent: { call } },
        notification: { add: (message) => told.push(message) },
        ask: (action) => asked.push(action),
    });
    await one.load(scenarioId);
    return one;
}

test("one request opens the canvas, one makes an edit", async () => {
    expect(server.calls).toEqual(["canvas"]);
    expect(await store.add("line", { parent: 2, outcome: "next" })).toBe(true);
    expect(server.calls).toEqual(["canvas", "canvas_add"]);
    expect(store.step.name).toBe("Pause");
    expect(store.tree.get(3).parent).toBe(store.step.id);
});

test("edits are made one after the other", async () => {
    const first = store.add("line", { parent: 1, outcome: "next" });
    const second = store.add("mail", { parent: 1, outcome: "next" });
    await Promise.all([first, second]);
    expect(store.tree.at({ parent: 1, outcome: "next" }).name).toBe("Email");
    expect(store.tree.steps.length).toBe(8);
});

test("what did not change stays the same object", async () => {
    const before = store.tree.get(4);
    await store.rename(store.tree.get(2), "Wait longer");
    expect(store.tree.get(4)).toBe(before);
    expect(store.tree.get(2).name).toBe("Wait longer");
});

test("a new name is shown before the server has answered; an empty one is none", async () => {
    const renamed = store.rename(store.tree.get(2), "  Wait longer ");
    expect(store.tree.get(2).name).toBe("Wait longer");
    await renamed;
    expect(store.rename(store.tree.get(2), "  ")).toBe(false);
    expect(server.get(2).name).toBe("Wait longer");
});

test("what the server refuses is said, and the tree is as the server has it", async () => {
    server.canvas_add = () => {
        const error = new RPCError("Odoo Server Error");
        error.data = { message: "It was deleted meanwhile." };
        throw error;
    };
    server.steps = server.steps.filter((step) => step.id !== 6);
    expect(await store.add("line", { parent: 6, outcome: "next" })).toBe(false);
    expect(told).toEqual(["It was deleted meanwhile."]);
    expect(store.tree.get(6)).toBe(undefined);
});

test("a question of the server is asked", async () => {
    server.canvas_delete = () => ({ question: { type: "ir.actions.act_window" } });
    expect(await store.remove(store.tree.get(4), true)).toBe(false);
    expect(asked).toEqual([{ type: "ir.actions.act_window" }]);
    expect(store.tree.steps.length).toBe(6);
});

test("back to the beginning and forth again", async () => {
    await store.add("line", { parent: 1, outcome: "next" });
    await store.remove(store.tree.get(4), true);
    const end = JSON.stringify(store.tree.steps);
    while (store.picture.undo.undo) {
        await store.undo();
    }
    expect(store.tree.steps).toEqual(smallSteps());
    while (store.picture.undo.redo) {
        await store.redo();
    }
    expect(JSON.stringify(store.tree.steps)).toBe(end);
    expect(await store.redo()).toBe(false);
});

test("a copy can be pasted in another scenario, what was cut moves", async () => {
    store.copy(store.tree.get(4));
    const copied = { scenario: 7, step: 4, label: "Tag", outcomes: 1, following: true, below: [5], cut: false };
    expect(clipboard.read()).toEqual(copied);
    store.copy(store.tree.get(4), { cut: true, following: false });
    expect(store.clip.step.id).toBe(4);
    await store.paste(store.clip, { parent: 1, outcome: "next" }, false);
    expect(server.get(4).parent).toBe(1);
    expect(store.clip).toBe(null);
    clipboard.write({ scenario: 8, step: 4, label: "Far", outcomes: 1, following: false, cut: true });
    expect(store.clip.step).toBe(undefined);
    await store.paste(store.clip, { parent: 2, outcome: "next" }, false);
    expect(server.calls.slice(-2)).toEqual(["canvas_paste", "canvas_delete"]);
    expect(store.clip).toBe(null);
    expect(told).toEqual([]);
    server.canvas_delete = () => ({ question: { type: "ir.actions.act_window" } });
    clipboard.write({ scenario: 8, step: 2, label: "Far", outcomes: 1, following: false, cut: true });
    await store.paste(store.clip, { parent: 2, outcome: "next" }, false);
    expect(told).toEqual(["“Far” stays in the other scenario, too: people stand there."]);
});

test("counts are looked at anew; those that are the same stay the same object", async () => {
    server.more = {
        figures: { 2: { inside: 3, passed: 9 }, 4: { inside: 1, passed: 0 } },
        scenario: { id: 7, name: "Follow-up", state: "active", locked: true, draft: false, can_edit: false },
    };
    await store.load();
    expect(store.canEdit).toBe(false);
    expect(store.isLive).toBe(true);
    const before = store.figures[4];
    server.more.figures = { 2: { inside: 4, passed: 9 }, 4: { inside: 1, passed: 0 } };
    await store.refreshFigures();
    expect(store.figures[2].inside).toBe(4);
    expect(store.figures[4]).toBe(before);
});

test("what is gone leaves one where one was", async () => {
    await store.add("line", { parent: 4, outcome: "next" });
    expect(store.selected).toBe("7");
    await store.undo();
    expect(store.selected).toBe("4", { message: "the step above, not the top of the tree" });
    store.select("5");
    server.steps = server.steps.filter(({ id }) => ![4, 5].includes(id));
    await store.load();
    expect(store.selected).toBe("3", { message: "the nearest that is left" });
    store.select("3:yes");
    server.steps.push(makeStep(8, 3, { outcome: "yes" }));
    await store.load();
    expect(store.selected).toBe("8", { message: "somebody else has added it there" });
});

test("selecting a step unfolds what hides it", () => {
    store.toggle(store.tree.get(3));
    expect([...store.collapsed]).toEqual([3]);
    expect(store.selected).toBe("3");
    store.select("5");
    expect([...store.collapsed]).toEqual([]);
});

test("what is folded stays so: after an edit, when the page is opened anew, and in the draft of changes", async () => {
    store.toggle(store.tree.get(3));
    store.toggleCompact();
    await store.rename(store.tree.get(2), "Wait longer");
    expect([...store.collapsed]).toEqual([3]);
    let later = await opened();
    expect([...later.collapsed]).toEqual([3]);
    expect(later.compact).toBe(true);
    const copies = smallSteps().map(({ id, parent, ...step }) => ({
        ...step,
        id: id + 10,
        parent: parent && parent + 10,
    }));
    server = new CanvasServer(copies, { scenario: { ...store.scenario, id: 8, published: 7, draft: true } });
    later = await opened(8);
    expect([...later.collapsed]).toEqual([13]);
    later.toggle(later.tree.get(13));
    later = await opened(8);
    expect([...later.collapsed]).toEqual([]);
});

test("a step below which nothing is left is not folded any more", async () => {
    store.toggle(store.tree.get(4));
    server.steps = server.steps.filter((step) => step.id !== 5);
    await store.load();
    expect([...store.collapsed]).toEqual([]);
});

test("an edit says what was on the screen, for somebody else may have changed it", async () => {
    const seen = [];
    for (const name of ["canvas_rename", "canvas_move", "canvas_delete"]) {
        const done = server[name];
        server[name] = (...params) => {
            seen.push(params.at(-1));
            return done.apply(server, params);
        };
    }
    await store.rename(store.tree.get(2), "Wait longer");
    const first = store.move(store.tree.get(4), { parent: 1, outcome: "next" }, false);
    const second = store.move(store.tree.get(4), { parent: 2, outcome: "next" }, false);
    await Promise.all([first, second]);
    await store.remove(store.tree.get(3), true);
    expect(seen).toEqual(["Wait", [3, "yes"], [1, "next"], [5, 6]]);
});

test("what only trying has found counts until its step is gone", async () => {
    const issue = (step_id, level, message) => ({ step_id, level, code: "x", message });
    server.more = { issues: [issue(2, "error", "Empty."), { ...issue(3, "error", "Open."), code: "missing_end" }] };
    await store.load();
    expect(store.found).toEqual(
        { 2: { isError: true, text: "Empty." } },
        { message: "an open end is seen in the tree" },
    );
    const before = store.found[2];
    store.showTried([...store.picture.issues, issue(4, "warning", "Tried for leads.")]);
    expect(store.issues).toHaveLength(3);
    expect(store.found[4]).toEqual({ isError: false, text: "Tried for leads." });
    expect(store.found[2]).toBe(before);
    await store.rename(store.tree.get(2), "Wait longer");
    expect(store.issues).toHaveLength(3);
    await store.remove(store.tree.get(4), true);
    expect(store.issues).toHaveLength(2);
});
