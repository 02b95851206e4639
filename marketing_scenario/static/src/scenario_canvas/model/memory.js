import { browser } from "@web/core/browser/browser";

const KEY = "marketing_scenario.shown";
const MOST = 100; // scenarios; those that were looked at last

function read() {
    const nothing = { compact: false, folded: [] };
    try {
        return { ...nothing, ...JSON.parse(browser.localStorage.getItem(KEY)) };
    } catch {
        return nothing;
    }
}

function write(changes) {
    browser.localStorage.setItem(KEY, JSON.stringify({ ...read(), ...changes }));
}

/**
 * How this browser shows the scenarios: the compact view, and what is folded. A scenario and its draft are one here: a
 * step is known by its ref, which both have.
 */
export const memory = {
    get compact() {
        return read().compact;
    },
    set compact(compact) {
        write({ compact });
    },
    /** @returns {Set<number>} refs of the steps below which nothing is shown */
    foldedOf(scenario) {
        return new Set(read().folded.find(([id]) => id === scenario)?.[1]);
    },
    /** @param {number} scenario @param {number[]} refs */
    fold(scenario, refs) {
        const others = read().folded.filter(([id]) => id !== scenario);
        write({ folded: (refs.length ? [[scenario, refs], ...others] : others).slice(0, MOST) });
    },
};
