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
 * Where something would come if it were put on a target, and why not.
 *
 * @param {import("./tree").Tree} tree
 * @param {Object} thing see `verdict`; or somebody inside: `{ label, person: { id, step_id } }`
 * @param {{ step?: Object, place?: import("./tree").Place }} target see `targetAt`
 * @returns {{ step?: Object, place?: Object, following: boolean, reason: string }}
 */
export function judge(tree, thing, { step, place }) {
    if (!thing.person) {
        const meant = place || placeOnto(tree, step);
        return { place: meant, ...verdict(tree, thing, meant) };
    }
    const words = { person: thing.label, step: step?.name };
    const reason = !step
        ? _t("People stand on steps. Choose one.")
        : step.id === thing.person.step_id && _t("%(person)s stands on “%(step)s” already.", words);
    return { step, following: false, reason: reason || "" };
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
    const { step, label } = thing;
    const parent = tree.get(place.parent);
    const occupant = tree.at(place);
    const isTaken = occupant && occupant.edge !== "end"; // an End makes room
    const below = step && parent && tree.isBelow(parent, step);
    let following = Boolean(thing.following && (!step || tree.countBelow(step)));
    if (step && tree.isInLine(step) && occupant !== step && parent !== step && (isTaken || below)) {
        following = false; // between two steps, or down its own line, it goes alone
    }
    return { following, reason: reasonAgainst() || "" };

    function reasonAgainst() {
        if (step && !step.parent) {
            return _t("A scenario begins with “%s”: it stays at the top.", step.name);
        }
        if (step && (parent === step || (following && below))) {
            return _t("“%s” cannot come after itself.", step.name);
        }
        if (step && occupant === step) {
            return _t("It stands there already.");
        }
        const words = { occupant: occupant?.name, thing: label };
        if (step && following && isTaken) {
            return _t("“%(occupant)s” stands there, and “%(thing)s” goes only with what follows it.", words);
        }
        if (step && !following && !tree.isInLine(step) && tree.countBelow(step)) {
            return _t("“%s” has several branches: it goes only with what follows it.", step.name);
        }
        if (isTaken && !thing.outcomes) {
            return _t("Nothing can follow “%(thing)s”: it cannot be put before “%(occupant)s”.", words);
        }
    }
}
