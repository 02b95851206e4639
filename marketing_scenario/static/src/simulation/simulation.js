import { Component, onMounted, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDateTime, serializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { RecordSelector } from "@web/core/record_selectors/record_selector";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";
import { readScenario, troubleOf } from "@marketing_scenario/screens/trouble";

const KINDS = [
    { model: "res.partner", example: false, label: _t("Contact or account") },
    { model: "crm.lead", example: false, label: _t("Lead") },
    { model: "res.partner", example: true, label: _t("Example contact") },
    { model: "crm.lead", example: true, label: _t("Example lead") },
];
const CHANNELS = {
    entry: _t("Entering"),
    email: _t("Emails"),
    sms: _t("SMS"),
    phone: _t("Calls"),
};

/**
 * The simulation of one record, as a dry run (S39). The server walks from the beginning each time; what was done so far
 * is the list of deeds, so that going back is leaving out the last one.
 */
export class Simulation extends Component {
    static template = "marketing_scenario.Simulation";
    static components = { DateTimeInput, Dropdown, DropdownItem, RecordSelector };
    static props = {
        scenarioId: Number,
        version: { type: Number, optional: true }, // another one: the scenario was changed
        onWalked: { type: Function, optional: true }, // gets what the server told, or null: nobody walks
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.kinds = KINDS;
        this.asked = 0; // number of the latest walk: what an earlier one answers is about somebody else
        this.state = useState({
            kind: 2,
            resId: false,
            langs: [],
            lang: false,
            start: false,
            deeds: [],
            told: null,
            shown: null,
            busy: false,
            happening: null, // what is to happen, as soon as it is said with which record, or how many points
            trouble: "", // why there is nothing to walk with
            really: false, // messages are really sent
        });
        onWillStart(() => this.prepare());
        // what is shown beside follows the walk, and can be drawn anew for it only when this is there
        onMounted(() => this.state.trouble || this.restart());
        onWillUpdateProps((next) => {
            if (next.scenarioId !== this.props.scenarioId || next.version !== this.props.version) {
                this.restart(next.scenarioId); // with the same record, from the beginning
            }
        });
    }

    async prepare() {
        try {
            const [scenario, langs] = await Promise.all([
                readScenario(this.orm, this.props.scenarioId, ["target_kinds"]),
                this.orm.call("res.lang", "get_installed", []),
            ]);
            Object.assign(this.state, { kind: scenario.target_kinds === "lead" ? 3 : 2, langs, trouble: "" });
        } catch (error) {
            this.state.trouble = troubleOf(error);
        }
    }

    async prepareAgain() {
        await this.prepare();
        if (!this.state.trouble) {
            await this.restart();
        }
    }

    get kind() {
        return KINDS[this.state.kind];
    }

    get started() {
        return Boolean(this.state.told);
    }

    get canGoOn() {
        return this.started && !this.state.told.over && !this.state.busy;
    }

    moment(text) {
        return text ? toLocaleDateTimeString(deserializeDateTime(text)) : "";
    }

    channel(code) {
        return CHANNELS[code];
    }

    // -- whom, when --

    async setKind(ev) {
        this.state.kind = Number(ev.target.value);
        this.state.resId = false;
        await this.restart();
    }

    async setRecord(resId) {
        this.state.resId = resId;
        await this.restart();
    }

    async setLang(ev) {
        this.state.lang = ev.target.value;
        await this.restart();
    }

    async setStart(moment) {
        this.state.start = moment || false;
        await this.restart();
    }

    async restart(scenarioId = this.props.scenarioId) {
        Object.assign(this.state, { shown: null, really: false, happening: null });
        if (!this.kind.example && !this.state.resId) {
            this.asked++;
            Object.assign(this.state, { deeds: [], told: null, busy: false });
            this.props.onWalked?.(null);
            return;
        }
        await this.walk([], { scenarioId });
    }

    fromTheBeginning() {
        return this.restart();
    }

    // -- really sending --

    get reached() {
        const { email, phone } = this.state.told;
        return [email, phone].filter(Boolean).join(_t(" and "));
    }

    get warning() {
        return _t("Messages are really sent to %s. All else stays a dry run.", this.reached);
    }

    toggleReally() {
        if (this.state.really) {
            this.state.really = false;
            return;
        }
        this.dialog.add(ConfirmationDialog, {
            title: _t("Really send?"),
            body: _t(
                "From now on, each message that the simulation comes to is really sent to %s, at once. All else stays a dry run.",
                this.reached,
            ),
            confirmLabel: _t("Really send"),
            confirm: () => (this.state.really = true),
            cancel: () => {},
        });
    }

    tellSent(sent) {
        for (const { step, to, error } of sent) {
            if (error) {
                this.notification.add(_t("“%(step)s” was not sent: %(error)s", { step, error }), {
                    type: "danger",
                    sticky: true,
                });
            } else {
                this.notification.add(_t("“%(step)s” was sent to %(to)s.", { step, to }), { type: "success" });
            }
        }
    }

    // -- what happens --

    execute() {
        return this.more({ do: "execute" });
    }

    take(outcome) {
        return this.more({ do: "take", outcome });
    }

    play(rule) {
        return this.more({ do: "play", rule: rule.id });
    }

    /** What can happen now: what conditions ahead ask, and everything else. */
    get happenings() {
        const groups = { play: _t("What conditions and goals ask"), happen: _t("Anything else") };
        return Object.entries(groups)
            .map(([kind, title]) => ({ title, all: this.state.told.happenings.filter(({ deed }) => deed.do === kind) }))
            .filter(({ all }) => all.length);
    }

    /** Something happens to the person now; what it lacks is asked first. */
    happen(happening) {
        this.state.happening = happening.asks ? happening : null;
        return !happening.asks && this.more(happening.deed);
    }

    happenWith(of) {
        const { deed } = this.state.happening;
        if (of) {
            this.state.happening = null;
            return this.more({ ...deed, of });
        }
    }

    wait(days) {
        return this.more({ do: "wait", days });
    }

    waitUntil(moment) {
        return moment && this.more({ do: "until", moment: serializeDateTime(moment) });
    }

    finish() {
        return this.more({ do: "finish" });
    }

    back() {
        return this.walk(this.state.deeds.slice(0, -1));
    }

    more(deed) {
        return this.walk([...this.state.deeds, deed], { really: this.state.really });
    }

    async walk(deeds, { really = false, scenarioId = this.props.scenarioId } = {}) {
        const number = ++this.asked;
        this.state.busy = true;
        try {
            const asked = { ...this.asking(deeds), really };
            const told = await this.orm.call("marketing.scenario", "simulate", [[scenarioId]], asked);
            this.tellSent(told.sent || []);
            if (number === this.asked) {
                Object.assign(this.state, { told, deeds, happening: null });
                this.props.onWalked?.(told);
            }
        } finally {
            if (number === this.asked) {
                this.state.busy = false;
            }
        }
    }

    asking(deeds) {
        return {
            res_model: this.kind.model,
            res_id: this.kind.example ? 0 : this.state.resId,
            deeds,
            start: this.state.start ? serializeDateTime(this.state.start) : false,
            lang: this.state.lang,
        };
    }

    async print() {
        const asked = this.asking(this.state.deeds);
        asked.start ||= this.state.told.began;
        const page = await this.orm.call("marketing.scenario", "print_simulation", [[this.props.scenarioId]], asked);
        await this.action.doAction(page);
    }

    // -- messages --

    show(row) {
        this.state.shown = this.state.shown === row.mail ? null : row.mail;
    }

    close() {
        this.state.shown = null;
    }
}

/** The simulation as a screen of its own. */
export class ScenarioSimulation extends ScenarioAction {
    static template = "marketing_scenario.ScenarioSimulation";
    static components = { Simulation };

    setup() {
        super.setup();
        onWillStart(async () => {
            this.name = (await readScenario(this.orm, this.scenarioId, ["name"])).name;
        });
    }
}

registry.category("actions").add("marketing_scenario.simulation", ScenarioSimulation);
