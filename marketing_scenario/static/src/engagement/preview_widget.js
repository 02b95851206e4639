import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The public page of a form as last saved, in the width of a screen or of a phone. */
export class EngagementPreview extends Component {
    static template = "marketing_scenario.EngagementPreview";
    static props = { ...standardWidgetProps };

    setup() {
        this.state = useState({ phone: false, turn: 0 });
    }

    /** Changes with each save, so that the frame loads again. */
    get source() {
        const { public_url, write_date } = this.props.record.data;
        const stamp = write_date ? write_date.toMillis() : 0;
        return `${new URL(public_url).pathname}?preview=1&embed=1&turn=${stamp}-${this.state.turn}`;
    }

    get isDirty() {
        return this.props.record.dirty;
    }
}

registry.category("view_widgets").add("engagement_preview", {
    component: EngagementPreview,
    fieldDependencies: [
        { name: "public_url", type: "char" },
        { name: "write_date", type: "datetime" },
    ],
});
