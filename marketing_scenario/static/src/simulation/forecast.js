import { onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { DomainSelector } from "@web/core/domain_selector/domain_selector";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";

const WHO = {
    domain: _t("Those whom a filter finds"),
    recent: _t("Those who entered in the last 30 days"),
    inside: _t("Those who are inside now"),
};
const MODELS = { "res.partner": _t("Contacts and accounts"), "crm.lead": _t("Leads") };
const RATES = { opened: _t("Opened"), clicked: _t("Clicked"), replied: _t("Answered") };
const SOURCES = {
    given: _t("as you say"),
    scenario: _t("measured on this scenario"),
    company: _t("measured on all scenarios"),
    assumed: _t("assumed: not enough was sent yet"),
};
const TYPES = { mail: _t("Emails"), sms: _t("SMS") };

/** What will happen to many people (S55). */
export class ScenarioForecast extends ScenarioAction {
    static template = "marketing_scenario.Forecast";
    static components = { DomainSelector };

    setup() {
        super.setup();
        this.canvas = useRef("chart");
        Object.assign(this, { WHO, MODELS, RATES, SOURCES });
        this.state = useState({
            scenario: "",
            who: "domain",
            model: "res.partner",
            domain: "[]",
            rates: {},
            told: null,
            busy: false,
        });
        onWillStart(async () => {
            const [[scenario]] = await Promise.all([
                this.orm.read("marketing.scenario", [this.scenarioId], ["name", "target_kinds"]),
                loadBundle("web.chartjs_lib"),
            ]);
            this.state.scenario = scenario.name;
            this.state.model = scenario.target_kinds === "lead" ? "crm.lead" : "res.partner";
        });
        useEffect(
            () => this.drawChart(),
            () => [this.state.told],
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    /** How far a share of the sample can be from that of all, at 95 %. */
    get error() {
        const { people, walked } = this.state.told;
        return people > walked ? Math.ceil((98 / Math.sqrt(walked)) * 10) / 10 : 0;
    }

    get sent() {
        return this.state.told.messages.reduce((sum, row) => sum + row.count, 0);
    }

    get entered() {
        return this.state.told.walked - this.total(this.state.told.rejected);
    }

    total(rows) {
        return rows.reduce((sum, row) => sum + row.count, 0);
    }

    /** A count of the sample, as one of all the people it stands for. */
    count(number) {
        const { people, walked } = this.state.told;
        return Math.round(walked ? (number * people) / walked : 0).toLocaleString();
    }

    share(number, of) {
        return of ? Math.round((100 * number) / of) : 0;
    }

    setWho(ev) {
        this.state.who = ev.target.value;
        this.state.told = null;
    }

    setModel(ev) {
        Object.assign(this.state, { model: ev.target.value, domain: "[]", told: null });
    }

    setDomain(domain) {
        this.state.domain = domain;
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
            const { who, model, domain, rates } = this.state;
            this.state.told = await this.orm.call("marketing.scenario", "forecast", [[this.scenarioId]], {
                who,
                model,
                domain,
                rates,
            });
        } finally {
            this.state.busy = false;
        }
    }

    /** Messages a day, in the time zone of who looks. */
    get days() {
        const days = {};
        for (const { hour, type, count } of this.state.told.messages) {
            const day = deserializeDateTime(hour).toISODate();
            days[day] ??= {};
            days[day][type] = (days[day][type] || 0) + count;
        }
        return Object.entries(days).sort(([one], [other]) => (one < other ? -1 : 1));
    }

    drawChart() {
        this.chart?.destroy();
        if (!this.canvas.el) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const days = this.days;
        const types = Object.keys(TYPES).filter((type) => days.some(([, counts]) => counts[type]));
        this.chart = new Chart(this.canvas.el, {
            type: "bar",
            data: {
                labels: days.map(([day]) => formatDate(luxon.DateTime.fromISO(day))),
                datasets: types.map((type, number) => ({
                    label: TYPES[type].toString(),
                    data: days.map(([, counts]) =>
                        Math.round(((counts[type] || 0) * this.state.told.people) / this.state.told.walked),
                    ),
                    backgroundColor: getColor(number, scheme, types.length),
                    maxBarThickness: 40,
                })),
            },
            options: {
                maintainAspectRatio: false,
                scales: { x: { stacked: true }, y: { stacked: true, ticks: { precision: 0 } } },
            },
        });
    }
}

registry.category("actions").add("marketing_scenario.forecast", ScenarioForecast);
