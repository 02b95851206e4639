import { Component, onWillUnmount, useState } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { Forecast } from "@marketing_scenario/simulation/forecast";

/** The forecast beside the tree: its figures stand on the arrows and cards, until it closes. */
export class ForecastPanel extends Component {
    static template = "marketing_scenario.ForecastPanel";
    static components = { Forecast };
    static props = {
        scenarioId: Number, // the published one
        treeId: Number,
        draft: Boolean, // the tree is a draft of changes
        onTold: Function, // gets what `foretold` says, or null
        onClose: Function,
    };

    setup() {
        this.action = useService("action");
        this.state = useState({ version: 0 });
        useBus(this.env.bus, "MARKETING-SCENARIO:CHANGED", () => this.state.version++);
        useHotkey("escape", () => this.props.onClose());
        onWillUnmount(() => this.props.onTold(null));
    }

    get asked() {
        const { treeId: again, draft } = this.props;
        return { again, draft };
    }

    /** With more room, for tables and the chart. */
    openPage() {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "marketing_scenario.forecast",
            name: _t("Forecast"),
            params: { scenario_id: this.props.scenarioId, ...this.asked },
        });
    }
}

registry.category("scenario_canvas").add("forecast", ForecastPanel);

/** “Forecast”, said by the server: beside the tree that is open, else on a page of its own. */
registry.category("actions").add("marketing_scenario_open_forecast", (env, action) => {
    const asked = { scenarioId: action.params.tree_id, panel: "forecasting", shown: false };
    env.bus.trigger("MARKETING_SCENARIO:OPEN_PANEL", asked);
    return asked.shown ? { type: "ir.actions.act_window_close" } : { ...action, tag: "marketing_scenario.forecast" };
});
