import { browser } from "@web/core/browser/browser";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";

import { placeOnto } from "./model/drop";
import { COMMANDS } from "./model/keys";
import { isPlaceKey, placeOf } from "./model/tree";

const FOLLOW_AFTER = 250; // milliseconds on a step before the settings follow the keyboard

/** What the keys do in the tree; each command is a method (`model/keys.js` says which key). */
export class Commands {
    /** @param {{ store: Object, where: Object, deeds: Object, menus: Object, settings: Object, zoom: Object, focusSearch: Function }} params */
    constructor(params) {
        Object.assign(this, params);
    }

    /** A key in the tree. */
    onKeydown(ev) {
        const hotkey = getActiveHotkey(ev);
        // what a key types, where a layout has it elsewhere; with Ctrl or Alt it is none of ours
        const command = COMMANDS[hotkey] || (!ev.ctrlKey && !ev.altKey && !ev.metaKey && COMMANDS[ev.key]);
        if (command && !ev.target.closest("input, textarea")) {
            const item = ev.target.closest("[data-key]");
            if (item && item.dataset.key !== this.store.selected) {
                this.store.select(item.dataset.key);
            }
            if (ev.target.closest("button:not(.o_canvas_item)") && ["enter", "space"].includes(hotkey)) {
                return; // what the button says
            }
            if (command === "letGo" && !this.store.cut) {
                return; // it closes what stands beside
            }
            ev.preventDefault();
            ev.stopPropagation();
            this[command]();
        }
    }

    /** Undo and redo work from the whole page, where nobody writes. */
    onWindowKeydown(ev) {
        const command = COMMANDS[getActiveHotkey(ev)];
        const free = !ev.target.closest?.("input, textarea, [contenteditable=true], .modal, .o_step_inspector");
        if (["undo", "redo"].includes(command) && free && !ev.defaultPrevented) {
            ev.preventDefault();
            this[command]();
        }
    }

    stop() {
        browser.clearTimeout(this.following);
    }

    get step() {
        return this.store.step;
    }

    /** Where something comes that is added by key. */
    get place() {
        const key = this.where.reached;
        const { tree } = this.store;
        return isPlaceKey(key) ? placeOf(key) : placeOnto(tree, tree.get(Number(key)));
    }

    go(direction) {
        this.where.go(direction);
        if (this.settings.shown && !this.settings.isPicking) {
            this.stop();
            this.following = browser.setTimeout(() => {
                if (this.step && this.settings.shown) {
                    this.settings.show(this.step.id);
                }
            }, FOLLOW_AFTER);
        }
    }

    goUp() {
        this.go("up");
    }

    goDown() {
        this.go("down");
    }

    goLeft() {
        this.go("left");
    }

    goRight() {
        this.go("right");
    }

    goFirst() {
        this.go("first");
    }

    goLast() {
        this.go("last");
    }

    openCurrent() {
        const { selected } = this.store;
        if (this.step && this.settings.pick(this.step)) {
            return;
        }
        if (this.step) {
            this.settings.show(this.step.id, { focus: true });
        } else if (selected && isPlaceKey(selected)) {
            this.menus.askType(placeOf(selected), this.where.elementOf(selected), true);
        }
    }

    toggleCurrent() {
        if (this.step) {
            this.store.toggle(this.step);
        } else {
            this.openCurrent();
        }
    }

    addAfterCurrent() {
        this.menus.askType(this.place, this.where.element, true);
    }

    renameCurrent() {
        if (this.step && this.store.canEdit) {
            this.store.renaming = this.step.id;
        }
    }

    deleteCurrent() {
        if (this.step) {
            this.deeds.delete(this.step, !this.store.tree.isInLine(this.step));
        }
    }

    deleteBranch() {
        if (this.step) {
            this.deeds.delete(this.step, true);
        }
    }

    duplicateCurrent() {
        if (this.step && this.store.canEdit) {
            this.deeds.keepFocus(this.store.duplicate(this.step));
        }
    }

    copyCurrent() {
        if (this.step?.parent) {
            this.store.copy(this.step);
        }
    }

    cutCurrent() {
        if (this.step?.parent && this.store.canEdit) {
            this.store.copy(this.step, { cut: true });
        }
    }

    pasteCurrent() {
        this.deeds.paste(this.place, true);
    }

    undo() {
        return this.deeds.keepFocus(this.store.undo());
    }

    redo() {
        return this.deeds.keepFocus(this.store.redo());
    }

    letGo() {
        this.store.letGo();
    }

    zoomIn() {
        this.zoom.by(1.25);
    }

    zoomOut() {
        this.zoom.by(0.8);
    }

    zoomFull() {
        this.zoom.natural();
    }

    fit() {
        this.zoom.fit();
    }
}
