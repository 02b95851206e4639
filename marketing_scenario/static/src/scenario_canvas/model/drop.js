import { _t } from "@web/core/l10n/translation";

const REACH = 70; // pixels beside an arrow that still mean it

/**
 * What is meant by a point of the plane: a card, an open place or an arrow.
 *
 * @returns {{ key: string, step?: Object, place?: import("./tree").Place } | null}
 */
export function targetAt(layout, x, y) {
    const node = layout.nodes.find(
        (one) => x >= one.x && x <= one.x + one.width && y >= one.y - 2 && y <= one.y + one.height + 2,
    );
    if (node) {
        return node.step ? { key: node.key, step: node.step } : { key: node.key, place: node.place };
    }
    const link = layout.links.find((one) => Math.abs(x - one.x) <= REACH && y > one.turn - 4 && y < one.bottom);
    return link ? { key: link.key, place: link.place } : null;
}

/**
 * The place that is meant when something is put onto a step: its first free way out; else between it and what follows;
 * before it, when nothing can follow.
 */
export function placeOnto(tree, step) {
    const ways = tree.waysOf(step);
    const way = ways.find((one) => !one.step) || ways[0];
    return way ? { parent: step.id, outcome: way.outcome } : { parent: step.parent, outcome: step.outcome };
}

/**
 * Whether a thing may be put on a place, and how.
 *
 * @param {import("./tree").Tree} tree
 * @param {{ label: string, outcomes: number, step?: Object, following?: boolean }} thing
 *      a step type, a step of this tree (`step`), or a copy; following: with all that hangs below it
 * @param {import("./tree").Place} place
 * @returns {{ following: boolean, reason: string }} reason: why not; empty when it may
 */
export function verdict(tree, thing, place) {
    const occupant = tree.at(place);
    const { step } = thing;
    if (step && !step.parent) {
        return no(_t("A scenario begins with “%s”: it stays at the top.", step.name));
    }
    let following = Boolean(thing.following && (!step || tree.countBelow(step)));
    if (step && occupant && occupant !== step && occupant.edge !== "end" && tree.isInLine(step)) {
        following = false; // between two steps there is room for one
    }
    const parent = tree.get(place.parent);
    if (step && parent && parent !== step && tree.isBelow(parent, step) && tree.isInLine(step)) {
        following = false; // down its own line it can go alone only
    }
    if (step && parent && (following ? tree.isBelow(parent, step) : parent === step)) {
        return no(_t("“%s” cannot come after itself.", step.name));
    }
    if (occupant && occupant === step) {
        return no(_t("It stands there already."));
    }
    if (occupant && step && following && occupant.edge !== "end") {
        return no(
            _t("“%(occupant)s” stands there, and “%(thing)s” goes only with what follows it.", {
                occupant: occupant.name,
                thing: thing.label,
            }),
        );
    }
    if (step && !following && !tree.isInLine(step)) {
        return no(_t("“%s” has several branches: it goes only with what follows it.", step.name));
    }
    if (occupant && occupant.edge !== "end" && !thing.outcomes) {
        return no(
            _t("Nothing can follow “%(thing)s”: it cannot be put before “%(occupant)s”.", {
                occupant: occupant.name,
                thing: thing.label,
            }),
        );
    }
    return { following, reason: "" };

    function no(reason) {
        return { following, reason };
    }
}
