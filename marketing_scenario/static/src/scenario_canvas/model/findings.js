import { _t } from "@web/core/l10n/translation";

/**
 * What the check of the server has found.
 *
 * @typedef {{ step_id: number, level: "error" | "warning", code: string, message: string }} Finding
 */

/** @param {Finding[]} findings */
export function countedIn(findings) {
    const errors = findings.filter(({ level }) => level === "error").length;
    return { errors, warnings: findings.length - errors };
}

export function inWords({ errors, warnings }) {
    const parts = [];
    if (errors) {
        parts.push(errors === 1 ? _t("1 error") : _t("%s errors", errors));
    }
    if (warnings) {
        parts.push(warnings === 1 ? _t("1 warning") : _t("%s warnings", warnings));
    }
    return parts.join(", ") || _t("Nothing is missing.");
}

/**
 * What is marked on the cards; an end that is missing is seen in the tree itself.
 *
 * @param {Finding[]} findings
 * @returns {Object} `{step id: { isError, text }}`
 */
export function foundOn(findings) {
    const found = {};
    for (const { step_id: id, level, code, message } of findings) {
        const before = found[id];
        if (code !== "missing_end") {
            found[id] = {
                isError: level === "error" || Boolean(before?.isError),
                text: before ? `${before.text}\n${message}` : message,
            };
        }
    }
    return found;
}
