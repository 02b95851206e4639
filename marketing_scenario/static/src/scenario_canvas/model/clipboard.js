import { browser } from "@web/core/browser/browser";

const KEY = "marketing_scenario.clipboard";

/**
 * The step that was copied or cut last, in whatever scenario or window of this browser.
 *
 * @typedef {{ scenario: number, step: number, label: string, outcomes: number, following: boolean, below: number[],
 *      cut: boolean }} Clip below: ids of the steps that hung below it
 */
export const clipboard = {
    /** @returns {Clip | null} */
    read() {
        try {
            return JSON.parse(browser.localStorage.getItem(KEY));
        } catch {
            return null;
        }
    },
    write(clip) {
        browser.localStorage.setItem(KEY, JSON.stringify(clip));
    },
    clear() {
        browser.localStorage.removeItem(KEY);
    },
};
