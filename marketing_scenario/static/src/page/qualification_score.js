import { Component, onWillStart, useState } from "@odoo/owl";
import { useAutofocus, useService } from "@web/core/utils/hooks";

/** Score at which a lead is qualified, edited in place (S4, S6). */
export class QualificationScore extends Component {
    static template = "marketing_scenario.QualificationScore";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ score: 0, editable: false, editing: false });
        useAutofocus({ refName: "input", selectAll: true });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("marketing.scenario", "qualification_score", []));
        });
    }

    async save(ev) {
        if (!this.state.editing) {
            return;
        }
        this.state.editing = false;
        const score = ev.target.valueAsNumber;
        if (Number.isInteger(score) && score !== this.state.score) {
            this.state.score = await this.orm.call("marketing.scenario", "set_qualification_score", [score]);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.save(ev);
        } else if (ev.key === "Escape") {
            this.state.editing = false;
        }
    }
}
