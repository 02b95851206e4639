import { hierarchy, tree as tidyTree } from "@marketing_scenario/../lib/d3/d3";

import { elbow, routeJumps } from "./routes";
import { placeKey } from "./tree";

const FULL = {
    width: 240,
    card: 70,
    counts: 28, // of people, below the settings
    rates: 24, // of messages
    told: 24, // what one forecast says
    chip: 18, // the same on an arrow, below the words
    open: 36,
    between: 32, // two neighbours
    below: 54, // a step and the next
    branches: 84, // room for the words on the arrows
};
const COMPACT = {
    ...FULL,
    width: 184,
    card: 36,
    counts: 0,
    rates: 0,
    told: 20,
    open: 30,
    between: 20,
    below: 40,
    branches: 64,
};
const BUS = 16; // from a step down to where its branches part

/**
 * Where everything stands: a tidy tree from top to bottom, in rows.
 *
 * @param {import("./tree").Tree} tree
 * @param {{ compact?: boolean, live?: boolean, told?: number, collapsed?: Set<number> }} [options]
 *      live: the cards show figures; told: of how many forecasts, too; collapsed: ids of the steps below which nothing is
 *      shown
 * @returns {{ nodes: Object[], links: Object[], jumps: Object[], width: number, height: number }}
 *      nodes: steps (`step`) and open places (`place`) with key, x, y (upper left), width, height, level,
 *      and in words by which way one comes there (`way`), where there is a choice;
 *      links: from a step to what hangs on it, with path, words (`label`) and the middle of the "+" (`plus`)
 */
export function layoutTree(tree, { compact = false, live = false, told = 0, collapsed = new Set() } = {}) {
    if (!tree.root) {
        return { nodes: [], links: [], jumps: [], width: 0, height: 0, byKey: new Map() };
    }
    const size = compact ? COMPACT : FULL;
    const below = (item) =>
        item.step && !collapsed.has(item.step.id)
            ? tree.waysOf(item.step).map((way) => ({ step: way.step, place: way }))
            : null;
    const root = hierarchy({ step: tree.root, place: null }, below);
    tidyTree()
        .nodeSize([size.width + size.between, 1])
        .separation((a, b) => (a.parent === b.parent ? 1 : 1.1))(root);

    const heightOf = ({ step }) =>
        step
            ? size.card + (live ? size.counts + (step.told.length ? size.rates : 0) : 0) + told * size.told
            : size.open;
    const gaps = {
        below: size.below + Math.max(0, told - 1) * size.chip,
        branches: size.branches + told * size.chip,
    };
    const rows = rowsOf(root, heightOf, gaps, tree);
    const left = Math.min(...root.descendants().map((item) => item.x));
    const nodes = root.descendants().map((item) => ({
        key: item.data.step ? String(item.data.step.id) : placeKey(item.data.place),
        step: item.data.step,
        place: item.data.place,
        level: item.depth,
        x: Math.round(item.x - left),
        y: rows[item.depth].top,
        width: size.width,
        height: heightOf(item.data),
        hidden: item.data.step && collapsed.has(item.data.step.id) ? tree.countBelow(item.data.step) : 0,
        nth: item.parent ? item.parent.children.indexOf(item) + 1 : 1,
        siblings: item.parent ? item.parent.children.length : 1,
        way: item.data.place ? tree.labelOf(item.data.place) : "",
    }));
    const byKey = new Map(nodes.map((node) => [node.key, node]));
    const links = nodes
        .filter((node) => node.place)
        .map((node) => linkTo(node, byKey.get(String(node.place.parent)), rows[node.level - 1].bottom));
    const last = rows.at(-1);
    return {
        nodes,
        links,
        byKey,
        jumps: routeJumps(nodes, byKey, rows, tree),
        width: Math.max(...nodes.map((node) => node.x + node.width)),
        height: last.bottom,
    };
}

/** Rows from top to bottom, as high as what stands in them. */
function rowsOf(root, heightOf, gaps, tree) {
    const rows = [];
    for (const item of root.descendants()) {
        const row = (rows[item.depth] ??= { height: 0, gap: gaps.below });
        row.height = Math.max(row.height, heightOf(item.data));
        if (item.data.step && item.children && tree.isBranching(item.data.step)) {
            row.gap = gaps.branches;
        }
    }
    let top = 0;
    for (const row of rows) {
        row.top = top;
        row.bottom = top + row.height;
        top = row.bottom + row.gap;
    }
    return rows;
}

function linkTo(node, parent, rowBottom) {
    const from = { x: parent.x + parent.width / 2, y: parent.y + parent.height };
    const to = { x: node.x + node.width / 2, y: node.y };
    const turn = rowBottom + BUS;
    const label = node.way;
    return {
        key: placeKey(node.place),
        place: node.place,
        step: node.step,
        label,
        from: parent.key,
        to: node.key,
        path: elbow([from, { x: from.x, y: turn }, { x: to.x, y: turn }, to]),
        turn,
        x: to.x,
        bottom: to.y,
        plus: { x: to.x, y: label ? to.y - 22 : Math.round((turn + to.y) / 2) - 2 },
    };
}
