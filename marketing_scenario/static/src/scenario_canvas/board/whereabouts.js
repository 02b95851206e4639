import { browser } from "@web/core/browser/browser";

import { neighbour } from "../model/keys";

const TRIES = 90; // frames in which something may appear that is to get the focus
const HOLD = 3; // frames in which it may lose it again

/** Where one is in the tree: what is selected, brought into view, and has the focus. */
export class Whereabouts {
    /** @param {{ store: Object, layout: () => Object, zoom: Object, plane: { el: HTMLElement } }} params */
    constructor({ store, layout, zoom, plane }) {
        Object.assign(this, { store, layout, zoom, plane });
    }

    /** The item that the keys are about: the selected one, else the first. */
    get reached() {
        const { byKey, nodes } = this.layout();
        return byKey.has(this.store.selected) ? this.store.selected : nodes[0]?.key;
    }

    get element() {
        return this.elementOf(this.reached);
    }

    elementOf(key) {
        return this.plane.el?.querySelector(`.o_canvas_item[data-key="${CSS.escape(key)}"]`);
    }

    /**
     * Bring a node into view when it is not.
     *
     * @param {string} key
     * @param {boolean} [ahead] with the places on which one goes on building
     */
    reveal(key, ahead = false) {
        const { byKey, nodes } = this.layout();
        const node = byKey.get(key);
        if (node && ahead) {
            nodes.filter((one) => one.place?.parent === node.step?.id).forEach((one) => this.zoom.reveal(one));
        }
        if (node) {
            this.zoom.reveal(node);
        }
    }

    /** Select an item, show it, and give it the focus as soon as it is there. */
    goTo(key) {
        this.store.select(key);
        this.reveal(key, true);
        this.focusWhenThere(() => this.elementOf(key));
    }

    go(direction) {
        this.goTo(neighbour(this.layout(), this.reached, direction));
    }

    /** Give the focus to what `find` returns, once it is there; and again when drawing anew took it away. */
    focusWhenThere(find, tries = TRIES, held = 0) {
        const el = find();
        if (el && (!held || document.activeElement === document.body)) {
            el.focus({ preventScroll: true });
        }
        if (tries && held < HOLD) {
            const next = el ? held + 1 : 0;
            browser.requestAnimationFrame(() => this.plane.el && this.focusWhenThere(find, tries - 1, next));
        }
    }

    /** The focus comes back from a menu, unless what was chosen there took it. */
    comeBack(tries = TRIES) {
        const active = document.activeElement;
        if (active === document.body) {
            this.element?.focus({ preventScroll: true });
        } else if (tries && active.closest(".o_popover")) {
            browser.requestAnimationFrame(() => this.plane.el && this.comeBack(tries - 1));
        }
    }
}
