import { useEffect } from "@odoo/owl";
import { select, zoom, zoomIdentity, zoomTransform } from "@marketing_scenario/../lib/d3/d3";

import { wheelIntent } from "../model/wheel";
import { LiveStyle } from "./live_style";

const SMALLEST = 0.1; // unless the whole tree needs less
const BIGGEST = 2;
const FAR = 0.45; // with less, what stands on a card cannot be pressed any more
const READABLE = 0.8; // a tree that would get smaller is shown from its beginning instead
const GLIDE = { glide: true };
const MARGIN = 28; // between what is shown and the border
const DOTS = 24; // between the dots of the ground; they stay apart, however small all is
const BAR = 56; // the buttons below the board

/**
 * Zoom and pan of the plane in its board, by D3: wheel, pinch, drag of the ground.
 *
 * @param {{ board: { el: HTMLElement }, plane: { el: HTMLElement }, layout: () => Object, onMoved: Function }} params
 */
export function useCanvasZoom({ board, plane, layout, onMoved }) {
    return new CanvasZoom({ board, plane, layout, onMoved });
}

class CanvasZoom {
    constructor({ board, plane, layout, onMoved }) {
        Object.assign(this, { board, plane, layout, onMoved });
        this.planeStyle = new LiveStyle(plane);
        this.boardStyle = new LiveStyle(board);
        this.gliding = false;
        this.held = false; // while something is carried the ground stays
        this.behaviour = zoom()
            .scaleExtent([SMALLEST, BIGGEST])
            .filter((ev) => this.accepts(ev))
            .on("zoom", ({ transform }) => this.show(transform));
        useEffect(
            (el) => {
                const ground = select(el);
                ground.call(this.behaviour).on("dblclick.zoom", null);
                const onWheel = (ev) => this.onWheel(ev);
                el.addEventListener("wheel", onWheel, { capture: true, passive: false });
                return () => {
                    ground.on(".zoom", null);
                    el.removeEventListener("wheel", onWheel, { capture: true });
                };
            },
            () => [board.el],
        );
    }

    accepts(ev) {
        if (this.held) {
            return false;
        }
        const onSomething = ev.target.closest(".o_canvas_item, .o_canvas_minimap, button, input");
        if (ev.type === "mousedown") {
            return ev.button === 1 || (!ev.button && !onSomething);
        }
        // one finger on a card carries it
        return ev.type !== "touchstart" || ev.touches.length > 1 || !onSomething;
    }

    onWheel(ev) {
        if (wheelIntent(ev) === "move") {
            ev.preventDefault();
            ev.stopPropagation();
            const [x, y] = ev.shiftKey && !ev.deltaX ? [ev.deltaY, 0] : [ev.deltaX, ev.deltaY];
            this.moveBy(-x, -y);
        }
    }

    show({ x, y, k }) {
        this.planeStyle.set({ transform: `translate(${x}px, ${y}px) scale(${k})` }, { glide: this.gliding });
        const dots = DOTS * k * 2 ** Math.max(0, Math.ceil(-Math.log2(2 * k)));
        this.boardStyle.set({ backgroundPosition: `${x}px ${y}px`, backgroundSize: `${dots}px ${dots}px` });
        this.board.el.classList.toggle("o_far", k < FAR);
        this.onMoved();
    }

    get transform() {
        return zoomTransform(this.board.el);
    }

    get size() {
        const { clientWidth: width, clientHeight: height } = this.board.el;
        return { width, height };
    }

    /** The part of the plane that is on screen. */
    get view() {
        const { x, y, k } = this.transform;
        const { width, height } = this.size;
        return { x: -x / k, y: -y / k, width: width / k, height: height / k };
    }

    /** A point of the window as a point of the plane. */
    toPlane(clientX, clientY) {
        const { left, top } = this.board.el.getBoundingClientRect();
        const [x, y] = this.transform.invert([clientX - left, clientY - top]);
        return { x, y };
    }

    set(x, y, k, { glide = false } = {}) {
        this.call(this.behaviour.transform, zoomIdentity.translate(x, y).scale(k), glide);
    }

    /** @param {boolean} glide not at once: a jump by which nobody would know the place again */
    call(method, argument, glide) {
        this.gliding = glide;
        select(this.board.el).call(method, argument);
        this.gliding = false;
    }

    moveBy(dx, dy, options) {
        const { x, y, k } = this.transform;
        this.set(x + dx, y + dy, k, options);
    }

    by(factor) {
        this.call(this.behaviour.scaleBy, factor, true);
    }

    /** The size that shows all of the tree, 100 % at most. */
    get fitting() {
        const { width, height } = this.size;
        const tree = this.layout();
        return Math.min(1, (width - 2 * MARGIN) / (tree.width || 1), (height - MARGIN - BAR) / (tree.height || 1));
    }

    fit() {
        const k = this.fitting;
        this.behaviour.scaleExtent([Math.min(SMALLEST, k), BIGGEST]);
        const { width, height } = this.size;
        const tree = this.layout();
        this.set(
            (width - tree.width * k) / 2,
            Math.max(MARGIN, Math.min(64, (height - BAR - tree.height * k) / 2)),
            k,
            GLIDE,
        );
    }

    /** At first: all of the tree, or its beginning when it is big. */
    start() {
        if (this.fitting >= READABLE) {
            return this.fit();
        }
        return this.full(READABLE);
    }

    /** The beginning of the tree at the top, in the given size. */
    full(k) {
        const root = this.layout().nodes[0];
        if (root) {
            this.set(this.size.width / 2 - (root.x + root.width / 2) * k, MARGIN, k, GLIDE);
        }
    }

    /** Keep what is in the middle there, in its natural size. */
    natural() {
        this.call(this.behaviour.scaleTo, 1, true);
    }

    centerOn(x, y) {
        const { k } = this.transform;
        const { width, height } = this.size;
        this.set(width / 2 - x * k, height / 2 - y * k, k);
    }

    /** See a node in a size in which it can be read. */
    read(node) {
        if (this.transform.k >= READABLE) {
            return this.reveal(node);
        }
        const { width, height } = this.size;
        const from = (start, length, room) => room / 2 - (start + length / 2) * READABLE;
        this.set(from(node.x, node.width, width), from(node.y, node.height, height), READABLE, GLIDE);
    }

    /** Move just as far as needed to see a node. */
    reveal(node) {
        const { x, y, k } = this.transform;
        const { width, height } = this.size;
        const shift = (from, length, end) => {
            if (from < MARGIN || length + MARGIN > end) {
                return MARGIN - from;
            }
            return Math.min(0, end - from - length);
        };
        const dx = shift(node.x * k + x, node.width * k, width - MARGIN);
        const dy = shift(node.y * k + y, node.height * k, height - BAR);
        if (dx || dy) {
            this.moveBy(dx, dy, GLIDE);
        }
    }
}
