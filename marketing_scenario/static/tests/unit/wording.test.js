import { describe, expect, test } from "@odoo/hoot";

import { Wording } from "@marketing_scenario/fields/merge_text/wording";

describe.current.tags("headless");

const wording = new Wording([
    { path: "marketing_first_name", label: "First name" },
    { path: "city", label: "City" },
    { path: "partner_city", label: "City" }, // two of one name: the first
]);

test("merge fields are read and typed by name", () => {
    const code = "{{ object.marketing_first_name }}, come to {{ object.city ||| town}}!";
    const words = "[First name], come to [City|town]!";
    expect(wording.toWords(code)).toBe(words);
    expect(wording.toCode(words)).toBe(code);
    expect(wording.toWords(" {{object.city}}")).toBe(" [City]", { message: "as Odoo's picker writes it" });
});

test("what has no name stays as it is", () => {
    for (const code of [
        "{{ object.nope }}",
        "{{ object.city or 'town' }}",
        "{{ object.partner_city }}",
        "[draft] {x}",
    ]) {
        expect(wording.toWords(code)).toBe(code);
        expect(wording.toCode(code)).toBe(code);
    }
});
