import { formatInteger } from "@web/views/fields/formatters";
import { forecastMemory } from "@marketing_scenario/simulation/forecast_memory";
import { onCard } from "@marketing_scenario/simulation/foretold";
import { useForetoldPeople } from "@marketing_scenario/simulation/people";
import { percent } from "../board/card";
import { labelled } from "../model/tree";

const THICKEST = 7; // an arrow that everybody takes; pixels of the screen
const FAR = [1, 1.5, 2, 3, 4.5, 6.5]; // how much bigger figures are drawn, the smaller the tree is

/** What a forecast says of the tree, put on its arrows and cards. */
export class Foretelling {
    constructor(treeId) {
        const showPeople = useForetoldPeople();
        this.isBack = forecastMemory.takeUp(treeId);
        this.showPeople = (title, figure) => {
            forecastMemory.leave(treeId);
            return showPeople(title, figure);
        };
    }

    /**
     * @param {Object} told see foretold.js
     * @param {import("../model/tree").Tree} tree
     * @returns {Object} the figures of cards by id of the step, those of arrows, and how thick an arrow is
     */
    of(told, tree) {
        if (this.shown?.told !== told || this.shown.tree !== tree) {
            this.shown = { told, tree, cards: {} };
            for (const step of tree.steps) {
                this.shown.cards[step.id] = this.onStep(told, step);
            }
        }
        return {
            cards: this.shown.cards,
            onArrow: ({ place }) => this.onArrow(tree.get(place.parent), place.outcome),
            onJump: ({ from }) => this.onJump(tree.get(Number(from))),
            width: ({ place }) => this.width(tree.get(place.parent), place.outcome),
        };
    }

    onStep({ names, of }, step) {
        return (of[step.ref] || [])
            .map((one, index) => one && { index, name: names[index], figures: onCard(one) })
            .filter(Boolean);
    }

    onArrow(step, outcome) {
        return this.chips(step, (one) => one.ways[outcome], labelOf(step, outcome));
    }

    onJump(step) {
        return this.chips(step, (one) => one.jumped, step.summary);
    }

    /** `[{index, title, figure, count, share, label}]`: of each result that knows this arrow */
    chips(step, figureOf, way) {
        const { names, of } = this.shown.told;
        const chips = [];
        for (const [index, one] of (of[step.ref] || []).entries()) {
            const figure = one && figureOf(one);
            if (figure) {
                const share = percent(figure.count, one.came.count);
                const words = `${formatInteger(figure.count)} (${share})`;
                const title = [step.name, way].filter(Boolean).join(" → ");
                const label = labelled(names[index], labelled(title, words));
                chips.push({ index, title, figure, share, label, count: formatInteger(figure.count) });
            }
        }
        return chips;
    }

    width(step, outcome) {
        const { of, most } = this.shown.told;
        const counts = (of[step.ref] || []).map((one) => one?.ways[outcome]?.count || 0);
        return (1 + (THICKEST - 1) * Math.min(1, Math.max(0, ...counts) / most)).toFixed(1);
    }
}

function labelOf(step, outcome) {
    return step.outcomes.length > 1 ? (step.outcomes.find(([code]) => code === outcome) || [])[1] : "";
}

/** How much bigger than the tree figures are drawn at a zoom (percent), so that they can be read. */
export function farness(zoom) {
    return FAR.findLast((one) => one <= Math.max(1, 85 / zoom));
}
