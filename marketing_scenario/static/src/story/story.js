import { Component, onWillStart, useState } from "@odoo/owl";
import { Dialog } from "@web/core/dialog/dialog";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const KINDS = [
    { code: "message", label: _t("Messages") },
    { code: "step", label: _t("Steps") },
    { code: "entry", label: _t("Entries and ends") },
    { code: "call", label: _t("Calls") },
    { code: "form", label: _t("Forms") },
    { code: "score", label: _t("Score") },
    { code: "consent", label: _t("Consent") },
];

/** A message as it was sent. Its HTML is shown without scripts, forms or access to this page. */
class StoryMessage extends Component {
    static template = "marketing_scenario.StoryMessage";
    static components = { Dialog };
    static props = { message: Object, close: Function };
}

/** What marketing did with one person, over all scenarios, and what comes next (S42). */
export class PersonStory extends Component {
    static template = "marketing_scenario.Story";
    static components = { Layout };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Marketing");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.display = { controlPanel: {} };
        this.state = useState({ story: null, hidden: {}, scenario: 0 });
        onWillStart(() => this.load());
    }

    get target() {
        const { model, res_id } = this.props.action.params;
        return { model, resId: res_id };
    }

    async load() {
        this.state.story = await this.orm.call(this.target.model, "marketing_story", [[this.target.resId]]);
        this.env.config.setDisplayName(_t("Marketing: %s", this.state.story.name));
    }

    /** The kinds of moment that this person has, each with its number. */
    get kinds() {
        const counted = KINDS.map((kind) => ({
            ...kind,
            count: this.state.story.rows.filter((row) => row.kind === kind.code).length,
        }));
        return counted.filter((kind) => kind.count);
    }

    get scenarios() {
        const { rows, plans } = this.state.story;
        const named = new Map();
        for (const plan of plans) {
            named.set(plan.scenario_id, plan.scenario);
        }
        for (const { scenario_id, origin } of rows) {
            if (scenario_id) {
                named.set(scenario_id, origin);
            }
        }
        return [...named].map(([id, name]) => ({ id, name }));
    }

    isOfScenario(row) {
        return !this.state.scenario || row.scenario_id === this.state.scenario;
    }

    get rows() {
        return this.state.story.rows.filter((row) => !this.state.hidden[row.kind] && this.isOfScenario(row));
    }

    get plans() {
        return this.state.story.plans.filter((plan) => this.isOfScenario(plan));
    }

    moment(text) {
        return text ? toLocaleDateTimeString(deserializeDateTime(text)) : "";
    }

    toggleKind(kind) {
        this.state.hidden[kind.code] = !this.state.hidden[kind.code];
    }

    chooseScenario(ev) {
        this.state.scenario = Number(ev.target.value);
    }

    /** Act on a run; what asks first opens its dialog. */
    async act(plan, name) {
        await this.action.doActionButton({
            type: "object",
            name,
            resModel: "marketing.scenario.enrollment",
            resId: plan.run_id,
            resIds: [plan.run_id],
            context: user.context,
            onClose: () => this.load(),
        });
    }

    async read(row) {
        const message = await this.orm.call(this.target.model, "marketing_message", [
            [this.target.resId],
            row.message_id,
        ]);
        this.dialog.add(StoryMessage, { message });
    }

    openRun(row) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "marketing.scenario.enrollment",
            res_id: row.run_id,
            views: [[false, "form"]],
        });
    }

    openTarget() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.target.model,
            res_id: this.target.resId,
            views: [[false, "form"]],
        });
    }
}

registry.category("actions").add("marketing_scenario_story", PersonStory);
