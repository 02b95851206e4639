import { Component, useState } from "@odoo/owl";

import { plain } from "../model/tree";

/** The step types of a palette that contain all the words of a query, by family. */
export function grouped(palette, families, query) {
    const words = plain(query).split(/\s+/).filter(Boolean);
    const groups = families.map((family) => ({
        ...family,
        entries: palette.filter((entry) => {
            const text = plain(`${entry.label} ${family.label}`);
            return entry.family === family.code && words.every((word) => text.includes(word));
        }),
    }));
    return groups.filter((group) => group.entries.length);
}

/** The step types on the left, by family: to be dragged onto the tree, or clicked to come after the selected step. */
export class CanvasPalette extends Component {
    static template = "marketing_scenario.CanvasPalette";
    static props = { palette: Array, families: Array, slim: Boolean, hint: Boolean, add: Function };

    setup() {
        this.state = useState({ query: "" });
    }

    get groups() {
        return grouped(this.props.palette, this.props.families, this.state.query);
    }

    onKeydown(ev) {
        ev.stopPropagation();
        if (ev.key === "Escape") {
            this.state.query = "";
        } else if (ev.key === "Enter" && this.groups.length) {
            this.props.add(this.groups[0].entries[0]);
        }
    }
}
