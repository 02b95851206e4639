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

    /** Radios: one of them is reached by Tab, the others by the arrows. */
    isReached(choice) {
        const choices = this.choices.filter((one) => !one.disabled);
        return choice === (choices.find((one) => this.isChosen(one)) || choices[0]);
    }

    onKeydown(ev) {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const radios = [...ev.currentTarget.querySelectorAll("[role=radio][aria-disabled=false]")];
        const at = radios.indexOf(document.activeElement);
        const next = radios[(at + step + radios.length) % radios.length];
        next?.focus();
        next?.click();
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
