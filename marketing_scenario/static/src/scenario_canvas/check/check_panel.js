import { Component, onWillStart, onWillUpdateProps, status, useEffect, useState } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { deserializeDateTime, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { troubleOf } from "@marketing_scenario/screens/trouble";

import { countedIn, inWords } from "../model/findings";

const LOOK_AFTER = 400; // milliseconds after the last change
const AMOUNTS = { hours: 8, days: 2 };
const ANSWERS = [
    { code: "spread", label: _t("Spread them over"), unit: _t("hours"), amount: "hours" },
    { code: "run_now", label: _t("Run them now") },
    { code: "skip", label: _t("Skip messages that are later than"), unit: _t("days"), amount: "days" },
];

/**
 * What is wrong with the scenario, and what comes next: a finding leads to its step and field, or is mended by one
 * click; from here the scenario is scheduled, activated or published. It looks again after each change of the tree.
 */
export class CheckPanel extends Component {
    static template = "marketing_scenario.CheckPanel";
    static components = { DateTimeInput };
    static props = {
        scenarioId: Number,
        context: { type: Object, optional: true }, // of the canvas: what is mended here can be undone there
        save: { type: Function, optional: true }, // writes what is typed elsewhere, before something is done here
        onOpenStep: Function,
        onChanged: Function,
        onFound: { type: Function, optional: true }, // gets the findings, after each look
        onClose: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.answers = ANSWERS;
        this.state = useState({ found: null, trouble: "", busy: false, answer: "spread", ...AMOUNTS });
        this.told = useState({ day: "", overdue: "", asking: false });
        this.changes = 0; // what is answered about an earlier tree is not shown
        const lookSoon = useDebounced(() => this.look(), LOOK_AFTER);
        useBus(this.env.bus, "MARKETING-SCENARIO:CHANGED", () => {
            this.forget();
            lookSoon();
        });
        useHotkey("escape", () => this.props.onClose());
        onWillStart(() => this.look());
        useEffect(
            (found) => {
                if (found) {
                    this.props.onFound?.(found.issues);
                }
            },
            () => [this.state.found],
        );
        onWillUpdateProps((next) => {
            if (next.scenarioId !== this.props.scenarioId) {
                this.forget();
                return this.look(next.scenarioId);
            }
        });
    }

    forget() {
        this.changes++;
        Object.assign(this.told, { day: "", overdue: "", asking: false });
    }

    call(method, args = [], kwargs = {}) {
        return this.orm.call("marketing.scenario", method, [this.props.scenarioId, ...args], {
            context: this.props.context || {},
            ...kwargs,
        });
    }

    async look(scenarioId = this.props.scenarioId) {
        const first = !this.state.found;
        const { changes } = this;
        let found;
        try {
            found = await this.orm.silent.call("marketing.scenario", "canvas_check", [scenarioId]);
        } catch (error) {
            this.state.trouble = troubleOf(error);
            return;
        }
        if (!first && changes !== this.changes) {
            return; // it changed meanwhile: another look is on its way
        }
        Object.assign(this.state, { found, trouble: "" });
        if (first && this.isReady && this.comesNext) {
            this.ask(); // not waited for: the findings are shown meanwhile
        }
    }

    /** Walk the first day dry: takes a moment with many people. */
    async ask() {
        const { changes } = this;
        this.told.asking = true;
        try {
            const [day, overdue] = await Promise.all([
                this.orm.silent.call("marketing.scenario", "forecast_first_day", [this.props.scenarioId]),
                this.state.found.overdue
                    ? this.orm.silent.call("marketing.scenario", "forecast_overdue", [this.props.scenarioId])
                    : "",
            ]);
            if (changes === this.changes) {
                Object.assign(this.told, { day, overdue });
            }
        } finally {
            if (changes === this.changes) {
                this.told.asking = false;
            }
        }
    }

    get isReady() {
        return Boolean(this.state.found) && !this.state.found.errors;
    }

    /** What one can do with a scenario without errors: "activate", "publish" or nothing. */
    get comesNext() {
        if (!this.state.found) {
            return "";
        }
        const { draft, state, archived, can_edit: canEdit } = this.state.found;
        if (!canEdit || archived) {
            return "";
        }
        return draft ? "publish" : state === "active" ? "" : "activate";
    }

    get verdict() {
        return this.state.found ? inWords(countedIn(this.state.found.issues)) : "";
    }

    get overdueText() {
        const count = this.state.found.overdue;
        return count === 1 ? _t("1 person is overdue.") : _t("%s people are overdue.", count);
    }

    get endsText() {
        return _t("Add all missing ends (%s)", this.state.found.open_ends);
    }

    dateOf(name) {
        return this.state.found[name] ? deserializeDateTime(this.state.found[name]) : false;
    }

    /**
     * Do something with the scenario, once what is typed beside is written. Why it could not be done is said here.
     *
     * @returns {Promise<boolean>} whether it was done
     */
    async act(deed) {
        this.state.busy = true;
        try {
            await this.props.save?.();
            await deed();
            return true;
        } catch (error) {
            this.state.trouble = troubleOf(error);
            return false;
        } finally {
            this.state.busy = false;
        }
    }

    /** Change the scenario; then everyone looks again. */
    change(deed) {
        return this.act(async () => {
            await deed();
            await this.props.onChanged();
            if (status(this) !== "destroyed") {
                await this.look();
            }
        });
    }

    mend(issue) {
        return this.change(() => this.call("canvas_mend", [issue.step_id, issue.code]));
    }

    addEnds() {
        return this.change(() => this.call("canvas_close"));
    }

    plan(name, moment) {
        const value = moment ? serializeDateTime(moment) : false;
        return this.change(() => this.orm.write("marketing.scenario", [this.props.scenarioId], { [name]: value }));
    }

    /** As it is typed: what is drawn anew meanwhile says the same. */
    setAmount({ code, amount }, ev) {
        Object.assign(this.state, { answer: code, [amount]: ev.target.value });
    }

    mendAmount({ amount }) {
        const number = Number(this.state[amount]);
        this.state[amount] = Number.isInteger(number) && number > 0 ? number : AMOUNTS[amount];
    }

    async activate() {
        const context = this.state.found.overdue
            ? {
                  marketing_overdue: this.state.answer,
                  marketing_overdue_hours: Number(this.state.hours),
                  marketing_overdue_days: Number(this.state.days),
              }
            : {};
        if (!(await this.act(() => this.call("action_activate", [], { context })))) {
            return;
        }
        const addPeople = { name: _t("Add people"), primary: true, onClick: () => this.open("action_add_people") };
        this.notification.add(_t("The scenario is active."), { type: "success", buttons: [addPeople] });
        this.props.onClose();
        await this.action.doAction("soft_reload");
    }

    publish() {
        return this.act(async () => this.action.doAction(await this.call("action_publish")));
    }

    /** Whether people may have been in it, whose past can be asked. */
    get hasPast() {
        return this.state.found.draft || this.state.found.state !== "draft";
    }

    forecast() {
        return this.open("action_forecast");
    }

    backTest() {
        return this.open("action_back_test");
    }

    open(name) {
        return this.action.doActionButton({
            type: "object",
            name,
            resModel: "marketing.scenario",
            resId: this.props.scenarioId,
            resIds: [this.props.scenarioId],
            context: user.context,
        });
    }
}

registry.category("scenario_canvas").add("check", CheckPanel);

/** “Show the check”, said by the server: by the canvas that is open, else by the form of the scenario. */
registry.category("actions").add("marketing_scenario_open_check", (env, action) => {
    const asked = { scenarioId: action.params.scenario_id, panel: "checking", shown: false };
    env.bus.trigger("MARKETING_SCENARIO:OPEN_PANEL", asked);
    if (asked.shown) {
        return { type: "ir.actions.act_window_close" };
    }
    return {
        type: "ir.actions.act_window",
        res_model: "marketing.scenario",
        res_id: asked.scenarioId,
        views: [[false, "form"]],
        context: { marketing_check: true },
    };
});
