import { onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { deserializeDateTime, formatDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";
import { sideBySide } from "./side_by_side";

const WHO = {
    domain: _t("Those whom a filter finds"),
    recent: _t("Those who entered in the last 30 days"),
    inside: _t("Those who are inside now"),
    past: _t("Back-test: those of a past period"),
};
const MODELS = { "res.partner": _t("Contacts and accounts"), "crm.lead": _t("Leads") };
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

/**
 * What will happen to many people (S55), or what would have happened (S56). One result, or two side by side: two versions
 * of the scenario, or the back-test and what really happened.
 */
export class ScenarioForecast extends ScenarioAction {
    static template = "marketing_scenario.Forecast";
    static components = { DateTimeInput, DomainSelector };

    setup() {
        super.setup();
        this.canvas = useRef("chart");
        Object.assign(this, { WHO, MODELS, VERSIONS, RATES, SOURCES });
        const { who, draft, model, domain } = this.props.action.params || {};
        const today = luxon.DateTime.now().startOf("day");
        this.state = useState({
            scenario: "",
            hasDraft: false,
            version: draft ? "both" : "published",
            who: WHO[who] ? who : "domain",
            model: model || "res.partner",
            domain: domain || "[]",
            from: today.minus({ days: BACK }),
            to: today.plus({ days: 1 }),
            rates: {},
            told: null, // {people, results: [{title, told}], rates, same, unknown}
            busy: false,
        });
        onWillStart(async () => {
            const [[scenario]] = await Promise.all([
                this.orm.read("marketing.scenario", [this.scenarioId], ["name", "target_kinds", "draft_id"]),
                loadBundle("web.chartjs_lib"),
            ]);
            this.state.scenario = scenario.name;
            this.state.hasDraft = Boolean(scenario.draft_id);
            if (!model) {
                this.state.model = scenario.target_kinds === "lead" ? "crm.lead" : "res.partner";
            }
            if (!this.state.hasDraft) {
                this.state.version = "published";
            } else if (this.isBackTest && this.state.version === "both") {
                this.state.version = "draft";
            }
        });
        useEffect(
            () => this.drawChart(),
            () => [this.state.told],
        );
        onWillUnmount(() => this.chart?.destroy());
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
            (step) => step.id,
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
                tile(_t("inside now"), (one) => one.inside),
            ];
        }
        return [
            ...tiles,
            tile(_t("wait for the limit of messages"), (one) => one.capped),
            tile(_t("inside after 180 days"), (one) => one.inside),
        ];
    }

    get isShownAsBackTest() {
        return Boolean(this.state.told.unknown);
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
        this.state.busy = true;
        try {
            this.state.told = await (this.isBackTest ? this.backTest() : this.forecast());
        } finally {
            this.state.busy = false;
        }
    }

    call(method, args, kwargs) {
        return this.orm.call("marketing.scenario", method, [[this.scenarioId], ...args], kwargs);
    }

    async forecast() {
        const { who, model, domain, rates, version } = this.state;
        const results = [];
        for (const one of version === "both" ? ["published", "draft"] : [version]) {
            const told = await this.call("forecast", [who], { model, domain, rates, draft: one === "draft" });
            results.push({ title: VERSIONS[one], told });
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

    // -- messages a day --

    /** `[[day, {type: count}]]` in the time zone of who looks, over all results. */
    daysOf(messages) {
        const days = {};
        for (const { hour, type, count } of messages) {
            const day = deserializeDateTime(hour).toISODate();
            days[day] ??= {};
            days[day][type] = (days[day][type] || 0) + count;
        }
        return days;
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
        const all = this.results.map(({ told }) => this.daysOf(told.messages));
        const days = [...new Set(all.flatMap((one) => Object.keys(one)))].sort();
        const datasets = [];
        for (const [index, counts] of all.entries()) {
            const { title } = this.results[index];
            for (const type of Object.keys(TYPES).filter((one) => days.some((day) => counts[day]?.[one]))) {
                datasets.push({
                    label: all.length > 1 ? `${TYPES[type]} (${title})` : TYPES[type].toString(),
                    stack: String(index),
                    data: days.map((day) => Math.round(((counts[day]?.[type] || 0) * people) / walked)),
                    backgroundColor: getColor(datasets.length, scheme, 4),
                    maxBarThickness: 40,
                });
            }
        }
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: { labels: days.map((day) => formatDate(luxon.DateTime.fromISO(day))), datasets },
            options: {
                maintainAspectRatio: false,
                scales: { x: { stacked: true }, y: { stacked: true, ticks: { precision: 0 } } },
            },
        });
    }
}

registry.category("actions").add("marketing_scenario.forecast", ScenarioForecast);
