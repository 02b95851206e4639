import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** A button in the settings of a step: the step that is clicked in the tree next becomes the value of a field. */
export class PickStep extends Component {
    static template = "marketing_scenario.PickStep";
    static props = { ...standardWidgetProps, field: String };

    pick() {
        const { record, field } = this.props;
        this.env.bus.trigger("MARKETING_SCENARIO:PICK_STEP", (step) => record.update({ [field]: step }));
    }
}

registry.category("view_widgets").add("scenario_pick_step", {
    component: PickStep,
    extractProps: ({ options }) => ({ field: options.field }),
});
