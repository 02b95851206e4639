import { Component } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

export const MODELS = { "res.partner": _t("Contacts and accounts"), "crm.lead": _t("Leads") };

/**
 * A function that opens the list of the people behind a figure of a forecast; of those of them whom the user may see.
 *
 * @returns {(title: string, figure: { count: number, who: Object }) => Promise}
 */
export function useForetoldPeople() {
    const action = useService("action");
    const dialog = useService("dialog");
    const open = (title, { count, who }, model) => {
        const known = Object.values(who).reduce((sum, ids) => sum + ids.length, 0);
        const name = known < count ? _t("%(title)s (%(known)s of %(count)s)", { title, known, count }) : title;
        return action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: model,
            views: [
                [false, "list"],
                [false, "form"],
            ],
            domain: [["id", "in", who[model]]],
            context: { active_test: false },
        });
    };
    return (title, figure) => {
        const models = Object.keys(figure.who);
        if (models.length === 1) {
            return open(title, figure, models[0]);
        }
        const label = (model) => `${MODELS[model]} (${figure.who[model].length})`;
        return dialog.add(ConfirmationDialog, {
            title,
            body: _t("Whom do you want to see?"),
            confirmLabel: label(models[0]),
            confirm: () => open(title, figure, models[0]),
            cancelLabel: label(models[1]),
            cancel: () => open(title, figure, models[1]),
            dismiss: () => {},
        });
    };
}

/** A figure of a forecast; a click shows the people behind it. */
export class ForetoldFigure extends Component {
    static template = "marketing_scenario.ForetoldFigure";
    static props = {
        figure: Object, // { count, who }, see `Total.told`
        text: String,
        title: String, // what it counts
        onOpen: { type: Function, optional: true }, // before the people are shown
    };

    setup() {
        this.showPeople = useForetoldPeople();
    }

    get hasPeople() {
        return Object.keys(this.props.figure.who).length > 0;
    }

    open() {
        this.props.onOpen?.();
        return this.showPeople(this.props.title, this.props.figure);
    }
}
