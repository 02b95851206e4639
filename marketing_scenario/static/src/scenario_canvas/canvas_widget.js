import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { ScenarioCanvas } from "./canvas";

/**
 * The canvas in the form of a scenario: drawn anew whenever the form was loaded anew, by what button ever. What was typed
 * beside it is a change of the form that the form waits for, before a button of it does anything.
 */
export class ScenarioCanvasWidget extends Component {
    static template = "marketing_scenario.ScenarioCanvasWidget";
    static components = { ScenarioCanvas };
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ version: 0 });
        let data;
        useRecordObserver((record) => {
            if (data && data !== record.data) {
                this.state.version++;
            }
            data = record.data;
        });
        useBus(this.env.bus, "MARKETING_SCENARIO:OPEN_STEP", ({ detail }) =>
            this.canvas?.inspect(detail.stepId, { focus: true }),
        );
        useBus(this.props.record.model.bus, "NEED_LOCAL_CHANGES", ({ detail }) =>
            detail.proms.push(this.canvas?.saveSettings()),
        );
    }

    get scenarioId() {
        return this.props.record.resId;
    }

    /** A new scenario needs its name first. */
    build() {
        return this.props.record.save();
    }

    onEdited() {
        this.env.bus.trigger("MARKETING-SCENARIO:CHANGED");
    }
}

registry.category("view_widgets").add("scenario_canvas", {
    component: ScenarioCanvasWidget,
    additionalClasses: ["o_scenario_canvas_place", "d-block", "w-100"],
});

/** “Open this step”, said by the server: the form of the scenario shows it. */
registry.category("actions").add("marketing_scenario_open_step", (env, action) => {
    env.bus.trigger("MARKETING_SCENARIO:OPEN_STEP", { stepId: action.params.step_id });
    return { type: "ir.actions.act_window_close" };
});
