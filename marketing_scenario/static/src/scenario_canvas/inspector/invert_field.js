import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A switch inside a sentence: pressed, the rule asks for the contrary. */
export class InvertField extends Component {
    static template = "marketing_scenario.InvertField";
    static props = { ...standardFieldProps };

    get inverted() {
        return this.props.record.data[this.props.name];
    }

    toggle() {
        return this.props.record.update({ [this.props.name]: !this.inverted });
    }
}

registry.category("fields").add("scenario_invert", { component: InvertField, supportedTypes: ["boolean"] });
