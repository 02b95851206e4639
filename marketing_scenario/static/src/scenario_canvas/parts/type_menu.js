import { Component, useRef, useState } from "@odoo/owl";
import { useAutofocus } from "@web/core/utils/hooks";

import { grouped } from "./palette";

/** Which type of step? Opened by a "+" or a key: one types a few letters, or points. */
export class TypeMenu extends Component {
    static template = "marketing_scenario.TypeMenu";
    static props = {
        palette: Array,
        families: Array,
        title: String,
        refuse: Function, // (entry) => why this type cannot stand there, or ""
        choose: Function,
        paste: { type: [Object, { value: null }], optional: true }, // { label, run }
        close: Function,
    };

    setup() {
        this.list = useRef("list");
        this.state = useState({ query: "", active: 0 });
        useAutofocus({ refName: "query", mobile: true });
    }

    get groups() {
        let index = 0;
        return grouped(this.props.palette, this.props.families, this.state.query).map((group) => ({
            ...group,
            entries: group.entries.map((entry) => ({ ...entry, index: index++, reason: this.props.refuse(entry) })),
        }));
    }

    get entries() {
        return this.groups.flatMap((group) => group.entries);
    }

    get active() {
        return Math.min(this.state.active, this.entries.length - 1);
    }

    onInput(ev) {
        Object.assign(this.state, { query: ev.target.value, active: 0 });
    }

    onKeydown(ev) {
        ev.stopPropagation();
        const steps = { ArrowDown: 1, ArrowUp: -1 };
        if (ev.key in steps) {
            ev.preventDefault();
            const count = this.entries.length;
            this.state.active = (this.active + steps[ev.key] + count) % (count || 1);
            this.list.el.querySelector(`[data-index="${this.state.active}"]`)?.scrollIntoView({ block: "nearest" });
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            this.choose(this.entries[this.active]);
        } else if (ev.key === "Escape" || ev.key === "Tab") {
            ev.preventDefault();
            this.props.close();
        }
    }

    choose(entry) {
        if (entry && !entry.reason) {
            this.props.close();
            this.props.choose(entry);
        }
    }
}
