import { Component, onWillUnmount, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Simulation } from "@marketing_scenario/simulation/simulation";

/**
 * What a walk says of the cards: `stands` where it stands, else how its last passing went.
 *
 * @param {Object|null} told what `simulate` of the scenario answered
 * @returns {Object} `{step id: "passed" | "refused" | "stands"}`
 */
export function marksOf(told) {
    const marks = {};
    for (const row of told?.path || []) {
        if (row.step_id) {
            marks[row.step_id] = ["danger", "warning"].includes(row.tone) ? "refused" : "passed";
        }
    }
    if (told?.stands) {
        marks[told.stands.step_id] = told.stands.trouble ? "refused" : "stands";
    }
    return marks;
}

/** The simulation beside the tree: the cards show where the walk came by, and how each step went. */
export class SimulationPanel extends Component {
    static template = "marketing_scenario.SimulationPanel";
    static components = { Simulation };
    static props = {
        scenarioId: Number,
        onMarks: Function, // gets what `marksOf` says, after each deed
        onClose: Function,
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.state = useState({ version: 0 });
        useBus(this.env.bus, "MARKETING-SCENARIO:CHANGED", () => this.state.version++);
        useHotkey("escape", () => this.props.onClose());
        onWillUnmount(() => this.props.onMarks({}));
    }

    /** With more room, for messages to stand beside the walk. */
    async openPage() {
        this.action.doAction(await this.orm.call("marketing.scenario", "action_simulate", [this.props.scenarioId]));
    }

    onWalked(told) {
        this.props.onMarks(marksOf(told));
    }
}

registry.category("scenario_canvas").add("simulation", SimulationPanel);
