import { cookie } from "@web/core/browser/cookie";
import { getCustomColor } from "@web/core/colors/colors";

/**
 * Options of a chart whose labels and lines have the colors of Odoo's own graphs: Chart.js knows no dark theme.
 *
 * @param {object} options of Chart.js, with `scales`
 */
export function chartOptions({ scales, ...options }) {
    const scheme = cookie.get("color_scheme");
    const color = getCustomColor(scheme, "#111827", "#E4E4E4");
    const grid = { color: getCustomColor(scheme, "rgba(0,0,0,.1)", "rgba(255,255,255,.15)") };
    const colored = Object.entries(scales).map(([axis, { ticks, ...scale }]) => [
        axis,
        { ...scale, grid, ticks: { ...ticks, color } },
    ]);
    return {
        maintainAspectRatio: false,
        plugins: { legend: { labels: { color } } },
        scales: Object.fromEntries(colored),
        ...options,
    };
}
