import { markup, onWillStart, onWillUnmount, status, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { formatCurrency } from "@web/core/currency";
import { deserializeDateTime, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";

const PERIODS = {
    7: _t("Last 7 days"),
    30: _t("Last 30 days"),
    90: _t("Last 90 days"),
    365: _t("Last 12 months"),
};
const number = (value) => formatFloat(value, { digits: [16, 1], trailingZeros: false });
const percent = (value) => `${number(100 * value)}\u00a0%`;
/** What a tile shows: its label, how its figure is written, the report behind it. */
const TILES = [
    ["entries", _t("entered"), number, "entry"],
    ["reached", _t("reached a goal"), number, "conversion"],
    ["goal_rate", _t("goal rate"), percent, "entry"],
    ["days", _t("days to the goal"), number, "conversion"],
    ["value", _t("value of the goals"), "money", "conversion"],
    ["sent", _t("messages sent"), number, "message"],
    ["open_rate", _t("opening rate"), percent, "message"],
    ["click_rate", _t("click rate"), percent, "click"],
    ["opt_out_rate", _t("unsubscribed"), percent, "message"],
    ["created", _t("opportunities created"), number, "touch"],
    ["won", _t("opportunities won"), number, "touch"],
    ["revenue", _t("revenue"), "money", "touch"],
];
/** The reports: their action, and the field that says when. */
const REPORTS = {
    entry: ["marketing_report_entry_action", "entered_at"],
    message: ["marketing_report_message_action", "sent_at"],
    click: ["marketing_report_click_action", "clicked_at"],
    touch: ["marketing_report_touch_action", "at"],
    conversion: ["marketing_scenario_conversion_action", "at"],
};

/** What scenarios brought: one of them, or all (S43, S57). */
export class ScenarioDashboard extends ScenarioAction {
    static template = "marketing_scenario.Dashboard";

    setup() {
        super.setup();
        this.PERIODS = PERIODS;
        this.canvas = useRef("chart");
        this.state = useState({
            days: 90,
            told: null,
            before: {},
            steps: [],
            first: 0,
            last: 0,
            funnel: null,
            heat: null,
        });
        onWillStart(async () => {
            await Promise.all([this.load(), loadBundle("web.chartjs_lib")]);
            if (this.scenarioId) {
                this.state.steps = await this.orm.searchRead(
                    "marketing.scenario.step",
                    [["scenario_id", "=", this.scenarioId]],
                    ["name", "depth"],
                    { order: "position" },
                );
                const [start, ...others] = this.state.steps;
                Object.assign(this.state, { first: start?.id, last: (others.at(-1) || start)?.id });
                await this.loadFunnel();
            }
        });
        useEffect(
            () => this.drawChart(),
            () => [this.state.told],
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    async load() {
        const { days } = this.state;
        const asked = { days, scenario_id: this.scenarioId || false };
        this.state.before = {};
        this.state.told = await this.orm.call("marketing.scenario", "dashboard", [], asked);
        // not waited for: the figures are shown meanwhile
        this.orm.call("marketing.scenario", "dashboard_before", [], asked).then((before) => {
            if (status(this) !== "destroyed" && days === this.state.days) {
                this.state.before = before;
            }
        });
    }

    async loadFunnel() {
        const { first, last, days } = this.state;
        if (first && last) {
            this.state.funnel = await this.orm.call("marketing.scenario", "funnel", [[this.scenarioId], first, last], {
                days,
            });
        }
    }

    async setDays(ev) {
        this.state.days = Number(ev.target.value);
        this.state.heat = null;
        await Promise.all([this.load(), this.loadFunnel()]);
    }

    setFunnel(which, ev) {
        this.state[which] = Number(ev.target.value);
        return this.loadFunnel();
    }

    // -- figures ---------------------------------------------------------------------------------------------------

    get tiles() {
        return TILES.map(([name, label, format, report]) => {
            const now = this.state.told.tiles[name];
            const before = this.state.before[name] ?? null;
            const known = now !== null && before !== null && before !== 0;
            return {
                name,
                label,
                report,
                value: this.write(now, format),
                before: this.write(before, format),
                change: known ? Math.round((100 * (now - before)) / before) : null,
            };
        });
    }

    write(value, format) {
        if (value === null || value === false) {
            return "–";
        }
        return format === "money" ? this.money(value) : format(value);
    }

    money(value) {
        return formatCurrency(value, this.state.told.currency_id);
    }

    count(value) {
        return number(value);
    }

    rate(value) {
        return this.write(value, percent);
    }

    share(part, whole) {
        return whole ? percent(part / whole) : "–";
    }

    get controls() {
        return this.state.told.controls.map(({ id, name, html }) => ({
            id,
            title: _t("With and without “%s”", name),
            html: markup(html),
        }));
    }

    get heatTitle() {
        return _t("Where “%s” is clicked", this.state.heat.name);
    }

    doorLabel(door) {
        return this.state.told.door_labels[door] || _t("Unknown");
    }

    width(part, whole) {
        return whole ? Math.round((100 * part) / whole) : 0;
    }

    // -- what lies behind ------------------------------------------------------------------------------------------

    async openReport(report, domain = []) {
        const [name, moment] = REPORTS[report];
        const mine = this.scenarioId ? [["scenario_id", "=", this.scenarioId]] : [];
        const action = await this.action.loadAction(`marketing_scenario.${name}`);
        return this.action.doAction({
            ...action,
            domain: [[moment, ">=", this.state.told.since], ...mine, ...domain],
            context: { search_default_counted: 1 },
        });
    }

    openScenarioBoard(scenarioId) {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "marketing_scenario.dashboard",
            name: _t("Dashboard"),
            params: { scenario_id: scenarioId },
        });
    }

    async openLost(row) {
        const { first, last, days } = this.state;
        const args = [[this.scenarioId], first, last, days, row.step_id, row.state, row.reason];
        return this.action.doAction(await this.orm.call("marketing.scenario", "funnel_people", args));
    }

    async showHeat(message) {
        const heat = await this.orm.call("marketing.scenario.step", "heat_map", [[message.step_id]], {
            days: this.state.days,
        });
        this.state.heat = { ...heat, name: message.name };
    }

    drawChart() {
        this.chart?.destroy();
        const told = this.state.told;
        if (!this.canvas.el || !told) {
            return;
        }
        const scheme = cookie.get("color_scheme");
        const weeks = [...new Set(told.weeks.map((row) => row.week))].sort();
        const doors = [...new Set(told.weeks.map((row) => row.door))];
        const sums = (field, door) =>
            weeks.map((week) =>
                told.weeks
                    .filter((row) => row.week === week && (door === undefined || row.door === door))
                    .reduce((sum, row) => sum + (row[field] || 0), 0),
            );
        this.chart = new Chart(this.canvas.el, {
            data: {
                labels: weeks.map((week) => formatDate(deserializeDateTime(week))),
                datasets: [
                    {
                        type: "line",
                        label: _t("Reached a goal").toString(),
                        data: sums("reached"),
                        borderColor: getColor(doors.length, scheme, doors.length + 1),
                        backgroundColor: "transparent",
                    },
                    ...doors.map((door, index) => ({
                        type: "bar",
                        stack: "doors",
                        label: this.doorLabel(door),
                        data: sums("count", door),
                        backgroundColor: getColor(index, scheme, doors.length + 1),
                        maxBarThickness: 40,
                    })),
                ],
            },
            options: {
                maintainAspectRatio: false,
                scales: { x: { stacked: true }, y: { beginAtZero: true, ticks: { precision: 0 } } },
            },
        });
    }
}

registry.category("actions").add("marketing_scenario.dashboard", ScenarioDashboard);
