import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useForwardRefToParent } from "@web/core/utils/hooks";

/** What is carried, at the pointer, with what would happen if it were dropped. */
export class CanvasGhost extends Component {
    static template = "marketing_scenario.CanvasGhost";
    static props = { shown: Object, ghost: Function };

    setup() {
        useForwardRefToParent("ghost");
        this.shown = useState(this.props.shown);
    }

    get ontoText() {
        return _t("Move to “%s”…", this.shown.onto);
    }
}
