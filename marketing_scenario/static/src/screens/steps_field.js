import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { X2ManyField, x2ManyField } from "@web/views/fields/x2many/x2many_field";

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
            context: row.context,
            onClose: () => parent.load(),
        });
    }
}

const rowsField = { ...x2ManyField, additionalClasses: ["o_field_one2many"] };
registry.category("fields").add("scenario_rows", { ...rowsField, component: RowsField });

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
