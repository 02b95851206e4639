import { MassMailingHtmlField, massMailingHtmlField } from "@mass_mailing/fields/html_field/mass_mailing_html_field";
import { onError, onWillDestroy } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { Deferred } from "@web/core/utils/concurrency";

/**
 * Odoo's mail designer, in a form that saves as one goes.
 *
 * Choosing a theme changes the mail, and the editor, which makes the mail out of the theme, comes seconds later. Odoo's
 * own form is saved by hand, hardly ever in between; a save of ours waits for the editor.
 */
export class MailDesignerField extends MassMailingHtmlField {
    setup() {
        super.setup();
        onWillDestroy(() => this.editorReady.resolve());
        onError((error) => {
            this.editorReady.resolve(); // it never will be
            throw error;
        });
    }

    /** Another editor comes: whoever waits for the one before waits for it. */
    resetIframe() {
        super.resetIframe();
        const next = new Deferred();
        this.editorReady?.resolve(next);
        this.editorReady = next;
    }

    getConfig() {
        const config = super.getConfig();
        const { onEditorReady } = config;
        return {
            ...config,
            onEditorReady: () => {
                this.editorReady.resolve();
                return onEditorReady();
            },
        };
    }

    /** Whether the editor has not yet made the mail of what it was given. */
    get isUnmade() {
        const { data } = this.props.record;
        const isEmpty = (name) => !data[name]?.toString();
        const isEdited = !this.props.readonly && !this.state.showCodeView;
        return isEdited && !isEmpty(this.props.name) && isEmpty(this.props.inlineField);
    }

    async _commitChanges({ urgent }) {
        if (this.isUnmade && !urgent) {
            await this.editorReady;
        }
        if (this.isUnmade && !this.editor?.editable) {
            return;
        }
        return super._commitChanges({ urgent });
    }
}

registry.category("fields").add("scenario_mail_designer", {
    ...massMailingHtmlField,
    component: MailDesignerField,
});
