const AWAY = 14; // from the cards
const APART = 5; // two arrows in one gap
const ROUND = 8;

/**
 * The arrows of steps that send people to another place: around the cards, through the gaps between them. One that leads
 * into a folded branch ends at the step that hides it.
 *
 * An arrow leaves below its step, goes along the gap to a column without cards, up or down that column, and into its
 * target from the side, or from above when cards stand beside it.
 */
export function routeJumps(nodes, byKey, rows, tree) {
    const jumps = [];
    const shown = (step) => step && (byKey.get(String(step.id)) || shown(tree.parentOf(step)));
    for (const node of nodes) {
        const target = node.step?.jump && shown(tree.get(node.step.jump));
        if (target) {
            const points = route(node, target, nodes, rows, (jumps.length % 4) * APART);
            jumps.push({ key: node.key, from: node.key, to: target.key, points, path: elbow(points) });
        }
    }
    return jumps;
}

function route(node, target, nodes, rows, shift) {
    const start = { x: node.x + node.width / 2, y: node.y + node.height };
    const gap = rows[node.level].bottom + AWAY / 2 + shift / 2;
    const [highest, lowest] = [Math.min(node.level, target.level), Math.max(node.level, target.level)];
    const between = nodes.filter((one) => one.level >= highest && one.level <= lowest);
    // entering from the side: the row of the target must be free up to the column
    const side = target.y + Math.min(target.height / 2, 39) + shift;
    const sideways = column(start.x, between, shift, (x) => {
        const edge = x < target.x ? target.x : target.x + target.width;
        return isRowFree(nodes, target, x, edge) ? Math.abs(x - edge) : Infinity;
    });
    if (sideways !== null) {
        const edge = sideways < target.x ? target.x : target.x + target.width;
        return [start, { x: start.x, y: gap }, { x: sideways, y: gap }, { x: sideways, y: side }, { x: edge, y: side }];
    }
    // entering from above, beside the arrow that leads there
    const above = target.level ? rows[target.level - 1].bottom + AWAY / 2 + shift / 2 : -AWAY;
    const into = target.x + target.width * 0.8 - shift;
    const x = column(start.x, between, shift, (one) => Math.abs(one - into));
    const end = { x: into, y: target.y };
    return [start, { x: start.x, y: gap }, { x, y: gap }, { x, y: above }, { x: into, y: above }, end];
}

/** The nearest column without cards; `costOf` tells how far it is from the target. */
function column(from, cards, shift, costOf) {
    let best = null;
    let lowest = Infinity;
    for (const card of cards) {
        for (const x of [card.x - AWAY - shift, card.x + card.width + AWAY + shift]) {
            const cost = costOf(x) + Math.abs(x - from);
            if (cost < lowest && cards.every((one) => x <= one.x || x >= one.x + one.width)) {
                [best, lowest] = [x, cost];
            }
        }
    }
    return best;
}

function isRowFree(nodes, target, x, edge) {
    const [left, right] = [Math.min(x, edge), Math.max(x, edge)];
    return nodes.every(
        (one) => one.level !== target.level || one === target || one.x + one.width <= left || one.x >= right,
    );
}

/** An SVG path along points, with round corners. */
export function elbow(points) {
    const corners = points.filter(
        (point, index) => !index || point.x !== points[index - 1].x || point.y !== points[index - 1].y,
    );
    let path = `M${corners[0].x} ${corners[0].y}`;
    for (let index = 1; index < corners.length - 1; index++) {
        const [before, corner, after] = corners.slice(index - 1, index + 2);
        const start = towards(corner, before);
        const end = towards(corner, after);
        path += `L${start.x} ${start.y}Q${corner.x} ${corner.y} ${end.x} ${end.y}`;
    }
    return `${path}L${corners.at(-1).x} ${corners.at(-1).y}`;
}

function towards(corner, point) {
    const distance = Math.hypot(point.x - corner.x, point.y - corner.y);
    const part = Math.min(ROUND, distance / 2) / distance;
    return { x: corner.x + (point.x - corner.x) * part, y: corner.y + (point.y - corner.y) * part };
}
