import { browser } from "@web/core/browser/browser";

const LONG_PRESS = 550; // milliseconds
const STILL = 8; // pixels that a finger may move and still press

/** A finger that rests on an item of the tree: what a right click is for a mouse. */
export class LongPress {
    /** @param {(item: HTMLElement, point: { x: number, y: number }) => void} onPress */
    constructor(onPress) {
        this.onPress = onPress;
    }

    down(ev) {
        this.cancel();
        const item = ev.pointerType === "touch" && ev.target.closest(".o_canvas_item[data-key]");
        if (item) {
            this.from = { x: ev.clientX, y: ev.clientY };
            this.timer = browser.setTimeout(() => {
                swallowClick();
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
}

/** The click that ends a press means nothing, whatever lies under the finger by then. */
function swallowClick() {
    const swallow = (ev) => {
        ev.preventDefault();
        ev.stopPropagation();
        end();
    };
    const end = () => {
        window.removeEventListener("click", swallow, true);
        window.removeEventListener("pointerdown", end, true);
    };
    window.addEventListener("click", swallow, true);
    window.addEventListener("pointerdown", end, true); // there was none
}
