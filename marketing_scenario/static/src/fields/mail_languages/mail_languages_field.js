import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * In which language a mail is designed: all at once, or one, which says something of its own from then on. The field
 * tells the languages; a choice saves the mail and opens it anew.
 */
export class MailLanguagesField extends Component {
    static template = "marketing_scenario.MailLanguages";
    static props = { ...standardFieldProps };

    get told() {
        return this.props.record.data[this.props.name] || { languages: [] };
    }

    get choices() {
        const { languages, alike } = this.told;
        return alike ? [["", ""], ...languages] : languages;
    }

    choose(code) {
        const { model, id, design } = this.told;
        return this.env.onClickViewButton({
            clickParams: {
                type: "object",
                name: design,
                buttonContext: { marketing_language: code },
            },
            getResParams: () => ({ resModel: model, resId: id, resIds: [id] }),
        });
    }
}

registry.category("fields").add("scenario_mail_languages", {
    component: MailLanguagesField,
    supportedTypes: ["json"],
});
