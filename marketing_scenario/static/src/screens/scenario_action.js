import { Component } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** A screen about one scenario, opened by an action whose parameters name it. */
export class ScenarioAction extends Component {
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get scenarioId() {
        // the address keeps it when the page is loaded again
        return this.props.action.params?.scenario_id || this.props.action.context.active_id;
    }

    openScenario() {
        return this.openTree(this.scenarioId);
    }

    /** @param {number} scenarioId this scenario, or its draft of changes */
    openTree(scenarioId) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "marketing.scenario",
            res_id: scenarioId,
            views: [[false, "form"]],
        });
    }
}
