import { _t } from "@web/core/l10n/translation";

/**
 * What the results of a forecast say of the steps of a tree, as it is drawn there.
 *
 * @param {{ title: string, told: Object }[]} results
 * @param {{ people: number, walked: number, isPast: boolean }} scale a result stands for so many people, of whom so many
 *      walked; of a past period: a back-test
 * @returns {{ titles: string[], names: string[], isPast: boolean, most: number, of: Object }} `of`: `{ref of a step: [of each result: {came, skipped,
 *      standing, jumped, ended: figures, ways: {code: figure}} or undefined]}`; a figure is `{count, who}`
 */
export function foretold(results, { people, walked, isPast }) {
    const scaled = ({ count, ...rest }) => ({ ...rest, count: walked ? Math.round((count * people) / walked) : 0 });
    const of = {};
    for (const [index, { told }] of results.entries()) {
        for (const { ref, came, skipped, standing, jumped, ended, ways } of told.steps) {
            of[ref] ??= results.map(() => undefined);
            of[ref][index] = {
                came: scaled(came),
                skipped: scaled(skipped),
                standing: scaled(standing),
                jumped: scaled(jumped),
                ended: ended.map(scaled),
                ways: Object.fromEntries(ways.map((way) => [way.code, scaled(way)])),
            };
        }
    }
    const came = Object.values(of).flatMap((all) => all.map((one) => one?.came.count || 0));
    const most = Math.max(1, ...came); // on one step
    const titles = results.map(({ title }) => String(title));
    const names = titles.map((title) => (isPast ? _t("Back-test (%s)", title) : _t("Forecast (%s)", title)));
    return { titles, names, isPast, most, of };
}

/** Figures of a card, those that say something: `[{name, icon, label, count, who}]`. */
export function onCard({ came, skipped, standing, ended }) {
    const all = [
        { name: "came", icon: "fa-sign-in", label: _t("Come here"), ...came },
        { name: "skipped", icon: "fa-ban", label: _t("Blocked"), ...skipped },
        { name: "standing", icon: "fa-user", label: _t("Still here at the end"), ...standing },
        ...ended.map((one) => ({ ...one, name: "ended", icon: "fa-flag-checkered", label: one.reason })),
    ];
    return all.filter(({ name, count }) => count || name === "came");
}
