import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A count that opens the people behind it, by a server method of its record. */
export class ScenarioFigure extends Component {
    static template = "marketing_scenario.Figure";
    static props = {
        ...standardFieldProps,
        method: { type: String },
        context: { type: Object, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    get text() {
        return formatInteger(this.value);
    }

    get label() {
        return `${this.props.record.fields[this.props.name].string}: ${this.text}`;
    }

    open() {
        const { resModel, resId } = this.props.record;
        return this.action.doActionButton({
            type: "object",
            name: this.props.method,
            resModel,
            resId,
            resIds: [resId],
            context: { ...this.props.record.context, ...this.props.context },
        });
    }
}

registry.category("fields").add("scenario_figure", {
    component: ScenarioFigure,
    supportedTypes: ["integer"],
    extractProps: ({ options }) => ({ method: options.method, context: options.context }),
});
