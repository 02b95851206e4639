import { reactive } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { setRecurringAnimationFrame } from "@web/core/utils/timing";

import { judge, targetAt } from "../model/drop";
import { isPlaceKey, placeOf } from "../model/tree";
import { LiveStyle } from "./live_style";

const BORDER = 28; // pixels from the border of the board in which it moves along
const GHOST = 300; // pixels at most, see canvas.scss
const SPEED = 0.6; // pixels a millisecond

/**
 * Something that is carried over the board, a step type, a step or somebody inside: where it may be put lights up, and where not it says
 * why. Works on the elements themselves, so that nothing is drawn anew while the pointer moves.
 */
export class Carry {
    constructor({ root, ghost, zoom, tree, layout }) {
        Object.assign(this, { root, ghost, zoom, tree, layout });
        this.ghostStyle = new LiveStyle(ghost);
        this.shown = reactive({ thing: null, reason: "", following: false, onto: "" });
        this.stop = null;
    }

    /** @param {Object} thing see `judge`; with icon and family for what is shown at the pointer */
    start(thing, x, y) {
        Object.assign(this, { thing, target: null, judged: null, alone: false, x, y });
        Object.assign(this.shown, { thing, reason: "", following: thing.following, onto: "" });
        this.root.el.classList.add("o_carrying");
        this.zoom.held = true;
        this.zoom.planeStyle.settle();
        this.mark();
        const onKey = (ev) => ev.key === "Shift" && this.setAlone(ev.type === "keydown");
        window.addEventListener("keydown", onKey);
        window.addEventListener("keyup", onKey);
        const stopMoving = setRecurringAnimationFrame((elapsed) => this.moveAlong(elapsed));
        this.stop = () => {
            window.removeEventListener("keydown", onKey);
            window.removeEventListener("keyup", onKey);
            stopMoving();
        };
        this.move(x, y);
    }

    get carried() {
        return { ...this.thing, following: this.thing.following && !this.alone };
    }

    setAlone(alone) {
        this.alone = alone;
        this.target = null;
        this.mark();
        this.move(this.x, this.y);
    }

    /** Show which places would take it. */
    mark() {
        const tree = this.tree();
        for (const el of this.root.el.querySelectorAll("[data-drop]")) {
            const { drop } = el.dataset;
            const target = isPlaceKey(drop) ? { place: placeOf(drop) } : { step: tree.get(Number(drop)) };
            el.classList.toggle("o_barred", Boolean(judge(tree, this.carried, target).reason));
        }
    }

    move(x, y) {
        Object.assign(this, { x, y });
        // at the border it stands on the other side of the pointer
        const beside = x + GHOST > browser.innerWidth ? `calc(${x - 14}px - 100%)` : `${x + 14}px`;
        this.ghostStyle.set({ transform: `translate(${beside}, ${y + 10}px)` });
        const point = this.zoom.toPlane(x, y);
        const { left, right, top, bottom } = this.zoom.board.el.getBoundingClientRect();
        const inside = x >= left && x <= right && y >= top && y <= bottom;
        const target = inside ? targetAt(this.layout(), point.x, point.y) : null;
        if (target?.key === this.target?.key) {
            return;
        }
        this.light(false);
        this.target = target;
        this.light(true);
        this.judged = target && judge(this.tree(), this.carried, target);
        const { reason, following } = this.judged || this.carried;
        Object.assign(this.shown, { reason: reason || "", following, onto: this.judged?.step?.name || "" });
    }

    light(on) {
        if (this.target) {
            const key = CSS.escape(this.target.key);
            for (const el of this.root.el.querySelectorAll(`[data-drop="${key}"]`)) {
                el.classList.toggle("o_lit", on);
            }
        }
    }

    moveAlong(elapsed) {
        const { left, right, top, bottom } = this.zoom.board.el.getBoundingClientRect();
        if (this.x < left || this.x > right || this.y < top || this.y > bottom) {
            return;
        }
        const by = elapsed * SPEED;
        const dx = this.x < left + BORDER ? by : this.x > right - BORDER ? -by : 0;
        const dy = this.y < top + BORDER ? by : this.y > bottom - BORDER ? -by : 0;
        if (dx || dy) {
            this.zoom.moveBy(dx, dy);
            this.move(this.x, this.y);
        }
    }

    /** @returns {Object | null} `thing`, and where it was put, see `judge`; null: it may not */
    end() {
        const { thing, judged } = this;
        const result = judged && !judged.reason ? { thing, ...judged } : null;
        this.light(false);
        this.stop?.();
        this.stop = null;
        this.zoom.held = false;
        this.root.el.classList.remove("o_carrying");
        for (const el of this.root.el.querySelectorAll(".o_barred")) {
            el.classList.remove("o_barred");
        }
        this.target = this.judged = null;
        this.shown.thing = null;
        return result;
    }
}
