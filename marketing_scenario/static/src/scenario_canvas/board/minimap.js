import { Component, useEffect, useRef } from "@odoo/owl";

const WIDTH = 180;
const HEIGHT = 120;

/** The whole tree in a corner, with what is on screen as a frame; a click or a drag goes there. */
export class CanvasMinimap extends Component {
    static template = "marketing_scenario.CanvasMinimap";
    static props = { layout: Object, register: Function, goTo: Function };

    setup() {
        this.frame = useRef("frame");
        this.root = useRef("root");
        useEffect(
            () => {
                this.props.register((view) => this.follow(view));
                return () => this.props.register(null);
            },
            () => [this.props.layout],
        );
    }

    get scale() {
        const { width, height } = this.props.layout;
        return Math.min(WIDTH / width, HEIGHT / height);
    }

    get size() {
        const { width, height } = this.props.layout;
        return { width: Math.ceil(width * this.scale), height: Math.ceil(height * this.scale) };
    }

    /** @param {{ x: number, y: number, width: number, height: number }} view part of the plane that is on screen */
    follow(view) {
        for (const name in view) {
            this.frame.el?.setAttribute(name, view[name]);
        }
    }

    onPointer(ev) {
        if (ev.buttons === 1) {
            ev.preventDefault();
            ev.stopPropagation();
            const { left, top } = this.root.el.getBoundingClientRect();
            this.props.goTo((ev.clientX - left) / this.scale, (ev.clientY - top) / this.scale);
        }
    }
}
