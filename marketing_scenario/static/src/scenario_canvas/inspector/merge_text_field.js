import { Component, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { TextField, textField } from "@web/views/fields/text/text_field";

/** A text with a button that inserts fields of the recipient, by the names people know, where the caret is. */
class MergeField extends Component {
    static template = "marketing_scenario.MergeField";
    static components = { Dropdown, DropdownItem };
    static props = ["*"];

    setup() {
        this.root = useRef("root");
    }

    get fields() {
        return this.props.record.data.merge_fields || [];
    }

    async insert(expression) {
        const input = this.root.el.querySelector("input, textarea");
        const { value, selectionStart, selectionEnd } = input;
        const field = `{{ ${expression} }}`;
        const text = value.slice(0, selectionStart) + field + value.slice(selectionEnd);
        await this.props.record.update({ [this.props.name]: text });
        const caret = selectionStart + field.length;
        input.focus();
        input.setSelectionRange(caret, caret);
    }
}

class MergeCharField extends MergeField {
    get Field() {
        return CharField;
    }
}

class MergeTextField extends MergeField {
    get Field() {
        return TextField;
    }
}

const fieldDependencies = [{ name: "merge_fields", type: "json" }];
const fields = registry.category("fields");
fields.add("scenario_merge_char", { ...charField, component: MergeCharField, fieldDependencies });
fields.add("scenario_merge_text", { ...textField, component: MergeTextField, fieldDependencies });
