import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Those who walk beside the control group: each figure leads to its people (S58). */
export class ScenarioComparison extends Component {
    static template = "marketing_scenario.Comparison";
    static props = { html: Object, scenarioId: Number };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    async open({ target }) {
        const { side, outcome } = target.dataset;
        if (side) {
            const args = [[this.props.scenarioId], side, outcome || false];
            await this.action.doAction(await this.orm.call("marketing.scenario", "action_compared_people", args));
        }
    }
}

class ScenarioComparisonField extends Component {
    static template = "marketing_scenario.ComparisonField";
    static components = { ScenarioComparison };
    static props = { ...standardFieldProps };
}

registry.category("fields").add("scenario_comparison", {
    component: ScenarioComparisonField,
    supportedTypes: ["html"],
});
