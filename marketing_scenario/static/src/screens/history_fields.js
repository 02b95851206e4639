import { Component } from "@odoo/owl";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Rows of a JSON field; their moments are UTC texts of the server, shown in the user's time zone. */
class HistoryField extends Component {
    static props = { ...standardFieldProps };

    get rows() {
        return this.props.record.data[this.props.name] || [];
    }

    moment(text) {
        return text ? toLocaleDateTimeString(deserializeDateTime(text)) : "";
    }
}

/** Path of an enrollment, and its planned next moment (S42). */
export class ScenarioTimeline extends HistoryField {
    static template = "marketing_scenario.Timeline";
}

/** Messages sent to a record, with what became of them (S12). */
export class ScenarioMessages extends HistoryField {
    static template = "marketing_scenario.Messages";
}

for (const [name, component] of [
    ["scenario_timeline", ScenarioTimeline],
    ["scenario_messages", ScenarioMessages],
]) {
    registry.category("fields").add(name, { component, supportedTypes: ["json"] });
}
