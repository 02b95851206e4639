import { LinkPopover } from "@html_editor/main/link/link_popover";
import { onWillStart } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

const OURS = ["merge_model", "marketing_merge_model"]; // fields of our texts: the messages of steps, and their designer

/** A link in a message of a scenario leads to one of our forms, chosen by its name. */
patch(LinkPopover.prototype, {
    setup() {
        super.setup();
        this.marketingForms = [];
        const orm = useService("orm");
        const { data = {} } = this.props.recordInfo;
        if (OURS.some((name) => name in data)) {
            onWillStart(async () => {
                const { records } = await orm.webSearchRead("marketing.engagement.point", [], {
                    specification: { name: {}, title: {}, public_url: {} },
                });
                this.marketingForms = records;
            });
        }
    },

    onFormChosen(ev) {
        const form = this.marketingForms.find((one) => one.id === Number(ev.target.value));
        if (form) {
            this.state.url = form.public_url;
            this.state.label ||= form.title;
            this.onChange();
        }
    },
});
