import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";

import { farness } from "@marketing_scenario/scenario_canvas/simulation/foretelling";
import { layoutTree } from "@marketing_scenario/scenario_canvas/model/layout";
import { foretold, onCard } from "@marketing_scenario/simulation/foretold";

import { smallTree } from "./canvas_helpers";

describe.current.tags("headless");
beforeEach(allowTranslations);

const figure = (count) => ({ count, who: {} });
const step = (ref, count, rest) => ({
    ...{ ref, came: figure(count), skipped: figure(0), standing: figure(0), jumped: figure(0) },
    ...{ ended: [], ways: [{ code: "next", ...figure(count) }], ...rest },
});

test("what walked stands for all", () => {
    const told = { steps: [step(1, 10), step(2, 5)] };
    const { of, most } = foretold([{ title: "one", told }], { people: 1000, walked: 100 });
    expect([most, of[1][0].came.count, of[2][0].ways.next.count]).toEqual([100, 100, 50]);
});

test("a step that one result does not know has nothing of it", () => {
    const results = [
        { title: "as published", told: { steps: [step(1, 4), step(2, 4)] } },
        { title: "with the changes", told: { steps: [step(1, 4), step(7, 4)] } },
    ];
    const { of, names } = foretold(results, { people: 4, walked: 4 });
    expect([of[2][1], of[7][0], of[1].length]).toEqual([undefined, undefined, 2]);
    expect(names).toEqual(["Forecast (as published)", "Forecast (with the changes)"]);
    expect(foretold(results, { people: 4, walked: 4, isPast: true }).names[0]).toBe("Back-test (as published)");
});

test("a card says how many come, and else what is not nothing", () => {
    const ended = [{ reason: "Reached the end", ...figure(3) }];
    const told = { steps: [step(1, 0), step(2, 3, { ended })] };
    const { of } = foretold([{ title: "one", told }], { people: 3, walked: 3 });
    expect(onCard(of[1][0]).map(({ name, count }) => [name, count])).toEqual([["came", 0]]);
    expect(onCard(of[2][0]).map(({ label, count }) => `${label} ${count}`)).toEqual([
        "Come here 3",
        "Reached the end 3",
    ]);
});

test("figures grow as the tree gets smaller, and a card has room for them", () => {
    expect([200, 100, 60, 30, 14, 5].map(farness)).toEqual([1, 1, 1, 2, 4.5, 6.5]);
    for (const compact of [false, true]) {
        const [plain, one, two] = [0, 1, 2].map((told) => layoutTree(smallTree(), { compact, told }).byKey.get("1"));
        expect(one.height - plain.height).toBeGreaterThan(15);
        expect(two.height - one.height).toBe(one.height - plain.height);
    }
});
