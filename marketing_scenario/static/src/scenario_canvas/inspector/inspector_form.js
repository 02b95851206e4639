import { onWillUnmount, useState, useSubEnv } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { StaticList } from "@web/model/relational_model/static_list";
import { formView } from "@web/views/form/form_view";
import { executeButtonCallback } from "@web/views/view_button/view_button_hook";
import { StepFormController } from "../../draft/step_form";
import { InspectorModel } from "./inspector_model";

const SAVE_AFTER = 500; // milliseconds after the last change
const TRY_AGAIN_AFTER = 3000; // milliseconds, without an answer of the server

/** The form of a step without its page: saves as one goes, and says in place what could not be saved. */
export class InspectorFormController extends StepFormController {
    static template = "marketing_scenario.InspectorForm";
    static props = {
        ...StepFormController.props,
        title: String,
        keep: { type: Boolean, optional: true }, // an editor in it is not loaded again after a save
        register: Function,
        onRecordSaved: Function,
        open: Function,
        close: Function,
    };

    setup() {
        super.setup();
        this.notification = useService("notification");
        this.trouble = useState({ message: "", isLost: false }); // isLost: the server does not answer
        this.isTouched = false; // something was saved or done here
        this.typedIn = null; // where a text is begun
        this.props.register(this);
        onWillUnmount(() => this.leaveNow());
        const usual = this.env.onClickViewButton;
        useSubEnv({
            onClickViewButton: (params) =>
                params.clickParams.type === "object" && !params.clickParams.confirm
                    ? executeButtonCallback(this.rootRef.el, () => this.execute(params))
                    : usual(params),
        });
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => {
            this.clearTrouble();
            this.saveSoon();
        };
        return params;
    }

    /** A panel is never as wide as the window. */
    get className() {
        return { ...super.className, "o_xxl_form_view h-100": false };
    }

    get step() {
        return this.model.root.data;
    }

    /** Labels of what is missing or wrong, of rows those of their fields. */
    get wrongFields() {
        const labels = (record) => [
            ...Object.values(record.data).flatMap((value) =>
                value instanceof StaticList ? value.records.flatMap(labels) : [],
            ),
            ...Object.keys(record.fields)
                .filter((name) => !(record.data[name] instanceof StaticList) && record.isFieldInvalid(name))
                .map((name) => record.fields[name].string),
        ];
        return [...new Set(labels(this.model.root))];
    }

    clearTrouble() {
        Object.assign(this.trouble, { message: "", isLost: false });
    }

    saveSoon(after = SAVE_AFTER) {
        browser.clearTimeout(this.timer);
        // a text that is being typed is not taken half: “12,” would be put right as “12.00” under the hands
        this.timer = browser.setTimeout(() => this.isTyping || this.saveChanges(), after);
    }

    get isTyping() {
        return Boolean(this.typedIn) && this.typedIn === document.activeElement;
    }

    onInput(ev) {
        this.typedIn = ev.target.matches("input, textarea") ? ev.target : null;
    }

    /** A text is left, or taken by Enter. */
    onTyped() {
        this.typedIn = null;
        if (this.model.root.dirty) {
            this.saveSoon();
        }
    }

    /** Write what can be written. What is missing is marked at its field: nothing pops up while one types. */
    async saveChanges() {
        browser.clearTimeout(this.timer);
        await this.model._askChanges();
        const { root } = this.model; // another one, when it was loaded meanwhile
        if (!root.dirty) {
            return true;
        }
        return (await root.checkValidity()) && this.save({ reload: !this.props.keep || !this.hasEditor });
    }

    /**
     * Before the panel shows something else.
     *
     * @param {{ stay?: boolean }} [options] stay: what cannot be saved keeps the panel open
     * @returns {Promise<boolean>} whether everything was saved
     */
    async leave({ stay } = {}) {
        const saved = await this.saveChanges();
        if (!saved) {
            this.trouble.message ||= _t("Fill in or correct: %s.", this.wrongFields.join(", "));
        }
        if (!saved && !stay && !this.trouble.isLost) {
            const reason = this.trouble.message;
            this.notification.add(_t("“%(step)s” was not saved: %(reason)s", { step: this.step.name, reason }), {
                type: "danger",
            });
        }
        return saved;
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        this.clearTrouble();
        this.isTouched = true;
        this.props.onRecordSaved();
    }

    async onSaveError(error, options, leaving) {
        if (error instanceof ConnectionLostError) {
            const message = _t(
                "The server does not answer. What you typed stays here, and is saved as soon as it does.",
            );
            Object.assign(this.trouble, { message, isLost: true });
            this.saveSoon(TRY_AGAIN_AFTER);
            return false;
        }
        if (leaving || !error.data?.message) {
            return super.onSaveError(error, options, leaving);
        }
        this.trouble.message = error.data.message;
        return false;
    }

    async discard() {
        this.clearTrouble();
        browser.clearTimeout(this.timer);
        await super.discard();
        await this.model.load(); // somebody else may have changed it
    }

    async beforeExecuteActionButton(clickParams) {
        return clickParams.special === "cancel" || this.saveChanges();
    }

    /** A button of the form: the record it opens stands beside the panel, what it refuses is said in the panel. */
    async execute({ clickParams, getResParams }) {
        if (!(await this.saveChanges())) {
            return;
        }
        this.isTouched = true;
        const { resModel, resId } = getResParams();
        const { name } = clickParams;
        let action;
        try {
            action = await rpc(`/web/dataset/call_button/${resModel}/${name}`, {
                model: resModel,
                method: name,
                args: [[resId]],
                kwargs: { context: { ...this.model.root.context, ...clickParams.buttonContext } },
            });
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            this.trouble.message = error.data.message;
            return;
        }
        if (action?.type === "ir.actions.act_window" && action.target === "new" && action.res_id) {
            await this.props.open(action);
            await this.model.load();
        } else if (action) {
            await this.actionService.doAction(action, { onClose: () => this.model.load() });
        } else {
            await this.model.load();
        }
    }

    /** Whether an editor works on a text of this form: it must not be loaded away under the hands. */
    get hasEditor() {
        return Object.values(this.archInfo.fieldNodes).some(
            ({ type, readonly, invisible }) => type === "html" && !readonly && !invisible,
        );
    }

    /** What stands beside was saved: show what follows from it. */
    async refresh() {
        if (this.isTyping || (await this.saveChanges())) {
            await this.model.load();
        }
    }

    /** The panel goes away under the hands: a request that needs nobody who waits for it. */
    leaveNow() {
        browser.clearTimeout(this.timer);
        if (this.model.isUnsaved) {
            this.isTouched = true;
            this.model.root.urgentSave();
        }
    }
}

registry.category("views").add("marketing_scenario_step_inspector", {
    ...formView,
    Controller: InspectorFormController,
    Model: InspectorModel,
});
