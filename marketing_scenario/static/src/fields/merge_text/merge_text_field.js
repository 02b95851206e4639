import { EmojisFieldCommon } from "@mail/views/web/fields/emojis_field_common/emojis_field_common";
import { onWillStart, useEffect, useExternalListener, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useAutoresize } from "@web/core/utils/autoresize";
import { useService, useSpellCheck } from "@web/core/utils/hooks";
import { CharField, charField } from "@web/views/fields/char/char_field";
import { useDynamicPlaceholder } from "@web/views/fields/dynamic_placeholder_hook";
import { useInputField } from "@web/views/fields/input_field_hook";
import { TextField, textField } from "@web/views/fields/text/text_field";
import { Wording } from "./wording";

const TARGET = "marketing.scenario.target";

/**
 * A text of a message in which merge fields are read and typed by name: “[First name], welcome”. What is stored is Odoo's
 * `{{ object.… }}`; what has no name among our merge fields is shown and kept as it is.
 *
 * Its set-up takes the place of Odoo's own, which shows what is stored.
 */
const MergeField = (Field) =>
    class extends Field {
        useWording(input, refName) {
            this.wording = new Wording([]);
            const orm = useService("orm");
            onWillStart(async () => {
                const { first, more } = await orm.cache().call(TARGET, "merge_fields", []);
                this.wording = new Wording([...first, ...more]);
            });
            this.dynamicPlaceholder = useDynamicPlaceholder(input);
            useExternalListener(document, "keydown", this.dynamicPlaceholder.onKeydown);
            useEffect(() => this.dynamicPlaceholder.updateModel(this.props.dynamicPlaceholderModelReferenceField));
            useInputField({
                getValue: () => this.formattedValue,
                parse: (words) => this.wording.toCode(words),
                refName,
            });
            this.selectionStart = this.stored.length;
            this.edited = input;
        }

        get stored() {
            return this.props.record.data[this.props.name] || "";
        }

        get formattedValue() {
            return this.wording.toWords(this.stored);
        }

        async onDynamicPlaceholderValidate(path, fallback) {
            await super.onDynamicPlaceholderValidate(path, fallback);
            if (path) {
                this.edited.el.dispatchEvent(new Event("change")); // shown by its name at once
            }
        }
    };

export class MergeLineField extends MergeField(EmojisFieldCommon(CharField)) {
    static template = "mail.EmojisCharField";

    setup() {
        this.input = useRef("input");
        this.targetEditElement = this.input;
        this.useWording(this.input, "input");
        this._setupOverride();
    }
}

export class MergeLinesField extends MergeField(TextField) {
    static template = "marketing_scenario.MergeLinesField";

    setup() {
        this.divRef = useRef("div");
        this.textareaRef = useRef("textarea");
        this.useWording(this.textareaRef, "textarea");
        useSpellCheck({ refName: "textarea" });
        useAutoresize(this.textareaRef, { minimumHeight: this.minimumHeight });
    }
}

registry.category("fields").add("scenario_merge_line", {
    ...charField,
    component: MergeLineField,
    additionalClasses: ["o_field_text"],
});
registry.category("fields").add("scenario_merge_lines", {
    ...textField,
    component: MergeLinesField,
    additionalClasses: ["o_field_text"],
});
