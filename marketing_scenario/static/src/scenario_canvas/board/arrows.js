import { Component } from "@odoo/owl";

/** The lines between the steps, and the arrows of steps that send people elsewhere. */
export class CanvasArrows extends Component {
    static template = "marketing_scenario.CanvasArrows";
    static props = {
        layout: Object,
        widths: { optional: true }, // how thick each link is, when a forecast says it
    };
}
