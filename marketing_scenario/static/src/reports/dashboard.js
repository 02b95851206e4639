import { markup, onMounted, onWillStart, onWillUnmount, status, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { formatCurrency } from "@web/core/currency";
import { deserializeDate, formatDate, serializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { ScenarioComparison } from "@marketing_scenario/reports/comparison";
import { chartOptions } from "@marketing_scenario/screens/chart";
import { ScenarioAction } from "@marketing_scenario/screens/scenario_action";

const PERIODS = {
    7: _t("Last 7 days"),
    30: _t("Last 30 days"),
    90: _t("Last 90 days"),
    365: _t("Last 12 months"),
};
const number = (value) => formatFloat(value, { digits: [16, 1], trailingZeros: false });
const percent = (value) => `${number(100 * value)}\u00a0%`;
const is = (fact) => [[fact, "=", 1]];
const some = (share) => [[share, ">", 0]];
/** What a tile shows: its label, how its figure is written, the report behind it, and which of its rows. */
const TILES = [
    ["entries", _t("entered"), number, "entry", []],
    ["reached", _t("reached a goal"), number, "entry", is("reached")],
    ["goal_rate", _t("goal rate"), percent, "entry", is("reached")],
    ["days", _t("days to the goal"), number, "entry", is("reached")],
    ["value", _t("value of the goals"), "money", "entry", is("reached")],
    ["sent", _t("messages sent"), number, "message", is("sent")],
    ["open_rate", _t("opening rate"), percent, "message", is("opened")],
    ["click_rate", _t("click rate"), percent, "message", is("clicked")],
    ["opt_out_rate", _t("unsubscribed"), percent, "message", is("opted_out")],
    ["created", _t("opportunities created"), number, "touch", some("created")],
    ["won", _t("opportunities won"), number, "touch", some("won")],
    ["revenue", _t("revenue"), "money", "touch", some("revenue")],
];
/** The columns of a table, told as tiles are; with the figure of which they are a part, and a hint. */
const RESULTS = [
    ["entries", _t("Entries"), number, "entry", []],
    ["reached", _t("Reached a goal"), number, "entry", is("reached")],
    ["goal_rate", _t("Goal rate"), percent, "entry", is("reached")],
    ["value", _t("Value"), "money", "entry", is("reached")],
    ["won", _t("Won"), number, "touch", some("won")],
    ["revenue", _t("Revenue"), "money", "touch", some("revenue")],
];
const MESSAGES = [
    ["sent", _t("Sent"), number, "message", is("sent")],
    ["delivered", _t("Delivered"), number, "message", is("delivered")],
    ["opened", _t("Opened"), number, "message", is("opened"), "delivered"],
    [
        "opened_by_machine",
        _t("By a machine only"),
        number,
        "message",
        is("opened_by_machine"),
        "",
        _t("Mail programs and scanners that fetch each mail, read or not"),
    ],
    ["clicked", _t("Clicked"), number, "message", is("clicked"), "delivered"],
    ["replied", _t("Answered"), number, "message", is("replied")],
    ["bounced", _t("Bounced"), number, "message", is("bounced")],
    ["failed", _t("Not sent"), number, "message", is("failed"), "", _t("An error kept them from leaving")],
    ["opted_out", _t("Unsubscribed"), number, "message", is("opted_out")],
    ["created", _t("Opportunities"), number, "touch", some("created")],
    ["revenue", _t("Revenue"), "money", "touch", some("revenue")],
];
const asColumns = (columns) =>
    columns.map(([name, label, format, report, rows, whole, hint]) => ({
        name,
        label,
        format,
        report,
        rows,
        whole,
        hint,
    }));
/** By what those who walk and the control group are compared, beside all together. */
const COMPARED = {
    user_id: _t("Salesperson"),
    lang: _t("Language"),
    source_id: _t("Source"),
    target_kind: _t("Kind"),
};
/** The reports: their action, and the field that says when. */
const REPORTS = {
    entry: ["marketing_report_entry_action", "entered_at"],
    message: ["marketing_report_message_action", "sent_at"],
    click: ["marketing_report_click_action", "clicked_at"],
    touch: ["marketing_report_touch_action", "at"],
};

/** What scenarios brought: one of them, or all (S43, S57). */
export class ScenarioDashboard extends ScenarioAction {
    static template = "marketing_scenario.Dashboard";
    static components = { ScenarioComparison };

    setup() {
        super.setup();
        Object.assign(this, { PERIODS, COMPARED });
        this.root = useRef("root");
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
            compared: {},
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
                const { step_id: asked } = this.props.action.params || {};
                const known = this.state.steps.some((step) => step.id === asked);
                Object.assign(this.state, { first: known ? asked : start?.id, last: (others.at(-1) || start)?.id });
                const message = this.state.told.messages.find((row) => row.step_id === asked && row.has_mail);
                await Promise.all([this.loadFunnel(), message && this.showHeat(message)]);
            }
        });
        onMounted(() => {
            if (this.props.action.params?.step_id) {
                this.root.el.querySelector(".o_dashboard_heat_map, .o_dashboard_funnel")?.scrollIntoView();
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
        return TILES.map(([name, label, format, report, rows]) => {
            const now = this.state.told.tiles[name];
            const before = this.state.before[name] ?? null;
            const known = now !== null && before !== null && before !== 0;
            return {
                name,
                label,
                report,
                rows,
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

    /** The tables of figures: each figure leads to its people. */
    get tables() {
        const { doors, scenarios } = this.state.told;
        const doorsTable = {
            key: "doors",
            title: _t("Doors"),
            head: _t("Entered by"),
            columns: asColumns(RESULTS),
            rows: doors.map((row) => ({
                ...row,
                name: this.doorLabel(row.key),
                domain: [["door", "=", row.key || false]],
                open: () => this.openReport("entry", [["door", "=", row.key || false]]),
            })),
        };
        const scenariosTable = {
            key: "scenarios",
            title: _t("Scenarios"),
            head: _t("Scenario"),
            columns: asColumns(RESULTS),
            rows: scenarios.map((row) => ({
                ...row,
                domain: [["scenario_id", "=", row.key]],
                open: () => this.openScenarioBoard(row.key),
            })),
        };
        return [doorsTable, scenariosTable].filter((table) => table.rows.length);
    }

    get messagesTable() {
        const { messages, scenario } = this.state.told;
        return {
            key: "messages",
            title: _t("Messages"),
            head: _t("Message"),
            columns: asColumns(MESSAGES),
            rows: messages.map((row) => ({
                ...row,
                key: row.step_id,
                below: scenario ? "" : row.scenario,
                domain: [["step_id", "=", row.step_id]],
                open: () => this.openReport("message", [["step_id", "=", row.step_id]]),
            })),
        };
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

    /**
     * The people behind a figure, as the list of a report.
     * @param {"entry"|"message"|"click"|"touch"} report
     * @param {Array} rows domain
     * @param {[string, string]} period from and until, the period of the dashboard unless given
     */
    async openReport(report, rows, [from, until] = [this.state.told.since]) {
        const [name, moment] = REPORTS[report];
        const mine = this.scenarioId ? [["scenario_id", "=", this.scenarioId]] : [];
        const action = await this.action.loadAction(`marketing_scenario.${name}`);
        const before = until ? [[moment, "<", until]] : [];
        return this.action.doAction(
            { ...action, domain: [[moment, ">=", from], ...before, ...mine, ...rows], context: {} },
            { viewType: "list" },
        );
    }

    openCell(column, row) {
        return this.openReport(column.report, [...row.domain, ...column.rows]);
    }

    openBefore(tile) {
        const { told, before } = this.state;
        return this.openReport(tile.report, tile.rows, [before.since, told.since]);
    }

    openLink({ url, labels }) {
        const rows = [
            ["step_id", "=", this.state.heat.stepId],
            ["url", "=", url],
            ["label", "in", labels],
        ];
        return this.openReport("click", rows);
    }

    async openCompared(scenarioId, rows = []) {
        const action = await this.orm.call("marketing.scenario", "action_compared_people", [[scenarioId]]);
        return this.action.doAction({ ...action, domain: [...action.domain, ...rows] });
    }

    async compareBy(scenarioId, by) {
        const rows = by && (await this.orm.call("marketing.scenario", "compare_by", [[scenarioId], by]));
        this.state.compared[scenarioId] = by ? { by, rows } : null;
    }

    openScenarioBoard(scenarioId) {
        return this.action.doAction({
            type: "ir.actions.client",
            tag: "marketing_scenario.dashboard",
            name: _t("Dashboard"),
            params: { scenario_id: scenarioId },
        });
    }

    /** Those who are somewhere else, or without a place, those who passed a step of the funnel. */
    async openFunnel(stepId, state = false, reason = false) {
        const { first, last, days } = this.state;
        const args = [[this.scenarioId], first, last, days, stepId, state, reason];
        return this.action.doAction(await this.orm.call("marketing.scenario", "funnel_people", args));
    }

    async showHeat(message) {
        const heat = await this.orm.call("marketing.scenario.step", "heat_map", [[message.step_id]], {
            days: this.state.days,
        });
        this.state.heat = { ...heat, name: message.name, stepId: message.step_id };
    }

    /** A bar is the entries of a week by a door; the line, those who reached a goal. */
    openBar(week, door) {
        const [from, until] = [0, 7].map((days) => serializeDateTime(deserializeDate(week).plus({ days })));
        const rows = door === undefined ? is("reached") : [["door", "=", door]];
        return this.openReport("entry", rows, [from > this.state.told.since ? from : this.state.told.since, until]);
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
                labels: weeks.map((week) => formatDate(deserializeDate(week))),
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
            options: chartOptions({
                onClick: (_ev, [element]) =>
                    element && this.openBar(weeks[element.index], doors[element.datasetIndex - 1]),
                scales: { x: { stacked: true }, y: { beginAtZero: true, ticks: { precision: 0 } } },
            }),
        });
    }
}

registry.category("actions").add("marketing_scenario.dashboard", ScenarioDashboard);
