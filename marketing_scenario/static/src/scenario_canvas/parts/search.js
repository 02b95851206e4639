import { Component, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** Finds steps by their label, type or summary: the others fade, Enter goes from one to the next. */
export class CanvasSearch extends Component {
    static template = "marketing_scenario.CanvasSearch";
    static props = {
        query: String,
        found: [Array, { value: null }], // the steps
        search: Function, // (query)
        show: Function, // (step)
        leave: Function, // back to the tree
        register: Function, // gets a function that brings the focus here
    };

    setup() {
        this.input = useRef("input");
        this.hit = -1;
        this.props.register(() => {
            this.input.el.focus();
            this.input.el.select();
        });
    }

    get count() {
        return _t("%s found", this.props.found.length);
    }

    onInput(ev) {
        this.hit = -1;
        this.props.search(ev.target.value);
    }

    onKeydown(ev) {
        ev.stopPropagation();
        const { found } = this.props;
        if (ev.key === "Enter" && found?.length) {
            this.hit = (this.hit + (ev.shiftKey ? -1 : 1) + found.length) % found.length;
            this.props.show(found[this.hit]);
        } else if (ev.key === "Escape" || (ev.key === "ArrowDown" && found?.length)) {
            this.props.search("");
            this.props.leave();
        }
    }
}
