import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, makeErrorFromResponse, RPCError } from "@web/core/network/rpc";

/**
 * What a request that failed says to the user, beside a way to try again (template `marketing_scenario.Trouble`).
 *
 * @param {Error} error anything but a failed request is thrown on
 */
export function troubleOf(error) {
    if (error instanceof ConnectionLostError) {
        return _t("The server does not answer. Nothing is lost: try again in a moment.");
    }
    if (error instanceof RPCError && error.data?.message) {
        return error.data.message;
    }
    throw error;
}

/**
 * Fields of a scenario; of one that was deleted meanwhile Odoo answers nothing, so its error is made here.
 *
 * @param {import("@web/core/orm_service").ORM} orm
 * @param {number} scenarioId
 * @param {string[]} fields
 */
export async function readScenario(orm, scenarioId, fields) {
    const [scenario] = await orm.read("marketing.scenario", [scenarioId], fields);
    if (!scenario) {
        const message = _t("This scenario was deleted meanwhile. Go back to the list of scenarios.");
        throw makeErrorFromResponse({
            message,
            data: { name: "odoo.exceptions.MissingError", message, arguments: [message] },
        });
    }
    return scenario;
}
