import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A figure that is 0 or 1 in each row: a tick, easier to see than numbers. The sum below stays a number. */
export class ScenarioTick extends Component {
    static template = "marketing_scenario.Tick";
    static props = { ...standardFieldProps, label: { type: String, optional: true } };

    get isSo() {
        return Boolean(this.props.record.data[this.props.name]);
    }
}

registry.category("fields").add("scenario_tick", {
    component: ScenarioTick,
    supportedTypes: ["integer"],
    extractProps: ({ string }) => ({ label: string }),
});
