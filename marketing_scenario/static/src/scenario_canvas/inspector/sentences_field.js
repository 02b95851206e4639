import { Component, useEffect, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { FormRenderer } from "@web/views/form/form_renderer";

/** The same form once more on a page: its fields and labels get ids of their own. */
function withOwnIds(archInfo, prefix) {
    const xmlDoc = archInfo.xmlDoc.cloneNode(true);
    const fieldNodes = {};
    for (const node of xmlDoc.querySelectorAll("[field_id]")) {
        const id = node.getAttribute("field_id");
        node.setAttribute("field_id", prefix + id);
        fieldNodes[prefix + id] = archInfo.fieldNodes[id];
    }
    return { ...archInfo, xmlDoc, fieldNodes, disableAutofocus: true };
}

/**
 * The rows of an inner list, each in its own form, in place: rules as sentences, cases with their rules.
 *
 * The arch gives the form of a row, in `string` what a row is called, in `add-label` what the button says. Option
 * `choose`: a selection field of the rows whose values are offered when one is added.
 */
export class SentencesField extends Component {
    static template = "marketing_scenario.SentencesField";
    static components = { Dropdown, DropdownItem, FormRenderer };
    static props = {
        ...standardFieldProps,
        archInfo: Object,
        context: { type: Object, optional: true },
        choose: { type: String, optional: true },
        add: { type: String, optional: true }, // without it nothing can be added
        row: String,
    };

    setup() {
        this.rowsRef = useRef("rows");
        this.archInfos = [];
        this.keys = [];
        this.lastKey = 0;
        this.isFresh = false; // a row was added here: one goes on in it
        useEffect(
            () => {
                if (this.isFresh) {
                    this.isFresh = false;
                    this.enterLastRow();
                }
            },
            () => [this.list.count],
        );
    }

    /** The focus goes to the first thing that is to be said in the new row. */
    enterLastRow() {
        const inputs = this.rowsRef.el?.lastElementChild.querySelectorAll("input, select, textarea");
        const input = inputs?.[this.props.choose ? 1 : 0]; // what was chosen already comes first
        input?.focus({ preventScroll: true });
        input?.select?.();
        input?.scrollIntoView({ block: "nearest" });
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    /** Rows with a key that stays when a new row is saved, so that the focus stays, too. */
    get rows() {
        const records = this.list.records;
        const known = new Map(this.keys.map((entry) => [entry.id, entry.key]));
        const ids = records.map((record) => record.resId || record.id);
        this.keys = ids.map((id, index) => {
            let key = known.get(id);
            const before = this.keys[index];
            if (key === undefined && before && records[index].resId && !ids.includes(before.id)) {
                key = before.key; // was new until now
            }
            return { id, key: key ?? ++this.lastKey };
        });
        return records.map((record, index) => ({ record, key: this.keys[index].key, index }));
    }

    archInfo(key) {
        this.archInfos[key] ??= withOwnIds(this.props.archInfo, `${this.props.id || this.props.name}_${key}_`);
        return this.archInfos[key];
    }

    get choices() {
        const { selection } = this.list.fields[this.props.choose];
        return selection.map(([value, label]) => ({ value, label })).sort((a, b) => a.label.localeCompare(b.label));
    }

    get words() {
        return { up: _t("Move up"), down: _t("Move down"), remove: _t("Remove") };
    }

    name(index) {
        return `${this.props.row} ${index + 1}`;
    }

    add(choice) {
        this.isFresh = true;
        const context = { ...this.props.context };
        if (choice) {
            context[`default_${this.props.choose}`] = choice;
        }
        return this.list.addNewRecord({ position: "bottom", mode: "edit", context });
    }

    remove(record) {
        return this.list.delete(record);
    }

    /** @param {number} by -1: up, 1: down */
    move(index, by) {
        const { records } = this.list;
        const target = records[by < 0 ? index - 2 : index + 1];
        return this.list.resequence(records[index].id, target ? target.id : null);
    }
}

export const sentencesField = {
    component: SentencesField,
    supportedTypes: ["one2many", "many2many"],
    useSubView: true,
    /** Rows are read and written by the fields of their inline form (an arch may name lists and kanbans only). */
    relatedFields: (fieldInfo) => {
        fieldInfo.viewMode = "form";
        return [];
    },
    extractProps: ({ attrs, options, string, views }, { context }) => ({
        archInfo: views.form,
        context,
        choose: options.choose,
        add: attrs["add-label"],
        row: string,
    }),
};

registry.category("fields").add("scenario_sentences", sentencesField);
