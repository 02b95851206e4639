import { Component, onWillStart, onWillUnmount, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { deserializeDateTime, formatDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { chartOptions } from "@marketing_scenario/screens/chart";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";
import { readScenario } from "@marketing_scenario/screens/trouble";
import { forecastMemory } from "./forecast_memory";
import { foretold } from "./foretold";
import { ForetoldFigure, MODELS } from "./people";
import { sideBySide } from "./side_by_side";

const WHO = {
    domain: _t("Those whom a filter finds"),
    recent: _t("Those who entered in the last 30 days"),
    inside: _t("Those who are inside now"),
    past: _t("Back-test: those of a past period"),
};
const VERSIONS = {
    published: _t("as published"),
    draft: _t("with the changes"),
    both: _t("both, side by side"),
};
const RATES = { opened: _t("Opened"), clicked: _t("Clicked"), replied: _t("Answered") };
const SOURCES = {
    given: _t("as you say"),
    scenario: _t("measured on this scenario"),
    company: _t("measured on all scenarios"),
    assumed: _t("assumed: not enough was sent yet"),
};
const TYPES = { mail: _t("Emails"), sms: _t("SMS") };
const BACK = 30; // days of a back-test, unless asked otherwise
const KEPT = ["version", "who", "model", "domain", "from", "to", "rates", "told"];

/**
 * What will happen to many people (S55), or what would have happened (S56). One result, or two side by side: two versions
 * of the scenario, or the back-test and what really happened.
 */
export class Forecast extends Component {
    static template = "marketing_scenario.Forecast";
    static components = { DateTimeInput, DomainSelector, ForetoldFigure };
    static props = {
        scenarioId: Number, // the published one
        treeId: { type: Number, optional: true }, // the tree beside which it stands: that one, or its draft of changes
        asked: { type: Object, optional: true }, // { who, draft, model, domain }; `again`: what that tree showed last
        version: { type: Number, optional: true }, // another one: the scenario was changed
        onTold: { type: Function, optional: true }, // gets what `foretold` says, or null: nothing is told
        onTree: { type: Function, optional: true }, // shows the figures on a tree
    };

    setup() {
        this.orm = useService("orm");
        this.canvas = useRef("chart");
        Object.assign(this, { WHO, MODELS, VERSIONS, RATES, SOURCES });
        const { who, draft, model, domain, again } = this.props.asked || {};
        const today = luxon.DateTime.now().startOf("day");
        this.state = useState({
            hasDraft: false,
            draftId: 0,
            version: draft ? "both" : "published",
            who: WHO[who] ? who : "domain",
            model: model || "res.partner",
            domain: domain || "[]",
            from: today.minus({ days: BACK }),
            to: today.plus({ days: 1 }),
            rates: {},
            day: "", // whose hours are looked at; empty: all days
            told: null, // {people, results: [{title, told}], rates, same, unknown}
            busy: false,
            ...forecastMemory.of(again),
        });
        onWillStart(async () => {
            const [scenario] = await Promise.all([
                readScenario(this.orm, this.props.scenarioId, ["target_kinds", "draft_id"]),
                loadBundle("web.chartjs_lib"),
            ]);
            this.state.draftId = scenario.draft_id?.[0] || 0;
            this.state.hasDraft = Boolean(this.state.draftId);
            if (!model && !forecastMemory.of(again)) {
                this.state.model = scenario.target_kinds === "lead" ? "crm.lead" : "res.partner";
            }
            if (!this.state.hasDraft) {
                this.state.version = "published";
            } else if (this.isBackTest && this.state.version === "both") {
                this.state.version = "draft";
            }
        });
        onWillUpdateProps((next) => {
            if (next.version !== this.props.version) {
                this.state.told = null; // of a tree that is another one now
            }
        });
        useEffect(
            (told) => {
                this.props.onTold?.(told && foretold(told.results, { ...this.scale, isPast: this.isShownAsBackTest }));
                if (this.props.treeId) {
                    this.keep(this.props.treeId);
                }
            },
            () => [this.state.told],
        );
        useEffect(
            () => this.drawChart(),
            () => [this.state.told, this.state.day],
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    keep(treeId) {
        forecastMemory.keep(treeId, Object.fromEntries(KEPT.map((name) => [name, this.state[name]])));
    }

    /** Who looks at people comes back to what is told now. */
    leave() {
        if (this.props.treeId) {
            forecastMemory.leave(this.props.treeId);
        }
    }

    /** The tree of the version that is told: the one with the changes, where both are. */
    showOnTree() {
        const treeId = this.state.version === "published" ? this.props.scenarioId : this.state.draftId;
        this.keep(treeId);
        forecastMemory.leave(treeId);
        this.props.onTree(treeId);
    }

    get isBackTest() {
        return this.state.who === "past";
    }

    get versions() {
        return Object.entries(VERSIONS).filter(([version]) => version !== "both" || !this.isBackTest);
    }

    get results() {
        return this.state.told.results;
    }

    /** How many people each result stands for, and how many of them walked. */
    get scale() {
        const { people } = this.state.told;
        const { walked } = this.results[0].told;
        return { people, walked };
    }

    get isComplete() {
        return this.results.every(({ told }) => told.complete);
    }

    get steps() {
        return sideBySide(
            this.results.map(({ told }) => told.steps),
            (step) => step.ref,
        );
    }

    get lists() {
        const titles = {
            blocked: _t("Blocked messages"),
            rejected: _t("Rejected at the entry"),
            ends: _t("How the walks end"),
        };
        return Object.entries(titles)
            .map(([name, title]) => ({
                title,
                rows: sideBySide(
                    this.results.map(({ told }) => told[name]),
                    (row) => row.reason,
                ),
            }))
            .filter(({ rows }) => rows.length);
    }

    get tiles() {
        const { told } = this.state;
        const tile = (label, value) => ({
            label,
            values: this.results.map((result) => this.count(value(result.told))),
        });
        const ofPeople = (label, name) => ({
            ...tile(label, (one) => one[name].count),
            figures: this.results.map((result) => result.told[name]),
        });
        const tiles = [
            { label: _t("people"), values: [told.people.toLocaleString()] },
            tile(_t("walk"), (one) => one.walked - this.total(one.rejected)),
            tile(_t("messages"), (one) => this.total(one.messages)),
            tile(_t("times blocked"), (one) => this.total(one.blocked)),
        ];
        if (this.isShownAsBackTest) {
            return [
                ...tiles,
                { label: _t("went the same way"), values: [`${this.share(told.same, this.scale.walked)} %`] },
                ofPeople(_t("inside now"), "inside"),
            ];
        }
        return [
            ...tiles,
            tile(_t("emails in the busiest hour"), (one) => this.busiest(one.messages)),
            ofPeople(_t("wait for the limit of messages"), "capped"),
            ofPeople(_t("inside after 180 days"), "inside"),
        ];
    }

    get isShownAsBackTest() {
        return Boolean(this.state.told.unknown);
    }

    /** What the mail server has to bear. */
    busiest(messages) {
        return Math.max(0, ...messages.filter(({ type }) => type === "mail").map(({ count }) => count));
    }

    total(rows) {
        return rows.reduce((sum, row) => sum + row.count, 0);
    }

    /** A count of the sample, as one of all the people it stands for. */
    count(number) {
        const { people, walked } = this.scale;
        return Math.round(walked ? (number * people) / walked : 0).toLocaleString();
    }

    share(number, of) {
        return of ? Math.round((100 * number) / of) : 0;
    }

    // -- what is asked --

    setWho(ev) {
        this.state.who = ev.target.value;
        if (this.isBackTest && this.state.version === "both") {
            this.state.version = "draft";
        }
        this.state.told = null;
    }

    setVersion(ev) {
        this.state.version = ev.target.value;
        this.state.told = null;
    }

    setModel(ev) {
        Object.assign(this.state, { model: ev.target.value, domain: "[]", told: null });
    }

    setDomain(domain) {
        this.state.domain = domain;
    }

    setDay(name, day) {
        if (day) {
            this.state[name] = day;
        }
    }

    setRate(name, ev) {
        const rates = { ...this.state.rates };
        delete rates[name];
        if (ev.target.value !== "") {
            rates[name] = Number(ev.target.value);
        }
        this.state.rates = rates;
    }

    async run() {
        Object.assign(this.state, { busy: true, day: "" });
        try {
            this.state.told = await (this.isBackTest ? this.backTest() : this.forecast());
        } finally {
            this.state.busy = false;
        }
    }

    call(method, args, kwargs) {
        return this.orm.call("marketing.scenario", method, [[this.props.scenarioId], ...args], kwargs);
    }

    async forecast() {
        const { who, model, domain, rates, version } = this.state;
        const results = [];
        for (const one of version === "both" ? ["published", "draft"] : [version]) {
            const told = await this.call("forecast", [who], { model, domain, rates, draft: one === "draft" });
            results.push({ title: this.state.hasDraft ? VERSIONS[one] : _t("as it is now"), told });
        }
        const { people, rates: known, off_by: offBy } = results[0].told;
        return { people, rates: known, offBy, results };
    }

    async backTest() {
        const { from, to, version } = this.state;
        const draft = version === "draft";
        const {
            people,
            off_by: offBy,
            same,
            unknown,
            test,
            really,
        } = await this.call("back_test", [serializeDateTime(from), serializeDateTime(to)], { draft });
        const results = [
            { title: draft ? _t("with the changes") : _t("as it is now"), told: test },
            { title: _t("really"), told: really },
        ];
        return { people, offBy, same, unknown, results };
    }

    // -- messages a day, or an hour --

    /** `{day, or hour of the day that is looked at: {type: count}}` in the time zone of who looks. */
    barsOf(messages) {
        const bars = {};
        for (const { hour, type, count } of messages) {
            const moment = deserializeDateTime(hour);
            const day = moment.toISODate();
            if (!this.state.day || this.state.day === day) {
                const bar = this.state.day ? moment.toISO() : day;
                bars[bar] ??= {};
                bars[bar][type] = (bars[bar][type] || 0) + count;
            }
        }
        return bars;
    }

    label(bar) {
        const moment = luxon.DateTime.fromISO(bar);
        return this.state.day ? moment.toLocaleString(luxon.DateTime.TIME_SIMPLE) : formatDate(moment);
    }

    /** The days on which messages leave, as choices. */
    get days() {
        const messages = this.results.flatMap(({ told }) => told.messages);
        const days = new Set(messages.map(({ hour }) => deserializeDateTime(hour).toISODate()));
        return [...days].sort().map((day) => [day, formatDate(luxon.DateTime.fromISO(day))]);
    }

    setHoursOf(ev) {
        this.state.day = ev.target.value;
    }

    get hasMessages() {
        return this.results.some(({ told }) => told.messages.length);
    }

    drawChart() {
        this.chart?.destroy();
        if (!this.canvas.el) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const { people, walked } = this.scale;
        const all = this.results.map(({ told }) => this.barsOf(told.messages));
        const bars = [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
        const datasets = [];
        for (const [index, counts] of all.entries()) {
            const { title } = this.results[index];
            for (const type of Object.keys(TYPES).filter((one) => bars.some((bar) => counts[bar]?.[one]))) {
                datasets.push({
                    label: all.length > 1 ? `${TYPES[type]} (${title})` : TYPES[type].toString(),
                    stack: String(index),
                    data: bars.map((bar) => Math.round(((counts[bar]?.[type] || 0) * people) / walked)),
                    backgroundColor: getColor(datasets.length, scheme, 4),
                    maxBarThickness: 40,
                });
            }
        }
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: bars.map((bar) => this.label(bar)), datasets },
            options: chartOptions({
                onClick: (_ev, [hit]) => hit && !this.state.day && (this.state.day = bars[hit.index]),
                scales: { x: { stacked: true }, y: { stacked: true, ticks: { precision: 0 } } },
            }),
        });
    }
}

/** The forecast as a screen of its own. */
export class ScenarioForecast extends ScenarioAction {
    static template = "marketing_scenario.ScenarioForecast";
    static components = { Forecast };

    setup() {
        super.setup();
        onWillStart(async () => {
            this.name = (await readScenario(this.orm, this.scenarioId, ["name"])).name;
        });
    }
}

registry.category("actions").add("marketing_scenario.forecast", ScenarioForecast);
