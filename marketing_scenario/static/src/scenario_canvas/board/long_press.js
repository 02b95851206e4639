import { browser } from "@web/core/browser/browser";

const LONG_PRESS = 550; // milliseconds
const STILL = 8; // pixels that a finger may move and still press

/** A finger that rests on an item of the tree: what a right click is for a mouse. */
export class LongPress {
    /** @param {(item: HTMLElement, point: { x: number, y: number }) => void} onPress */
    constructor(onPress) {
        this.onPress = onPress;
        this.done = false; // the click that ends the press means nothing
    }

    down(ev) {
        this.done = false;
        this.cancel();
        const item = ev.pointerType === "touch" && ev.target.closest(".o_canvas_item[data-key]");
        if (item) {
            this.from = { x: ev.clientX, y: ev.clientY };
            this.timer = browser.setTimeout(() => {
                this.done = true;
                this.onPress(item, this.from);
            }, LONG_PRESS);
        }
    }

    move(ev) {
        if (this.timer && Math.hypot(ev.clientX - this.from.x, ev.clientY - this.from.y) > STILL) {
            this.cancel();
        }
    }

    cancel() {
        browser.clearTimeout(this.timer);
        this.timer = 0;
    }

    /** @returns {boolean} whether this click only ends a press */
    takesClick() {
        const { done } = this;
        this.done = false;
        return done;
    }
}
