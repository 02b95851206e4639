import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";

import { placeOnto, verdict } from "../model/drop";
import { isPlaceKey, placeOf } from "../model/tree";
import { StepMenu } from "./step_menu";
import { TypeMenu } from "./type_menu";

/** What opens over the tree: the choice of a type, and what can be done with a step. */
export class Menus {
    /**
     * To be made in the setup of a component.
     *
     * @param {{ store: Object, where: Object, deeds: Object, settings: Object, anchor: { el: HTMLElement },
     *      showPeople: Function, showFigures: Function, replace: Function }} params
     */
    constructor(params) {
        Object.assign(this, params);
        this.isOpen = false; // the menu of a step
        const onClose = () => {
            this.isOpen = false;
            this.where.comeBack();
        };
        this.types = usePopover(TypeMenu, { position: "bottom-middle", arrow: false, onClose });
        // on a phone it finds no room beside
        this.steps = usePopover(StepMenu, { position: "right-start", extendedFlipping: true, arrow: false, onClose });
    }

    askType(place, target, byKey = false) {
        if (!this.store.canEdit || !target) {
            return;
        }
        const { tree, clip, picture } = this.store;
        const parent = tree.get(place.parent);
        const label = tree.labelOf(place);
        const before = tree.at(place);
        const title = before
            ? _t("Between “%(parent)s” and “%(step)s”", { parent: parent.name, step: before.name })
            : _t("After “%s”", label ? `${parent.name} · ${label}` : parent.name);
        this.types.open(target, {
            palette: picture.palette,
            families: picture.families,
            title,
            refuse: (type) => verdict(tree, type, place).reason,
            choose: (type) => this.deeds.add(type, place, byKey),
            paste: clip && { label: _t("Paste “%s”", clip.label), run: () => this.deeds.paste(place, byKey) },
        });
    }

    /** @param {{ x: number, y: number } | null} point where the pointer is; the menu key has none */
    open(item, point) {
        const { key } = item.dataset;
        this.store.select(key);
        if (isPlaceKey(key)) {
            return this.askType(placeOf(key), item, true);
        }
        this.isOpen = true;
        let target = item;
        if (point) {
            target = this.anchor.el;
            Object.assign(target.style, { left: `${point.x}px`, top: `${point.y}px` });
        }
        this.steps.open(target, { entries: this.entriesOf(this.store.step) });
    }

    /** What can be done with a step, in groups. */
    entriesOf(step) {
        const groups = [this.toSet(step), this.toCopy(step), this.toLookAt(step), this.toDelete(step)];
        return groups
            .filter((group) => group.length)
            .flatMap((group, index) => (index ? [{ separator: true }, ...group] : group));
    }

    toSet(step) {
        const { tree, canEdit } = this.store;
        const entries = [
            entry("configure", "fa-cog", canEdit ? _t("Configure") : _t("Show the settings"), _t("Enter"), () =>
                this.settings.show(step.id, { focus: true }),
            ),
        ];
        if (!canEdit) {
            return entries;
        }
        const ways = tree.waysOf(step);
        ways.forEach((way, index) => {
            const label = ways.length > 1 ? _t("Add a step on “%s”", way.label) : _t("Add a step after it");
            const run = () => this.askType(way, this.where.elementOf(String(step.id)), true);
            entries.push(entry("add", "fa-plus", label, index ? "" : "A", run));
        });
        entries.push(entry("rename", "fa-pencil", _t("Rename"), "F2", () => (this.store.renaming = step.id)));
        if (step.parent && step.outcomes.length) {
            const run = () => this.deeds.keepFocus(this.store.duplicate(step));
            entries.push(entry("duplicate", "fa-clone", _t("Duplicate"), _t("Ctrl+D"), run));
        }
        if (step.parent) {
            entries.push(entry("replace", "fa-exchange", _t("Replace by…"), "", () => this.replace(step)));
        }
        return entries;
    }

    toCopy(step) {
        const { tree, canEdit, clip } = this.store;
        const below = tree.countBelow(step);
        const entries = [];
        const copy = (name, icon, label, keys, options) =>
            entries.push(entry(name, icon, label, keys, () => this.store.copy(step, options)));
        if (step.parent) {
            copy("copy", "fa-files-o", below ? _t("Copy the branch") : _t("Copy"), _t("Ctrl+C"));
        }
        if (step.parent && below) {
            copy("copy_step", "fa-file-o", _t("Copy this step only"), "", { following: false });
        }
        if (step.parent && canEdit) {
            copy("cut", "fa-scissors", below ? _t("Cut the branch") : _t("Cut"), _t("Ctrl+X"), { cut: true });
            if (below && tree.isInLine(step)) {
                copy("cut_step", "fa-scissors", _t("Cut this step only"), "", { cut: true, following: false });
            }
        }
        if (canEdit && clip) {
            const run = () => this.deeds.paste(placeOnto(tree, step), true);
            entries.push(entry("paste", "fa-clipboard", _t("Paste “%s”", clip.label), _t("Ctrl+V"), run));
        }
        return entries;
    }

    toLookAt(step) {
        const { tree, collapsed, figures } = this.store;
        const entries = [];
        if (tree.countBelow(step)) {
            const folded = collapsed.has(step.id);
            const label = folded ? _t("Show what follows") : _t("Hide what follows");
            const run = () => this.store.toggle(step);
            entries.push(entry("toggle", folded ? "fa-expand" : "fa-compress", label, _t("Space"), run));
        }
        const inside = figures[step.id]?.inside;
        if (inside) {
            const label = _t("Move the people who stand here (%s)…", inside);
            entries.push(entry("people", "fa-users", label, "", () => this.showPeople(step, "inside")));
        }
        if (figures[step.id]?.passed) {
            const label = _t("Dashboard of this step");
            entries.push(entry("figures", "fa-bar-chart", label, "", () => this.showFigures(step)));
        }
        return entries;
    }

    toDelete(step) {
        const { tree, canEdit } = this.store;
        if (!step.parent || !canEdit) {
            return [];
        }
        const below = tree.countBelow(step);
        const entries = [];
        const add = (name, icon, label, keys, following) =>
            entries.push({ ...entry(name, icon, label, keys, () => this.deeds.delete(step, following)), danger: true });
        if (tree.isInLine(step)) {
            add("delete", "fa-trash-o", _t("Delete"), _t("Del"), false);
        }
        if (below) {
            const keys = tree.isInLine(step) ? _t("Shift+Del") : _t("Del");
            add("delete_branch", "fa-trash", _t("Delete with what follows (%s)", below + 1), keys, true);
        }
        return entries;
    }
}

function entry(name, icon, label, keys, run) {
    return { name, icon, label, keys, run };
}
