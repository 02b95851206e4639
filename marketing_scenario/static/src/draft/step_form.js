import { onWillRender } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

const LINES = ["one2many", "many2many"];

/** The values of `record` when it was loaded, of the fields in `changes`; what the server compares before it saves. */
export function valuesAtLoad(record, changes) {
    const seen = {};
    for (const name in changes) {
        const field = record.fields[name];
        if (!field) {
            continue;
        }
        if (LINES.includes(field.type)) {
            seen[name] = rowsAtLoad(record._values[name], changes[name]);
        } else {
            seen[name] = record._formatServerValue(field.type, record._values[name]);
        }
    }
    return seen;
}

function rowsAtLoad(list, commands) {
    const added = commands.filter(([kind, id]) => kind === 4 && id).map(([, id]) => id);
    const removed = commands.filter(([kind, id]) => [2, 3].includes(kind) && id).map(([, id]) => id);
    const now = list.resIds.filter((id) => id && !added.includes(id));
    const rows = {};
    for (const [kind, id, values] of commands) {
        const row = kind === 1 && list.records.find((one) => one.resId === id);
        if (row) {
            rows[id] = valuesAtLoad(row, values);
        }
    }
    return { ids: [...new Set([...now, ...removed])], rows };
}

/** Form of a step: says at saving what it showed at loading, so that nothing of somebody else is overwritten. */
export class StepFormController extends FormController {
    setup() {
        super.setup();
        onWillRender(() => {
            const step = this.model.root;
            if (step && step.data.is_locked && step.isInEdition) {
                step.switchMode("readonly");
            }
        });
    }

    async onWillSaveRecord(record, changes) {
        if (record.resId) {
            record.config.context = { ...record.config.context, marketing_seen: valuesAtLoad(record, changes) };
        }
        return super.onWillSaveRecord(record, changes);
    }

    async onRecordSaved(record, changes) {
        const context = { ...record.config.context };
        delete context.marketing_seen;
        record.config.context = context;
        return super.onRecordSaved(record, changes);
    }
}

registry.category("views").add("marketing_scenario_step_form", { ...formView, Controller: StepFormController });
