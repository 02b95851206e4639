const CODE = /\{\{\s*object\.([\w.]+)\s*(?:\|\|\|([^[\]|{}]*))?\}\}/g;
const WORDS = /\[([^[\]|]+)(?:\|([^[\]|{}]*))?\]/g;

/** A text with merge fields, as it is stored and as people read it: `{{ object.city ||| town }}` and `[City|town]`. */
export class Wording {
    /** @param {{ path: string, label: string }[]} fields those that have a name; of two with one name the first */
    constructor(fields) {
        this.paths = {};
        for (const { path, label } of fields) {
            this.paths[label] ??= path;
        }
        this.labels = Object.fromEntries(Object.entries(this.paths).map(([label, path]) => [path, label]));
    }

    toWords(code) {
        return code.replace(CODE, (whole, path, fallback) => {
            const label = this.labels[path];
            const rest = fallback?.trim() ? `|${fallback.trim()}` : "";
            return label ? `[${label}${rest}]` : whole;
        });
    }

    toCode(words) {
        return words.replace(WORDS, (whole, label, fallback) => {
            const path = this.paths[label.trim()];
            const rest = fallback?.trim() ? ` ||| ${fallback.trim()}` : " "; // Odoo takes a fallback to its last blank
            return path ? `{{ object.${path}${rest}}}` : whole;
        });
    }
}
