import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * One choice out of those that a JSON field lists: `{value, label, hint?, icon?, family?, disabled?}`.
 * As tiles (step types) or as a list (scenarios, ways out of a step).
 */
export class ScenarioChoiceField extends Component {
    static template = "marketing_scenario.ChoiceField";
    static props = {
        ...standardFieldProps,
        choicesField: { type: String },
        tiles: { type: Boolean, optional: true },
    };

    get choices() {
        return this.props.record.data[this.props.choicesField] || [];
    }

    get isRelation() {
        return this.props.record.fields[this.props.name].type === "many2one";
    }

    isChosen(choice) {
        const value = this.props.record.data[this.props.name];
        return Boolean(value) && (this.isRelation ? value.id : value) === choice.value;
    }

    choose(choice) {
        if (choice.disabled || this.props.readonly) {
            return;
        }
        const value = this.isRelation ? { id: choice.value, display_name: choice.label } : choice.value;
        this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("scenario_choice", {
    component: ScenarioChoiceField,
    supportedTypes: ["char", "many2one"],
    extractProps: ({ options }) => ({ choicesField: options.choices, tiles: Boolean(options.tiles) }),
});
