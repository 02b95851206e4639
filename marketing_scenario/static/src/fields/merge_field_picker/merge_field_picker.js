import { Component, onWillStart, useState } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { fuzzyLookup } from "@web/core/utils/search";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { DynamicPlaceholderPopover } from "@web/views/fields/dynamic_placeholder_popover";

const TARGET = "marketing.scenario.target";

/**
 * The merge fields that say the same on contacts, accounts and leads: those people look for first, the rest under
 * "More". Odoo's own picker would list every field of one model, and so fields that fail on the other.
 */
export class MergeFieldList extends Component {
    static template = "marketing_scenario.MergeFieldList";
    static props = { choose: Function, close: Function };

    setup() {
        useAutofocus({ refName: "search" });
        this.orm = useService("orm");
        this.state = useState({ query: "", more: false });
        onWillStart(async () => {
            this.fields = await this.orm.call(TARGET, "merge_fields", []);
        });
    }

    /** What is searched is searched in all of them. */
    get shown() {
        const { first, more } = this.fields;
        if (this.state.query) {
            return fuzzyLookup(this.state.query, [...first, ...more], (field) => field.label);
        }
        return this.state.more ? [...first, ...more] : first;
    }

    get hasMore() {
        return !this.state.query && !this.state.more && this.fields.more.length > 0;
    }

    onKeydown(ev) {
        if (ev.key === "Escape") {
            this.props.close();
        } else if (ev.key === "Enter" && this.shown.length) {
            ev.preventDefault();
            this.props.choose(this.shown[0]);
        } else {
            return;
        }
        ev.stopPropagation();
    }
}

DynamicPlaceholderPopover.components = { ...DynamicPlaceholderPopover.components, MergeFieldList };

patch(DynamicPlaceholderPopover.prototype, {
    get offersMergeFields() {
        return this.props.resModel === TARGET;
    },

    chooseMergeField(field) {
        this.setPath(field.path, { string: field.label, type: "char" });
        this.state.isPathSelected = true;
    },
});
