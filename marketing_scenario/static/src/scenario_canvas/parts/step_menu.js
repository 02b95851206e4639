import { Component, onMounted, useRef } from "@odoo/owl";

/** What can be done with a step, by right click, long press or the menu key. */
export class StepMenu extends Component {
    static template = "marketing_scenario.StepMenu";
    static props = {
        entries: Array, // { name, icon, label, keys, run, danger } or { separator: true }
        close: Function,
    };

    setup() {
        this.root = useRef("root");
        onMounted(() => this.buttons[0]?.focus());
    }

    get buttons() {
        return [...this.root.el.querySelectorAll("button")];
    }

    onKeydown(ev) {
        ev.stopPropagation();
        const { buttons } = this;
        const now = buttons.indexOf(document.activeElement);
        const next = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: -1 }[ev.key];
        if (next !== undefined) {
            ev.preventDefault();
            buttons.at(next % buttons.length).focus();
        } else if (ev.key === "Escape" || ev.key === "Tab") {
            ev.preventDefault();
            this.props.close();
        }
    }

    run(entry) {
        this.props.close();
        entry.run();
    }
}
