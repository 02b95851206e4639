import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { graphView } from "@web/views/graph/graph_view";
import { GraphRenderer } from "@web/views/graph/graph_renderer";
import { pivotView } from "@web/views/pivot/pivot_view";
import { PivotRenderer } from "@web/views/pivot/pivot_renderer";

const ADDED_UP = ["sum", "sum_currency", "avg"];

/** Of the rows behind a figure, those that the figure is made of: of “opened”, who opened; of a difference, all. */
function behind(domain, field) {
    return ADDED_UP.includes(field?.aggregator) ? [...domain, [field.name, ">", 0]] : domain;
}

class ReportPivotRenderer extends PivotRenderer {
    onOpenView(cell, newWindow) {
        this.opened = cell.measure;
        super.onOpenView(cell, newWindow);
    }

    openView(domain, ...others) {
        super.openView(behind(domain, this.model.metaData.fields[this.opened]), ...others);
    }
}

class ReportGraphRenderer extends GraphRenderer {
    openView(domain, ...others) {
        const { fields, measure } = this.model.metaData;
        super.openView(behind(domain, fields[measure]), ...others);
    }
}

registry.category("views").add("scenario_report_pivot", { ...pivotView, Renderer: ReportPivotRenderer });
registry.category("views").add("scenario_report_graph", { ...graphView, Renderer: ReportGraphRenderer });
// messages may share an opportunity; what is whole is written as a whole number
registry
    .category("formatters")
    .add("scenario_share", (value) => formatFloat(value, { digits: [16, 2], trailingZeros: false }));
