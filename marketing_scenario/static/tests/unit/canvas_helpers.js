import { Component, useState, xml } from "@odoo/owl";

import { ScenarioCanvas } from "@marketing_scenario/scenario_canvas/canvas";
import { Tree } from "@marketing_scenario/scenario_canvas/model/tree";

/** The canvas in a page that has it loaded anew, by another `state.version`. */
export class CanvasPage extends Component {
    static template = xml`<ScenarioCanvas scenarioId="7" version="state.version"/>`;
    static components = { ScenarioCanvas };
    static props = ["*"];
    setup() {
        this.state = useState({ version: 0 });
    }
}

const OUTCOMES = {
    line: [["next", "Next", ""]],
    fork: [
        ["yes", "Yes", "score is at least 40"],
        ["no", "No", ""],
    ],
    closing: [],
};

/**
 * A step of a picture. `kind` says how many ways lead out of it: "line", "fork" or "closing".
 *
 * @param {number} id
 * @param {number | false} parent
 * @param {Object} [more]
 */
export function makeStep(id, parent, { kind = "line", outcome = "next", ...more } = {}) {
    return {
        id,
        ref: id,
        parent,
        outcome,
        name: `Step ${id}`,
        type: kind,
        type_label: kind,
        family: "action",
        icon: "fa-cog",
        summary: `Does ${id}`,
        outcomes: OUTCOMES[kind],
        jump: false,
        note: "",
        told: [],
        mail: false,
        edge: parent ? false : "start",
        ...more,
    };
}

/** Start → 2 → fork 3 → yes: 4 → End 5; no: jump 6 to 2 */
export function smallSteps() {
    return [
        makeStep(1, false, { name: "Start" }),
        makeStep(2, 1, { name: "Wait" }),
        makeStep(3, 2, { kind: "fork", name: "Decide" }),
        makeStep(4, 3, { outcome: "yes", name: "Tag" }),
        makeStep(5, 4, { kind: "closing", edge: "end", name: "End" }),
        makeStep(6, 3, { kind: "closing", outcome: "no", name: "Jump", jump: 2 }),
    ];
}

/** A tree of about `count` steps, always the same for a seed; some of its leaves jump somewhere. */
export function randomSteps(count, seed = 1) {
    let state = seed;
    const random = (below) => {
        state = (state * 1103515245 + 12345) % 2147483648;
        return Math.floor(state / 65536) % below;
    };
    const steps = [makeStep(1, false)];
    const open = [[1, "next"]];
    while (steps.length < count && open.length) {
        const [[parent, outcome]] = open.splice(random(open.length), 1);
        const id = steps.length + 1;
        const kind = open.length && random(6) === 0 ? "closing" : random(3) ? "line" : "fork";
        const jump = kind === "closing" && random(2) ? 1 + random(id - 1) : false;
        steps.push(makeStep(id, parent, { kind, outcome, jump }));
        open.push(...OUTCOMES[kind].map(([code]) => [id, code]));
    }
    return steps;
}

export function smallTree() {
    return new Tree(smallSteps());
}

export const PALETTE = [
    { type: "mail", label: "Email", family: "message", icon: "fa-envelope", outcomes: 1 },
    { type: "line", label: "Pause", family: "pause", icon: "fa-clock-o", outcomes: 1 },
    { type: "fork", label: "Question", family: "condition", icon: "fa-code-fork", outcomes: 2 },
    { type: "closing", label: "End", family: "edge", icon: "fa-stop", outcomes: 0 },
];

export function makePicture(steps, more = {}) {
    return {
        scenario: {
            id: 7,
            published: 7,
            name: "Follow-up",
            state: "draft",
            locked: false,
            draft: false,
            can_edit: true,
        },
        steps,
        palette: PALETTE,
        families: [
            { code: "message", label: "Messages" },
            { code: "pause", label: "Pauses" },
            { code: "condition", label: "Conditions" },
            { code: "edge", label: "Start and end" },
        ],
        figures: {},
        changed: {},
        issues: [],
        undo: { undo: false, redo: false },
        ...more,
    };
}

/** A server in small: keeps a tree and its history, and answers as the real one. */
export class CanvasServer {
    constructor(steps, more = {}) {
        this.steps = steps;
        this.more = more;
        this.done = [];
        this.undone = [];
        this.calls = [];
        this.refusal = null;
    }

    answer(method, args) {
        this.calls.push(method);
        const [, ...params] = args;
        return method === "canvas" ? this.picture() : this[method](...params);
    }

    picture(selected) {
        const undo = { undo: this.done.length ? "last" : false, redo: this.undone.length ? "next" : false };
        const picture = makePicture(structuredClone(this.steps), { ...this.more, undo });
        return selected === undefined ? picture : { ...picture, selected };
    }

    edit(change) {
        this.done.push(structuredClone(this.steps));
        this.undone = [];
        return this.picture(change());
    }

    get nextId() {
        return Math.max(...this.steps.map((step) => step.id)) + 1;
    }

    get(id) {
        return this.steps.find((step) => step.id === id);
    }

    at(parent, outcome) {
        return this.steps.find((step) => step.parent === parent && step.outcome === outcome);
    }

    canvas_add(type, parent, outcome) {
        return this.edit(() => {
            const id = this.nextId;
            const follower = this.at(parent, outcome);
            const { label, family, icon } = PALETTE.find((one) => one.type === type);
            const kind = OUTCOMES[type] ? type : "line";
            this.steps.push(makeStep(id, parent, { kind, outcome, name: label, family, icon }));
            if (follower) {
                Object.assign(follower, { parent: id, outcome: OUTCOMES[kind][0][0] });
            }
            return id;
        });
    }

    canvas_rename(id, name) {
        return this.edit(() => {
            this.get(id).name = name;
            return id;
        });
    }

    canvas_move(id, parent, outcome, alone) {
        return this.edit(() => {
            const step = this.get(id);
            const follower = this.steps.find((one) => one.parent === id);
            if (alone && follower) {
                Object.assign(follower, { parent: step.parent, outcome: step.outcome });
            }
            const occupant = this.at(parent, outcome);
            Object.assign(step, { parent, outcome });
            if (occupant) {
                Object.assign(occupant, { parent: id, outcome: "next" });
            }
            return id;
        });
    }

    canvas_delete(id, alone) {
        return this.edit(() => {
            const { parent, outcome } = this.get(id);
            const follower = this.steps.find((one) => one.parent === id);
            const doomed = new Set([id]);
            if (alone && follower) {
                Object.assign(follower, { parent, outcome });
            } else {
                for (const step of this.steps) {
                    if (doomed.has(step.parent)) {
                        doomed.add(step.id);
                    }
                }
            }
            this.steps = this.steps.filter((step) => !doomed.has(step.id));
            return false;
        });
    }

    canvas_paste(id, parent, outcome) {
        return this.canvas_add(this.get(id).type, parent, outcome);
    }

    canvas_close(parent, outcome) {
        return this.canvas_add("closing", parent, outcome);
    }

    canvas_undo() {
        this.undone.push(this.steps);
        this.steps = this.done.pop();
        return this.picture(false);
    }

    canvas_redo() {
        this.done.push(this.steps);
        this.steps = this.undone.pop();
        return this.picture(false);
    }

    canvas_figures() {
        return this.more.figures || {};
    }
}
