import { Component, markRaw, onWillStart, onWillUnmount, onWillUpdateProps, useState, useSubEnv } from "@odoo/owl";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { useService } from "@web/core/utils/hooks";
import { getDefaultConfig, View } from "@web/views/view";

/**
 * The settings of one step in a panel on the right: the form of its own type, saved as one goes.
 *
 * A change is written half a second after it was made, and before the panel shows another step or closes. What cannot
 * be written stays on screen with its reason; Escape and × close, and give the focus back to where it was.
 */
export class StepInspector extends Component {
    static template = "marketing_scenario.StepInspector";
    static components = { View };
    static props = {
        stepId: Number,
        onSaved: { type: Function, optional: true },
        onClose: Function,
        readonly: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ view: null });
        this.cameFrom = document.activeElement;
        this.form = null; // the controller of the form, which reports itself
        // the form must not name the page it stands in
        useSubEnv({ config: getDefaultConfig() });
        useHotkey("escape", () => this.close(), { bypassEditableProtection: true });
        onWillStart(() => this.show(this.props.stepId));
        onWillUpdateProps(async (next) => {
            if (next.stepId !== this.props.stepId) {
                await this.form?.leave();
                await this.show(next.stepId);
            }
        });
        onWillUnmount(() => this.form?.leave());
    }

    async show(stepId) {
        const action = await this.orm.call("marketing.scenario.step", "action_configure", [stepId]);
        this.state.view = markRaw({
            type: "form",
            jsClass: "marketing_scenario_step_inspector",
            resModel: action.res_model,
            resId: action.res_id,
            views: [[action.view_id, "form"]],
            context: action.context || {},
            readonly: Boolean(this.props.readonly),
            display: { controlPanel: false },
            title: action.name,
            register: (form) => (this.form = form),
            onRecordSaved: () => this.props.onSaved?.(this.props.stepId),
            close: () => this.close(),
            // leaving the page saves what was typed, as the form of the scenario does
            __beforeLeave__: this.env.__beforeLeave__,
        });
    }

    async close() {
        if (await this.form?.leave({ stay: true })) {
            this.props.onClose();
            if (this.cameFrom?.isConnected) {
                this.cameFrom.focus();
            }
        }
    }
}
