import { _t } from "@web/core/l10n/translation";

/** @typedef {{ parent: number, outcome: string }} Place a way out of a step, on which one step can hang */

/** What something is called, and what it says. */
export function labelled(label, words) {
    return _t("%(label)s: %(words)s", { label, words });
}

/** The key of a place in the page; steps are known by their id as text. */
export function placeKey({ parent, outcome }) {
    return `${parent}:${outcome}`;
}

/** @returns {Place} of a key made by `placeKey` */
export function placeOf(key) {
    const cut = key.indexOf(":");
    return { parent: Number(key.slice(0, cut)), outcome: key.slice(cut + 1) };
}

export function isPlaceKey(key) {
    return key.includes(":");
}

/** The steps of a scenario as a tree; it never changes: each picture of the server has its own. */
export class Tree {
    constructor(steps) {
        this.steps = steps;
        this.byId = new Map(steps.map((step) => [step.id, step]));
        this.root = steps.find((step) => !step.parent);
        this.hanging = new Map(); // place key: step
        this.children = new Map(steps.map((step) => [step.id, []]));
        for (const step of steps) {
            if (step.parent) {
                this.hanging.set(placeKey(step), step);
                this.children.get(step.parent)?.push(step);
            }
        }
    }

    get(id) {
        return this.byId.get(id);
    }

    /** What hangs on a place, or undefined. */
    at(place) {
        return this.hanging.get(placeKey(place));
    }

    parentOf(step) {
        return this.byId.get(step.parent);
    }

    /**
     * The ways out of a step in their order, each with what hangs on it.
     *
     * @returns {{ parent: number, outcome: string, label: string, step: Object | undefined }[]}
     */
    waysOf(step) {
        const ways = step.outcomes.map(([outcome, label, words]) => ({ parent: step.id, outcome, label, words }));
        for (const child of this.children.get(step.id)) {
            if (!ways.some((way) => way.outcome === child.outcome)) {
                ways.push({ parent: step.id, outcome: child.outcome, label: child.outcome });
            }
        }
        return ways.map((way) => ({ ...way, step: this.at(way) }));
    }

    isBranching(step) {
        return step.outcomes.length > 1;
    }

    /** A step that has no more than one way out: it can go without what follows it. */
    isInLine(step) {
        return step.outcomes.length <= 1;
    }

    /** The words on the arrow that leads to a place, only where there is a choice: those of the rules, if there are. */
    labelOf(place) {
        const parent = this.get(place.parent);
        if (!parent || !this.isBranching(parent)) {
            return "";
        }
        const [, label, words] = parent.outcomes.find(([code]) => code === place.outcome) || ["", place.outcome];
        return words && words !== label ? labelled(label, words) : label;
    }

    /** The step and all that hangs below it, each before what follows it. */
    withDescendants(step) {
        const found = [];
        const coming = [step];
        while (coming.length) {
            const next = coming.pop();
            found.push(next);
            coming.push(...[...this.children.get(next.id)].reverse());
        }
        return found;
    }

    countBelow(step) {
        return this.withDescendants(step).length - 1;
    }

    /** The ids of all that hangs below a step; none, when it is gone. */
    idsBelow(id) {
        const step = this.get(id);
        return (step ? this.withDescendants(step).slice(1) : []).map((one) => one.id);
    }

    isBelow(step, ancestor) {
        for (let above = step; above; above = this.parentOf(above)) {
            if (above.id === ancestor.id) {
                return true;
            }
        }
        return false;
    }

    /** The places on which nothing hangs. */
    get openPlaces() {
        return this.steps.flatMap((step) => this.waysOf(step).filter((way) => !way.step));
    }

    /** Steps that contain all the words of `query` in their label, type or summary, in reading order. */
    search(query) {
        const words = plain(query).split(/\s+/).filter(Boolean);
        if (!words.length || !this.root) {
            return [];
        }
        return this.withDescendants(this.root).filter((step) => {
            const text = plain(`${step.name} ${step.type_label} ${step.summary || ""}`);
            return words.every((word) => text.includes(word));
        });
    }
}

/** Text as it is compared: without case and accents. */
export function plain(text) {
    return text
        .normalize("NFD")
        .replace(/\p{Diacritic}/gu, "")
        .toLowerCase();
}
