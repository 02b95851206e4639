import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useBus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

import { StepInspector } from "@marketing_scenario/scenario_canvas/inspector/step_inspector";

/** Rows of an inner list that open by a server method instead of the default form. */
class RowsField extends X2ManyField {
    rowMethod = "action_open";

    async openRecord(row) {
        const parent = this.props.record;
        if (!(await parent.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name: this.rowMethod,
            resModel: row.resModel,
            resId: row.resId,
            resIds: [row.resId],
            onClose: () => parent.load(),
        });
    }
}

/** Steps of a scenario: a row opens the settings of its step in the panel beside the list. */
export class ScenarioStepsField extends X2ManyField {
    static template = "marketing_scenario.StepsField";
    static components = { ...X2ManyField.components, StepInspector };

    setup() {
        super.setup();
        this.inspector = useState({ stepId: false });
        useBus(this.env.bus, "MARKETING_SCENARIO:OPEN_STEP", ({ detail }) => this.openStep(detail.stepId));
    }

    async openRecord(row) {
        await this.openStep(row.resId);
    }

    async openStep(stepId) {
        if (await this.props.record.save()) {
            this.inspector.stepId = stepId;
        }
    }

    closeStep() {
        this.inspector.stepId = false;
    }

    async onStepSaved() {
        const scenario = this.props.record;
        await ((await scenario.isDirty()) ? scenario.save() : scenario.load());
    }
}

/** “Open this step”, said by the server: the form of the scenario shows it. */
registry.category("actions").add("marketing_scenario_open_step", (env, action) => {
    env.bus.trigger("MARKETING_SCENARIO:OPEN_STEP", { stepId: action.params.step_id });
    return { type: "ir.actions.act_window_close" };
});

const rowsField = { ...x2ManyField, additionalClasses: ["o_field_one2many"] };
registry.category("fields").add("scenario_rows", { ...rowsField, component: RowsField });
registry.category("fields").add("scenario_steps", { ...rowsField, component: ScenarioStepsField });

/** Label of a step in the indented list: depth, way it hangs on, family colour and icon. */
export class ScenarioStepLabel extends Component {
    static template = "marketing_scenario.StepLabel";
    static props = { ...standardFieldProps };

    get step() {
        return this.props.record.data;
    }
}

registry.category("fields").add("scenario_step_label", {
    component: ScenarioStepLabel,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "depth", type: "integer" },
        { name: "family", type: "char" },
        { name: "icon", type: "char" },
        { name: "outcome_label", type: "char" },
        { name: "type_label", type: "char" },
        { name: "incomplete", type: "text" },
    ],
});

/** A run in the pane of a record: the scenario, and below it the step and why it waits or ended. */
export class ScenarioRunLabel extends Component {
    static template = "marketing_scenario.RunLabel";
    static props = { ...standardFieldProps };

    get run() {
        return this.props.record.data;
    }
}

registry.category("fields").add("scenario_run_label", {
    component: ScenarioRunLabel,
    supportedTypes: ["many2one"],
    fieldDependencies: [
        { name: "step_id", type: "many2one", relation: "marketing.scenario.step" },
        { name: "why", type: "char" },
    ],
});
