import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";

import { targetAt } from "@marketing_scenario/scenario_canvas/model/drop";
import { neighbour } from "@marketing_scenario/scenario_canvas/model/keys";
import { layoutTree } from "@marketing_scenario/scenario_canvas/model/layout";
import { elbow } from "@marketing_scenario/scenario_canvas/model/routes";
import { Tree } from "@marketing_scenario/scenario_canvas/model/tree";

import { makeStep, randomSteps, smallTree } from "./canvas_helpers";

describe.current.tags("headless");
beforeEach(allowTranslations);

function overlapping(nodes) {
    return nodes.flatMap((one, index) =>
        nodes
            .slice(index + 1)
            .filter(
                (other) =>
                    one.x < other.x + other.width &&
                    other.x < one.x + one.width &&
                    one.y < other.y + other.height &&
                    other.y < one.y + one.height,
            )
            .map((other) => `${one.key} ${other.key}`),
    );
}

/** The cards that a line through `points` runs over. */
function crossed(points, nodes) {
    const hit = new Set();
    for (let index = 1; index < points.length; index++) {
        const [from, to] = [points[index - 1], points[index]];
        for (const node of nodes) {
            const inside =
                Math.max(from.x, to.x) > node.x &&
                Math.min(from.x, to.x) < node.x + node.width &&
                Math.max(from.y, to.y) > node.y &&
                Math.min(from.y, to.y) < node.y + node.height;
            if (inside) {
                hit.add(node.key);
            }
        }
    }
    return [...hit];
}

test("every step and every open way out has its place, in rows from top to bottom", () => {
    const { nodes, byKey } = layoutTree(smallTree());
    expect(nodes.map((node) => node.key)).toEqual(["1", "2", "3", "4", "6", "5"]);
    expect(byKey.get("4").y).toBe(byKey.get("6").y);
    expect(byKey.get("4").x).toBeLessThan(byKey.get("6").x);
    expect(byKey.get("2").x).toBe(byKey.get("1").x);
    const open = layoutTree(new Tree([makeStep(1, false), makeStep(2, 1, { kind: "fork" })]));
    expect(open.nodes.map((node) => node.key)).toEqual(["1", "2", "2:yes", "2:no"]);
    expect(open.nodes.map((node) => [node.level, node.nth, node.siblings])).toEqual([
        [0, 1, 1],
        [1, 1, 1],
        [2, 1, 2],
        [2, 2, 2],
    ]);
});

test("nothing overlaps, whatever the tree", () => {
    for (const options of [{}, { live: true }, { compact: true }]) {
        for (const seed of [1, 2, 3, 4, 5]) {
            const layout = layoutTree(new Tree(randomSteps(200, seed)), options);
            expect(overlapping(layout.nodes)).toEqual([]);
            expect(Math.min(...layout.nodes.map((node) => node.x))).toBe(0);
            expect(Math.max(...layout.nodes.map((node) => node.y + node.height))).toBe(layout.height);
        }
    }
});

test("arrows of jumps avoid the cards", () => {
    let count = 0;
    for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
        const { jumps, nodes } = layoutTree(new Tree(randomSteps(120, seed)));
        for (const { points, from, to } of jumps) {
            count++;
            expect(crossed(points, nodes).filter((key) => key !== from && key !== to)).toEqual([]);
        }
    }
    expect(count).toBeGreaterThan(40);
});

test("a folded step hides what follows it, and says how much", () => {
    const { nodes, jumps } = layoutTree(smallTree(), { collapsed: new Set([3]) });
    expect(nodes.map((node) => node.key)).toEqual(["1", "2", "3"]);
    expect(nodes[2].hidden).toBe(3);
    expect(jumps).toEqual([]);
});

test("an arrow into a folded branch ends at the step that hides it", () => {
    const steps = [
        makeStep(1, false, { kind: "fork" }),
        makeStep(2, 1, { outcome: "yes" }),
        makeStep(3, 2, { kind: "closing" }),
        makeStep(4, 1, { kind: "closing", outcome: "no", jump: 3 }),
    ];
    const { jumps } = layoutTree(new Tree(steps), { collapsed: new Set([2]) });
    expect(jumps.map(({ from, to }) => [from, to])).toEqual([["4", "2"]]);
});

test("arrows say their way in the words of its rules, where there is a choice", () => {
    const { links } = layoutTree(smallTree());
    expect(links.map((link) => link.label)).toEqual(["", "", "Yes: score is at least 40", "No", ""]);
});

test("cards make room for figures, those of messages for one row more", () => {
    const tree = new Tree([makeStep(1, false), makeStep(2, 1, { told: ["sent"] })]);
    const quiet = layoutTree(tree).byKey;
    const live = layoutTree(tree, { live: true }).byKey;
    expect(quiet.get("1").height).toBe(quiet.get("2").height);
    expect(live.get("1").height).toBeGreaterThan(quiet.get("1").height);
    expect(live.get("2").height).toBeGreaterThan(live.get("1").height);
});

test("an empty picture is no error", () => {
    expect(layoutTree(new Tree([])).nodes).toEqual([]);
});

test("a point means a card, an open place, the arrow beside it, or nothing", () => {
    const layout = layoutTree(new Tree([makeStep(1, false), makeStep(2, 1)]));
    const [first, second, open] = layout.nodes;
    expect(targetAt(layout, first.x + 5, first.y + 5).step.id).toBe(1);
    expect(targetAt(layout, open.x + 5, open.y + 5)).toEqual({ key: "2:next", place: open.place });
    const between = (first.y + first.height + second.y) / 2;
    expect(targetAt(layout, first.x + first.width / 2 + 40, between).key).toBe("1:next");
    expect(targetAt(layout, first.x + first.width + 300, between)).toBe(null);
});

test("keys lead from card to card", () => {
    const layout = layoutTree(smallTree());
    const walk = (from, ...ways) => ways.reduce((key, way) => neighbour(layout, key, way), from);
    expect(walk("1", "down", "down", "down")).toBe("4");
    expect(walk("4", "right")).toBe("6");
    expect(walk("6", "right")).toBe("6");
    expect(walk("6", "left", "down")).toBe("5");
    expect(walk("5", "up", "up", "up")).toBe("2");
    expect(walk("5", "first")).toBe("1");
});

test("a line with corners is one path with round ones", () => {
    const path = elbow([
        { x: 0, y: 0 },
        { x: 0, y: 40 },
        { x: 0, y: 40 },
        { x: 60, y: 40 },
    ]);
    expect(path).toBe("M0 0L0 32Q0 40 8 40L60 40");
});
