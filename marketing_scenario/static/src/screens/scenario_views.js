import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { ScenarioPageBar } from "../page/page_bar";

class ScenarioListRenderer extends ListRenderer {
    static template = "marketing_scenario.ListRenderer";
    static components = { ...ListRenderer.components, ScenarioPageBar };
}

class ScenarioKanbanRenderer extends KanbanRenderer {
    static template = "marketing_scenario.KanbanRenderer";
    static components = { ...KanbanRenderer.components, ScenarioPageBar };
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

/** "New" asks the name and offers the gallery (S6). */
const beginInGallery = (Controller) =>
    class extends Controller {
        createRecord() {
            return this.actionService.doAction("marketing_scenario.marketing_scenario_gallery_action");
        }
    };

class ScenarioListController extends beginInGallery(askBeforeDelete(ListController)) {
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
registry.category("views").add("marketing_scenario_kanban", {
    ...kanbanView,
    Controller: beginInGallery(KanbanController),
    Renderer: ScenarioKanbanRenderer,
});
registry.category("views").add("marketing_scenario_list", {
    ...listView,
    Controller: ScenarioListController,
    Renderer: ScenarioListRenderer,
});
