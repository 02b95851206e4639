import { Component, onWillStart, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { normalize } from "@web/core/l10n/utils";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** New scenario (S6, S11): a name, then from nothing, from a file or from a card of the gallery. */
export class ScenarioGallery extends Component {
    static template = "marketing_scenario.Gallery";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.display = { controlPanel: {} };
        this.state = useState({ name: "", asked: "", cards: [] });
        useAutofocus({ refName: "name" });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.cards = await this.orm.call("marketing.gallery.scenario", "cards", []);
    }

    get cards() {
        const asked = normalize(this.state.asked);
        return this.state.cards.filter((card) => normalize(`${card.name} ${card.summary}`).includes(asked));
    }

    size(card) {
        return _t("%s steps", card.steps);
    }

    get name() {
        return this.state.name.trim();
    }

    async startEmpty() {
        const [id] = await this.orm.create("marketing.scenario", [{ name: this.name || _t("New scenario") }]);
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "marketing.scenario",
            res_id: id,
            views: [[false, "form"]],
        });
    }

    startFromFile() {
        this.action.doAction("marketing_scenario.marketing_scenario_import_action");
    }

    async use(card) {
        this.action.doAction(await this.orm.call("marketing.gallery.scenario", "use_card", [card.key, this.name]));
    }

    edit(card) {
        this.action.doAction(
            {
                type: "ir.actions.act_window",
                name: card.name,
                res_model: "marketing.gallery.scenario",
                res_id: card.id,
                views: [[false, "form"]],
                target: "new",
            },
            { onClose: () => this.load() },
        );
    }

    remove(card) {
        this.dialog.add(ConfirmationDialog, {
            title: _t("Take it out of the gallery?"),
            body: _t("“%s” can no longer be chosen. Scenarios made from it stay.", card.name),
            confirmLabel: _t("Take out"),
            confirm: async () => {
                await this.orm.unlink("marketing.gallery.scenario", [card.id]);
                await this.load();
            },
            cancel: () => {},
        });
    }
}

registry.category("actions").add("marketing_scenario_gallery", ScenarioGallery);
