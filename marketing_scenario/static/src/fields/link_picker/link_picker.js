import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { Component } from "@odoo/owl";

/**
 * Chooses one of the links of a mail. The choices come from a Json field of the same record:
 * [{url, label, kind: "button" | "image" | "text"}]; the url goes to this field, the label to another.
 */
export class LinkPicker extends Component {
    static template = "marketing_scenario.LinkPicker";
    static props = {
        ...standardFieldProps,
        choicesField: String,
        labelField: String,
    };

    get kinds() {
        return { button: _t("Button"), image: _t("Image"), text: _t("Text") };
    }

    get current() {
        const data = this.props.record.data;
        return { url: data[this.props.name] || "", label: data[this.props.labelField] || "" };
    }

    /** The links of the mail, and the chosen one even when the mail has lost it. */
    get choices() {
        const choices = (this.props.record.data[this.props.choicesField] || []).map((link) => ({
            ...link,
            text: `${this.kinds[link.kind]}: ${link.label || link.url} (${link.url})`,
        }));
        if (this.current.url && !choices.some((link) => this.isCurrent(link))) {
            choices.push({ ...this.current, text: `${this.current.label} ${this.current.url}`.trim() });
        }
        return choices;
    }

    isCurrent(link) {
        return link.url === this.current.url && (!this.current.label || link.label === this.current.label);
    }

    get currentText() {
        return this.choices.find((link) => this.isCurrent(link))?.text || _t("Any link");
    }

    onChange(ev) {
        const link = this.choices[ev.target.value];
        this.props.record.update({
            [this.props.name]: link?.url || false,
            [this.props.labelField]: link?.label || false,
        });
    }
}

registry.category("fields").add("marketing_link", {
    component: LinkPicker,
    displayName: _t("Link of a mail"),
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({
        choicesField: options.choices_field,
        labelField: options.label_field,
    }),
});
