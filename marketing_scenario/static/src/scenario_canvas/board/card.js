import { Component, useEffect, useRef } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { formatInteger } from "@web/views/fields/formatters";

import { labelled } from "../model/tree";

const CHANGES = { added: _t("New"), changed: _t("Changed"), moved: _t("Moved") };
const PEOPLE = [
    { name: "inside", icon: "fa-user", label: _t("In now") },
    { name: "passed", icon: "fa-check", label: _t("Passed") },
    { name: "skipped", icon: "fa-ban", label: _t("Blocked or skipped"), quiet: true },
    { name: "errors", icon: "fa-exclamation-triangle", label: _t("Errors"), quiet: true },
];
const MANY = 10000; // a card has no room for more digits
const ROUNDED = { humanReadable: true, minDigits: 2 };
/** What became of messages, as in the reports; a step says which of it its channel tells. */
const MESSAGES = [
    { name: "sent", icon: "fa-paper-plane-o", label: _t("Sent") },
    { name: "delivered", icon: "fa-check-square-o", label: _t("Delivered"), of: "sent" },
    { name: "opened", icon: "fa-envelope-open-o", label: _t("Opened"), of: "delivered" },
    { name: "clicked", icon: "fa-hand-pointer-o", label: _t("Clicked"), of: "delivered" },
    { name: "replied", icon: "fa-reply", label: _t("Answered"), of: "delivered", quiet: true },
    { name: "bounced", icon: "fa-exclamation-circle", label: _t("Bounced"), of: "sent", quiet: true },
    { name: "opted_out", icon: "fa-user-times", label: _t("Unsubscribed"), of: "delivered", quiet: true },
    { name: "failed", icon: "fa-times-circle", label: _t("Not sent: error"), quiet: true },
];

/** A step: its type, name and settings in words, what is missing, and how many people are and were there. */
export class StepCard extends Component {
    static template = "marketing_scenario.StepCard";
    static props = {
        node: Object,
        step: Object,
        figures: { type: [Object, { value: undefined }], optional: true },
        // of each forecast beside the tree: its index and name, and its figures as `onCard` says
        foretold: { type: [Array, { value: undefined }], optional: true },
        changed: { type: String, optional: true },
        walked: { type: String, optional: true }, // passed, refused, stands: what a simulation says
        found: { type: Object, optional: true }, // { isError, text }: what the check says
        live: Boolean,
        compact: Boolean,
        selected: Boolean,
        reached: Boolean,
        cut: Boolean,
        faded: Boolean,
        folded: Boolean,
        renaming: Boolean,
        canvas: Object,
    };

    setup() {
        this.input = useRef("name");
        useEffect(
            (input) => {
                if (input) {
                    input.value = this.props.step.name; // once: drawing the card anew must not take what is typed
                    input.focus({ preventScroll: true });
                    input.select();
                }
            },
            () => [this.input.el],
        );
    }

    get change() {
        return CHANGES[this.props.changed];
    }

    get summary() {
        const { name, summary, type_label: type } = this.props.step;
        return summary || (type === name ? "" : type);
    }

    /** Where the browser gets the picture of the mail; drawn large while one points at it. */
    get mail() {
        const { id, mail } = this.props.step;
        const src = `/marketing/mail/${id}?v=${mail}`;
        return mail && { src, info: JSON.stringify({ src }) };
    }

    /** Tab goes from the card to its buttons, then out of the tree. */
    get tabindex() {
        return this.props.reached ? "0" : "-1";
    }

    /** What is wrong. */
    get warning() {
        return this.props.found || { text: "", isError: false };
    }

    /** What a screen reader says. */
    get words() {
        const { node, step, figures, changed } = this.props;
        const parts = [node.way, step.name, step.type_label !== step.name && step.type_label, step.summary];
        parts.push(this.warning.text, step.note, changed && this.change);
        if (this.props.live && figures) {
            parts.push(labelled(PEOPLE[0].label, figures.inside));
        }
        for (const { name, figures: told } of this.props.foretold || []) {
            const words = told.map(({ label, count }) => labelled(label, formatInteger(count)));
            parts.push(labelled(name, words.join(", ")));
        }
        return parts.filter(Boolean).join(", ");
    }

    get counts() {
        return PEOPLE.map((figure) => this.shown(figure)).filter(Boolean);
    }

    get rates() {
        const { told } = this.props.step;
        return MESSAGES.filter(({ name }) => told.includes(name))
            .map((figure) => this.shown(figure))
            .filter(Boolean);
    }

    shown({ name, icon, label, of, quiet }) {
        const figures = this.props.figures || {};
        const value = figures[name] || 0;
        if (quiet && !value) {
            return null;
        }
        const count = formatInteger(value);
        const text = of ? percent(value, figures[of]) : this.short(value);
        return {
            name,
            icon,
            value,
            text,
            label: labelled(label, of && value ? `${count} (${text})` : count),
        };
    }

    short(count) {
        return count < MANY ? formatInteger(count) : formatInteger(count, ROUNDED);
    }

    get inside() {
        return this.shown(PEOPLE[0]);
    }

    onNameKeydown(ev) {
        ev.stopPropagation();
        if (ev.key === "Enter") {
            this.props.canvas.rename(this.props.step, ev.target.value, true);
        } else if (ev.key === "Escape") {
            this.props.canvas.rename(this.props.step, "", true);
        }
    }
}

export function percent(part, whole) {
    const share = whole ? part / whole : 0;
    return new Intl.NumberFormat(user.lang, { style: "percent", maximumFractionDigits: 0 }).format(share);
}
