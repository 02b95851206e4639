import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError, RPCError } from "@web/core/network/rpc";

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
