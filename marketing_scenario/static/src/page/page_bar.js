import { Component, onMounted, useState } from "@odoo/owl";
import { CheckBox } from "@web/core/checkbox/checkbox";
import { deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { formatInteger } from "@web/views/fields/formatters";
import { QualificationScore } from "./qualification_score";

const KINDS = {
    automations: {
        model: "marketing.automatism",
        action: "marketing_scenario.marketing_automatism_action",
    },
    forms: { model: "marketing.engagement.point", action: "marketing_scenario.engagement_point_action" },
};

/** Above the scenarios: the qualification score, the automations and the forms, with their state (S6). */
export class ScenarioPageBar extends Component {
    static template = "marketing_scenario.PageBar";
    static components = { CheckBox, QualificationScore };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ loaded: false, automations: [], forms: [], days: [], editable: false, shown: "" });
        // the list does not wait for what stands above it
        onMounted(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("marketing.scenario", "page_facts", []), { loaded: true });
    }

    /** The button of a kind: how many there are, and how many of them work. */
    label(kind) {
        const all = this.state[kind].length;
        const on = this.state[kind].filter((row) => row.active).length;
        return kind === "forms"
            ? _t("Forms: %(on)s of %(all)s open", { on, all })
            : _t("Automations: %(on)s of %(all)s on", { on, all });
    }

    /** What became of a row so far. */
    figure(kind, row) {
        return kind === "forms"
            ? _t("filled %(fills)s times, seen %(views)s times", row)
            : _t("fired %(fired)s times", row);
    }

    /** What an automation does, and for what it waits before. */
    told(row) {
        const waits = row.waits ? _t("Switched on with “%(waits)s”.", row) : "";
        return `${waits} ${row.sentence || ""}`.trim();
    }

    toggle(kind) {
        this.state.shown = this.state.shown === kind ? "" : kind;
    }

    /** What is due is counted when somebody asks for it. */
    async toggleDays() {
        if (this.state.shown !== "days") {
            this.state.days = await this.orm.call("marketing.scenario", "next_days", []);
        }
        this.toggle("days");
    }

    weekday(day) {
        return deserializeDate(day.day).toFormat("ccc d LLL");
    }

    messages(day) {
        return day.messages === 1 ? _t("1 message") : _t("%s messages", formatInteger(day.messages));
    }

    people(day) {
        return day.people === 1 ? _t("1 person goes on") : _t("%s people go on", formatInteger(day.people));
    }

    openDay(day) {
        const since = day.since ? [["next_run_at", ">=", day.since]] : [];
        this.action.doAction({
            type: "ir.actions.act_window",
            name: this.weekday(day),
            res_model: "marketing.scenario.enrollment",
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [
                ["state", "=", "running"],
                ["scenario_id.state", "=", "active"],
                ...since,
                ["next_run_at", "<", day.until],
            ],
        });
    }

    async switchRow(kind, row, active) {
        await this.orm.write(KINDS[kind].model, [row.id], { active });
        await this.load();
    }

    open(kind, row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: KINDS[kind].model,
            res_id: row.id,
            views: [[false, "form"]],
        });
    }

    openAll(kind) {
        this.action.doAction(KINDS[kind].action);
    }
}

/** The state of a scenario, switched in place: on goes through the check, off keeps everyone where they are (S7). */
export class ScenarioSwitch extends Component {
    static template = "marketing_scenario.Switch";
    static components = { CheckBox };
    static props = { ...standardFieldProps };

    setup() {
        // not useService: the list may be read anew meanwhile, and the answer must reach the one that is shown then
        this.orm = this.env.services.orm;
        this.action = this.env.services.action;
    }

    get isActive() {
        return this.props.record.data[this.props.name] === "active";
    }

    get label() {
        const choices = this.props.record.fields[this.props.name].selection;
        return choices.find(([code]) => code === this.props.record.data[this.props.name])[1];
    }

    async onChange(active) {
        const { record } = this.props;
        const method = active ? "action_activate_checked" : "action_deactivate";
        let action;
        try {
            action = await this.orm.call("marketing.scenario", method, [[record.resId]]);
        } finally {
            await record.model.load();
            this.render();
        }
        // errors, and the question about overdue people, are shown beside the canvas
        if (action?.tag === "marketing_scenario_open_check") {
            await this.action.doAction(action);
        }
    }
}

registry.category("fields").add("scenario_switch", {
    component: ScenarioSwitch,
    supportedTypes: ["selection"],
});
