/**
 * What the forecast of a tree showed last, in this tab: the panel beside the tree and the page of its own show the same,
 * and it is there again when somebody comes back from the people behind a figure.
 */
const kept = new Map();
let comingBack = 0;

export const forecastMemory = {
    keep: (treeId, shown) => kept.set(treeId, shown),
    of: (treeId) => kept.get(treeId),
    forget: (treeId) => kept.delete(treeId),
    /** Whoever leaves the tree now comes back to its forecast. */
    leave: (treeId) => (comingBack = treeId),
    /** Whether the forecast is shown from the beginning: once. */
    takeUp(treeId) {
        const isBack = comingBack === treeId;
        comingBack = isBack ? 0 : comingBack;
        return isBack;
    },
};
