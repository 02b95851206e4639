import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";

import { placeOnto, verdict } from "@marketing_scenario/scenario_canvas/model/drop";
import { placeKey, placeOf } from "@marketing_scenario/scenario_canvas/model/tree";
import { wheelIntent } from "@marketing_scenario/scenario_canvas/model/wheel";
import { grouped } from "@marketing_scenario/scenario_canvas/parts/palette";

import { makePicture, smallTree } from "./canvas_helpers";

describe.current.tags("headless");
beforeEach(allowTranslations);

const tree = smallTree();
const type = (outcomes) => ({ label: "New", outcomes });
const carried = (id, following = true) => {
    const step = tree.get(id);
    return { step, label: step.name, outcomes: step.outcomes.length, following };
};
const place = (parent, outcome = "next") => ({ parent, outcome });

test("the ways out of a step, in order, with what hangs on them", () => {
    const ways = tree.waysOf(tree.get(3));
    expect(ways.map((way) => [way.outcome, way.label, way.step.id])).toEqual([
        ["yes", "Yes", 4],
        ["no", "No", 6],
    ]);
    expect(tree.openPlaces).toEqual([]);
    expect(tree.withDescendants(tree.get(3)).map((step) => step.id)).toEqual([3, 4, 5, 6]);
    expect(placeOf(placeKey(place(3, "case_1")))).toEqual(place(3, "case_1"));
});

test("search finds words in any order, without case and accents", () => {
    const found = (query) => tree.search(query).map((step) => step.id);
    expect(found("TÀG")).toEqual([4]);
    expect(found("4 does")).toEqual([4]);
    expect(found("step")).toEqual([]);
    expect(found("")).toEqual([]);
});

test("types of a palette are found by their name or their family", () => {
    const { palette, families } = makePicture([]);
    const found = (query) => grouped(palette, families, query).flatMap((group) => group.entries.map((one) => one.type));
    expect(found("")).toEqual(["mail", "line", "fork", "closing"]);
    expect(found("mess")).toEqual(["mail"]);
    expect(found("zzz")).toEqual([]);
});

test("onto a step means its first free way, else between it and the next, else before it", () => {
    expect(placeOnto(tree, tree.get(2))).toEqual(place(2));
    expect(placeOnto(tree, tree.get(3))).toEqual(place(3, "yes"));
    expect(placeOnto(tree, tree.get(5))).toEqual(place(4));
});

test("a new step stands between two others, unless it closes its branch", () => {
    expect(verdict(tree, type(1), place(2)).reason).toBe("");
    expect(verdict(tree, type(0), place(2)).reason).toBe("Nothing can follow “New”: it cannot be put before “Decide”.");
    expect(verdict(tree, type(0), place(4)).reason).toBe(""); // it takes the place of the End
});

test("a step moves along with what follows where nothing stands, alone between two others", () => {
    expect(verdict(tree, carried(4), place(1))).toEqual({ following: false, reason: "" });
    expect(verdict(tree, carried(3), place(1)).reason).toBe(
        "“Wait” stands there, and “Decide” goes only with what follows it.",
    );
    expect(verdict(tree, carried(3), place(4)).reason).toBe("“Decide” cannot come after itself.");
    expect(verdict(tree, carried(2), place(3, "yes"))).toEqual({ following: false, reason: "" });
    expect(verdict(tree, carried(2), place(1)).reason).toBe("It stands there already.");
    expect(verdict(tree, carried(1), place(4)).reason).toBe("A scenario begins with “Start”: it stays at the top.");
    expect(verdict(tree, carried(6), place(1)).reason).toBe(
        "Nothing can follow “Jump”: it cannot be put before “Wait”.",
    );
});

test("a wheel zooms, fingers on a pad move, pinching zooms", () => {
    const turned = (more) =>
        wheelIntent({ deltaX: 0, deltaY: 0, deltaMode: 0, ctrlKey: false, shiftKey: false, ...more });
    expect(turned({ deltaY: 120 })).toBe("zoom");
    expect(turned({ deltaY: 3, deltaMode: 1 })).toBe("zoom");
    expect(turned({ deltaY: 7 })).toBe("move");
    expect(turned({ deltaX: 4, deltaY: 80 })).toBe("move");
    expect(turned({ deltaY: 2, ctrlKey: true })).toBe("zoom");
    expect(turned({ deltaY: 120, shiftKey: true })).toBe("move");
});
