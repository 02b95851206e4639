import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";

/** Score at which a lead is qualified, edited in place (S4, S6). */
export class QualificationScore extends Component {
    static template = "marketing_scenario.QualificationScore";
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.state = useState({ score: 0, editable: false, editing: false });
        useAutofocus({ refName: "input", selectAll: true });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("marketing.scenario", "qualification_score", []));
        });
    }

    async save(ev) {
        if (!this.state.editing) {
            return;
        }
        this.state.editing = false;
        const score = ev.target.valueAsNumber;
        if (Number.isInteger(score) && score !== this.state.score) {
            this.state.score = await this.orm.call("marketing.scenario", "set_qualification_score", [score]);
        }
    }

    onKeydown(ev) {
        if (ev.key === "Enter") {
            this.save(ev);
        } else if (ev.key === "Escape") {
            this.state.editing = false;
        }
    }
}

class ScenarioListRenderer extends ListRenderer {
    static template = "marketing_scenario.ListRenderer";
    static components = { ...ListRenderer.components, QualificationScore };
}

/** Asks the server how many steps and people go, before a scenario is deleted (S8). */
const askBeforeDelete = (Controller) =>
    class extends Controller {
        setup() {
            super.setup();
            this.deleteQuestion = "";
        }

        async loadDeleteQuestion(ids) {
            this.deleteQuestion = await this.model.orm.call("marketing.scenario", "delete_question", [ids]);
        }

        get deleteConfirmationDialogProps() {
            return { ...super.deleteConfirmationDialogProps, title: _t("Delete for good?"), body: this.deleteQuestion };
        }
    };

/** The tree needs the whole width: the chatter stays below, on wide screens too. */
class ScenarioFormRenderer extends FormRenderer {
    mailLayout(...args) {
        const layout = super.mailLayout(...args);
        return layout === "SIDE_CHATTER" ? "BOTTOM_CHATTER" : layout;
    }
}

class ScenarioFormController extends askBeforeDelete(FormController) {
    get className() {
        return { ...super.className, "o_xxl_form_view h-100": false };
    }

    async deleteRecord() {
        await this.loadDeleteQuestion([this.model.root.resId]);
        return super.deleteRecord();
    }
}

class ScenarioListController extends askBeforeDelete(ListController) {
    async onDeleteSelectedRecords() {
        await this.loadDeleteQuestion(await this.model.root.getResIds(true));
        return super.onDeleteSelectedRecords();
    }
}

registry.category("views").add("marketing_scenario_form", {
    ...formView,
    Controller: ScenarioFormController,
    Renderer: ScenarioFormRenderer,
});
registry.category("views").add("marketing_scenario_list", {
    ...listView,
    Controller: ScenarioListController,
    Renderer: ScenarioListRenderer,
});
