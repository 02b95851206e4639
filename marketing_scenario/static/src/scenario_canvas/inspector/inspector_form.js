import { onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { StaticList } from "@web/model/relational_model/static_list";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const SAVE_AFTER = 500; // milliseconds after the last change

/** Rows are edited where they stand, all at once, instead of one at a time. */
class InspectorList extends StaticList {
    _createRecordDatapoint(data, params = {}) {
        const mode = this._parent.isInEdition ? "edit" : "readonly";
        return super._createRecordDatapoint(data, { ...params, mode });
    }
}

/** What somebody changed stays until it is saved or taken back: no new rendering around it loads it away. */
class InspectorModel extends RelationalModel {
    static StaticList = InspectorList;
    static withCache = false;

    async load(params = {}) {
        if (!this.root?.dirty) {
            await super.load(params);
        }
    }
}

/** Odoo's form of a step without its page: saves as one goes, and says in place what could not be saved. */
export class InspectorFormController extends FormController {
    static template = "marketing_scenario.InspectorForm";
    static props = {
        ...FormController.props,
        title: String,
        register: Function,
        onRecordSaved: Function,
        close: Function,
    };

    setup() {
        super.setup();
        this.notification = useService("notification");
        this.trouble = useState({ message: "" });
        this.props.register(this);
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get modelParams() {
        const params = super.modelParams;
        params.hooks.onRecordChanged = () => this.saveSoon();
        return params;
    }

    /** A panel is never as wide as the window. */
    get className() {
        return { ...super.className, "o_xxl_form_view h-100": false };
    }

    get step() {
        return this.model.root.data;
    }

    saveSoon() {
        this.trouble.message = "";
        browser.clearTimeout(this.timer);
        this.timer = browser.setTimeout(() => this.saveChanges(), SAVE_AFTER);
    }

    /** Write what can be written. What is missing is marked at its field: nothing pops up while one types. */
    async saveChanges() {
        browser.clearTimeout(this.timer);
        const { root } = this.model;
        if (!(await root.isDirty())) {
            return true;
        }
        return (await root.checkValidity()) && this.save();
    }

    /**
     * Before the panel shows something else.
     *
     * @param {{ stay?: boolean }} [options] stay: what cannot be saved keeps the panel open
     * @returns {Promise<boolean>} whether everything was saved
     */
    async leave({ stay } = {}) {
        const saved = await this.saveChanges();
        if (!saved && !stay) {
            const reason = this.trouble.message || _t("A field is missing or wrong.");
            this.notification.add(_t("“%(step)s” was not saved: %(reason)s", { step: this.step.name, reason }), {
                type: "danger",
            });
        }
        return saved;
    }

    async onRecordSaved(record, changes) {
        await super.onRecordSaved(record, changes);
        this.trouble.message = "";
        this.props.onRecordSaved();
    }

    async onSaveError(error, options, leaving) {
        if (leaving || !error.data?.message) {
            return super.onSaveError(error, options, leaving);
        }
        this.trouble.message = error.data.message;
        return false;
    }

    async discard() {
        this.trouble.message = "";
        await super.discard();
    }

    async beforeExecuteActionButton(clickParams) {
        return clickParams.special === "cancel" || this.saveChanges();
    }
}

registry.category("views").add("marketing_scenario_step_inspector", {
    ...formView,
    Controller: InspectorFormController,
    Model: InspectorModel,
});
