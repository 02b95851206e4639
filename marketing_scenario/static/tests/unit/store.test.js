import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { RPCError } from "@web/core/network/rpc";

import { clipboard } from "@marketing_scenario/scenario_canvas/model/clipboard";
import { CanvasStore } from "@marketing_scenario/scenario_canvas/model/store";

import { CanvasServer, smallSteps } from "./canvas_helpers";

describe.current.tags("headless");

let server, store, told, asked;

beforeEach(async () => {
    server = new CanvasServer(smallSteps());
    told = [];
    asked = [];
    const call = async (model, method, args, { context }) => {
        expect(model).toBe("marketing.scenario");
        expect(context.marketing_undo_session).not.toBe(undefined);
        return server.answer(method, args);
    };
    store = new CanvasStore({
        orm: { call, silent: { call } },
        notification: { add: (message) => told.push(message) },
        ask: (action) => asked.push(action),
    });
    await store.load(7);
});

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

test("a copy can be pasted in another scenario, a cut moves in its own only", async () => {
    store.copy(store.tree.get(4));
    expect(clipboard.read()).toEqual({ scenario: 7, step: 4, label: "Tag", outcomes: 1, following: true, cut: false });
    store.copy(store.tree.get(4), { cut: true, following: false });
    expect(store.clip.step.id).toBe(4);
    await store.paste(store.clip, { parent: 1, outcome: "next" }, false);
    expect(server.get(4).parent).toBe(1);
    expect(store.clip).toBe(null);
    clipboard.write({ scenario: 8, step: 4, label: "Far", outcomes: 1, following: false, cut: true });
    expect(store.clip.step).toBe(undefined);
    await store.paste(store.clip, { parent: 2, outcome: "next" }, false);
    expect(server.calls.at(-1)).toBe("canvas_paste");
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

test("selecting a step unfolds what hides it", () => {
    store.toggle(store.tree.get(3));
    expect([...store.collapsed]).toEqual([3]);
    store.select("5");
    expect([...store.collapsed]).toEqual([]);
});
