import {
    Component,
    markRaw,
    onWillDestroy,
    onWillStart,
    onWillUpdateProps,
    useRef,
    useState,
    useSubEnv,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { parseXML } from "@web/core/utils/xml";
import { getDefaultConfig, View } from "@web/views/view";

const BESIDE = 700; // pixels that something needs beside the panel; with less room it covers the panel
const TWO_BESIDE = 1300;

/** Odoo's view whose controller is chosen by what opens it, whatever the form itself asks for elsewhere. */
class PanelView extends View {
    async loadView(props) {
        const { context, resModel, views } = props;
        const loaded = await this.viewService.loadViews({ context, resModel, views }, {});
        const arch = parseXML(loaded.views.form.arch);
        arch.removeAttribute("js_class");
        arch.setAttribute("disable_autofocus", "1"); // the caller says whether the focus goes there
        return super.loadView({
            ...props,
            arch: new XMLSerializer().serializeToString(arch),
            fields: markRaw(loaded.fields),
            relatedModels: markRaw(loaded.relatedModels),
        });
    }
}

/**
 * The settings of one step in a panel on the right: the form of its own type, saved as one goes.
 *
 * A change is written half a second after it was made, and before the panel shows another step or closes. What cannot
 * be written stays on screen with its reason. What a button of the form opens (designer, preview) stands beside the
 * panel, never on top of anything. Escape closes the last thing opened, and at last the panel; the focus goes back to
 * where it was.
 */
export class StepInspector extends Component {
    static template = "marketing_scenario.StepInspector";
    static components = { View: PanelView };
    static props = {
        stepId: Number,
        onSaved: { type: Function, optional: true },
        onClose: Function,
        onKept: { type: Function, optional: true }, // gets the step that is still shown: the server does not answer
        register: { type: Function, optional: true }, // gets this panel, for those who must wait for what was typed
        readonly: { type: Boolean, optional: true },
        context: { type: Object, optional: true }, // of what is saved
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        this.root = useRef("root");
        this.state = useState({ view: null, sides: [], right: 0, two: false });
        this.cameFrom = document.activeElement;
        this.forms = new Map(); // controllers of the forms, which report themselves; the panel's own is called "step"
        this.props.register?.(this);
        // the form must not name the page it stands in
        useSubEnv({ config: getDefaultConfig() });
        useHotkey("escape", () => this.closeLast(), { bypassEditableProtection: true });
        onWillStart(() => this.show(this.props.stepId));
        onWillDestroy(() => this.dropUntouched(this.state.sides));
        onWillUpdateProps(async (next) => {
            if (next.stepId === this.shownId) {
                return;
            }
            if (await this.leave()) {
                await this.show(next.stepId);
            } else {
                this.props.onKept?.(this.shownId);
            }
        });
    }

    async show(stepId) {
        let action;
        try {
            action = await this.orm.call("marketing.scenario.step", "action_configure", [stepId]);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                Promise.reject(error); // said by Odoo, who also says when the server is back
                return this.shownId ? this.props.onKept?.(this.shownId) : this.props.onClose();
            }
            if (!(error instanceof RPCError)) {
                throw error;
            }
            // deleted by somebody else: the tree as it is now
            this.notification.add(error.data?.message || error.message, { type: "danger" });
            this.props.onSaved?.(stepId);
            this.props.onClose();
            return;
        }
        this.forms.clear();
        this.state.sides = [];
        this.shownId = stepId;
        this.state.view = this.viewOf(action, "step", () => this.props.onSaved?.(stepId));
    }

    /** The props of the form that an action opens. */
    viewOf(action, key, onSaved) {
        return markRaw({
            type: "form",
            jsClass: "marketing_scenario_step_inspector",
            resModel: action.res_model,
            resId: action.res_id,
            views: [action.views?.find(([, type]) => type === "form") || [action.view_id || false, "form"]],
            context: { ...action.context, ...this.props.context },
            readonly: Boolean(this.props.readonly),
            display: { controlPanel: false },
            title: action.name,
            keep: key !== "step",
            register: (form) => this.forms.set(key, form),
            onRecordSaved: onSaved,
            open: (opened) => this.open(opened),
            close: () => this.close(key),
            // leaving the page saves what was typed, as the form of the scenario does
            __beforeLeave__: this.env.__beforeLeave__,
        });
    }

    async open(action) {
        const left = this.root.el.getBoundingClientRect().left;
        const key = action.res_model;
        const others = this.state.sides.filter((side) => side.key !== key);
        const kept = left < TWO_BESIDE ? [] : others.slice(-1);
        const gone = this.state.sides.filter((one) => !kept.includes(one));
        for (const side of gone) {
            await this.forms.get(side.key)?.leave();
        }
        await this.dropUntouched(gone);
        this.props.onSaved?.(this.props.stepId); // the button may have made what it shows
        this.state.right = left < BESIDE ? 0 : browser.innerWidth - left;
        this.state.sides = [
            ...kept,
            {
                key,
                id: action.res_id,
                isBegun: Boolean(action.context?.marketing_begun),
                language: action.context?.marketing_language || "", // another language is another text
                view: this.viewOf(action, key, () => this.follow(key)),
            },
        ];
    }

    /** Something beside was saved: the panel and what else stands there show what follows from it. */
    async follow(key) {
        await this.refresh(key);
        this.props.onSaved?.(this.props.stepId);
    }

    /** Show what the server has now, but for a text that somebody designs. */
    async refresh(except) {
        for (const [key, form] of this.forms) {
            if (key !== except && !(form.props.keep && form.hasEditor)) {
                await form.refresh();
            }
        }
    }

    /** Write what was typed until now, and stay. */
    async save() {
        for (const form of [...this.forms.values()].reverse()) {
            await form.saveChanges();
        }
    }

    /** Returns whether all was said to the server, or else to the user; false: the server does not answer. */
    async leave() {
        for (const form of [...this.forms.values()].reverse()) {
            await form.leave();
            if (form.trouble.isLost) {
                return false;
            }
        }
        await this.dropUntouched(this.state.sides);
        return true;
    }

    /**
     * What a button began is not kept when nothing was said about it.
     *
     * @returns {Promise<boolean>} whether something is gone
     */
    async dropUntouched(sides) {
        const untouched = sides.filter((side) => side.isBegun && !this.forms.get(side.key)?.isTouched);
        for (const side of untouched) {
            side.isBegun = false;
            await this.orm.unlink(side.key, [side.id]);
        }
        return untouched.length > 0;
    }

    /** Close the last thing that was opened. */
    closeLast() {
        return this.close(this.state.sides.at(-1)?.key);
    }

    /** Close what stands beside the panel, or the panel itself. */
    async close(key = "step") {
        if (!(await this.forms.get(key)?.leave({ stay: true }))) {
            return;
        }
        if (key !== "step") {
            const gone = await this.dropUntouched(this.state.sides.filter((side) => side.key === key));
            this.forms.delete(key);
            this.state.sides = this.state.sides.filter((side) => side.key !== key);
            if (gone) {
                await this.follow(key);
            }
            return;
        }
        this.props.onClose();
        if (this.cameFrom?.isConnected) {
            this.cameFrom.focus();
        }
    }
}

registry.category("scenario_canvas").add("inspector", StepInspector);
