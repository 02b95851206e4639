/** What the keys do in the tree; the commands are methods of the canvas. */
export const COMMANDS = {
    arrowup: "goUp",
    arrowdown: "goDown",
    arrowleft: "goLeft",
    arrowright: "goRight",
    home: "goFirst",
    end: "goLast",
    enter: "openCurrent",
    space: "toggleCurrent",
    a: "addAfterCurrent",
    insert: "addAfterCurrent",
    f2: "renameCurrent",
    delete: "deleteCurrent",
    backspace: "deleteCurrent",
    "shift+delete": "deleteBranch",
    "control+d": "duplicateCurrent",
    "control+c": "copyCurrent",
    "control+x": "cutCurrent",
    "control+v": "pasteCurrent",
    "control+z": "undo",
    "control+y": "redo",
    "control+shift+z": "redo",
    "/": "focusSearch",
    "shift+/": "focusSearch",
    "+": "zoomIn",
    "shift++": "zoomIn",
    "=": "zoomIn",
    "-": "zoomOut",
    0: "zoomFull",
    1: "fit",
    escape: "letGo",
};

/**
 * The item that the focus goes to.
 *
 * @param {{ nodes: Object[], byKey: Map }} layout
 * @param {string} key of the item that has it
 * @param {"up" | "down" | "left" | "right" | "first" | "last"} direction
 * @returns {string} its key; the same one at the border of the tree
 */
export function neighbour(layout, key, direction) {
    const node = layout.byKey.get(key) || layout.nodes[0];
    if (!node) {
        return key;
    }
    const row = layout.nodes.filter((one) => one.level === node.level).sort((a, b) => a.x - b.x);
    const place = row.indexOf(node);
    const found = {
        up: () => node.place && layout.byKey.get(String(node.place.parent)),
        down: () => layout.nodes.find((one) => one.place && node.step && one.place.parent === node.step.id),
        left: () => row[place - 1],
        right: () => row[place + 1],
        first: () => layout.nodes[0],
        last: () => layout.nodes.at(-1),
    }[direction]();
    return (found || node).key;
}
