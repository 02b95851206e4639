import { Component, onMounted, onWillUnmount, status, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LOOK_EVERY = 20000; // milliseconds; the server takes us for gone after a little more than three times that

/** Changes in words, each with the fields it touches. */
export class ScenarioChanges extends Component {
    static template = "marketing_scenario.Changes";
    static props = { changes: { type: Array } };
}

class ScenarioChangesField extends Component {
    static template = "marketing_scenario.ChangesField";
    static components = { ScenarioChanges };
    static props = { ...standardFieldProps };

    get changes() {
        return this.props.record.data[this.props.name] || [];
    }
}

registry.category("fields").add("scenario_changes", {
    component: ScenarioChangesField,
    supportedTypes: ["json"],
});

/**
 * The bar above a draft of changes: what waits to be published, and what to do with it. Above the active scenario it
 * leads to the draft. It looks again whenever the record is loaded, from time to time, and when an editor of the tree
 * says so on the bus of the page ("MARKETING-SCENARIO:CHANGED").
 *
 * Above every scenario, also where nothing of it is to be seen, it tells the tree who else works on it
 * ("MARKETING_SCENARIO:HERE") and that somebody changed it ("MARKETING_SCENARIO:CHANGED_ELSEWHERE").
 */
export class ScenarioDraftBar extends Component {
    static template = "marketing_scenario.DraftBar";
    static components = { ScenarioChanges };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ count: 0, changes: [], others: [], stamp: "", gone: false, open: false, ready: false });
        useBus(this.env.bus, "MARKETING-SCENARIO:CHANGED", () => this.isShown && this.look(this.props.record));
        useBus(this.env.bus, "MARKETING_SCENARIO:WHO_IS_HERE", () => this.tell());
        useRecordObserver((record) => {
            this.look(record); // not waited for: the form is shown meanwhile
        });
        onMounted(() => {
            this.tell(); // the tree asks, too: whichever of both comes last is heard
            this.timer = setInterval(() => document.hidden || this.lookAgain(), LOOK_EVERY);
        });
        onWillUnmount(() => clearInterval(this.timer));
    }

    get isDraft() {
        return Boolean(this.props.record.data.original_id);
    }

    /** Of a scenario that is changed at once there is nothing to say. */
    get isShown() {
        return this.isDraft || this.props.record.data.is_locked || Boolean(this.draftId);
    }

    get countText() {
        return this.state.count === 1 ? _t("1 unpublished change") : _t("%s unpublished changes", this.state.count);
    }

    get draftId() {
        const { data, resId } = this.props.record;
        return data.original_id ? resId : data.draft_id && data.draft_id.id;
    }

    async look(record) {
        const { resId } = record;
        if (!resId) {
            return;
        }
        const found = await this.orm.silent.call("marketing.scenario", "draft_status", [[resId]]);
        Object.assign(this.state, found, { ready: true });
        if (this.lookedAt !== resId) {
            Object.assign(this, { lookedAt: resId, stamp: found.stamp });
        }
        this.tell();
    }

    /** Who else changes this very tree: of an active scenario that is the draft. */
    tell() {
        const others = this.props.record.data.is_locked ? [] : this.state.others;
        this.env.bus.trigger("MARKETING_SCENARIO:HERE", others);
    }

    /** From time to time: what somebody else changed is shown in the tree, too. */
    async lookAgain() {
        await this.look(this.props.record);
        if (!this.state.gone && this.state.stamp !== this.stamp) {
            this.stamp = this.state.stamp;
            this.env.bus.trigger("MARKETING_SCENARIO:CHANGED_ELSEWHERE");
        }
    }

    /** There is no way back, so that is asked, unless there is nothing to lose. */
    discard() {
        const discard = () => this.press("action_discard");
        if (!this.state.count) {
            return discard();
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Discard the changes?"),
            body: _t("%s: what is discarded cannot be brought back.", this.countText),
            confirmLabel: _t("Discard"),
            confirm: discard,
            cancel: () => {},
        });
    }

    async press(name) {
        const record = this.props.record;
        // a save without changes would draw the tree anew, which may be discarded by then
        if ((await record.isDirty()) && !(await record.save())) {
            return;
        }
        await this.action.doActionButton({
            type: "object",
            name,
            resModel: record.resModel,
            resId: record.resId,
            resIds: [record.resId],
            context: record.context,
            // after a publication another form is there
            onClose: () => (status(this) === "destroyed" ? undefined : record.load()),
        });
    }
}

registry.category("view_widgets").add("scenario_draft_bar", {
    component: ScenarioDraftBar,
    fieldDependencies: [
        { name: "original_id", type: "many2one", relation: "marketing.scenario" },
        { name: "draft_id", type: "many2one", relation: "marketing.scenario" },
        { name: "is_locked", type: "boolean" },
    ],
});
