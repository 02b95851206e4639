import {
    Component,
    onMounted,
    onWillStart,
    onWillUnmount,
    onWillUpdateProps,
    useEffect,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { getActiveHotkey } from "@web/core/hotkeys/hotkey_service";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useChildRef, useService } from "@web/core/utils/hooks";

import { CanvasArrows } from "./board/arrows";
import { StepCard } from "./board/card";
import { Carry } from "./board/carry";
import { useCanvasDrag } from "./board/drag";
import { CanvasGhost } from "./board/ghost";
import { CanvasMinimap } from "./board/minimap";
import { useCanvasZoom } from "./board/zoom";
import { placeOnto, verdict } from "./model/drop";
import { COMMANDS, neighbour } from "./model/keys";
import { layoutTree } from "./model/layout";
import { CanvasStore } from "./model/store";
import { isPlaceKey, placeKey, placeOf } from "./model/tree";
import { CanvasPalette } from "./parts/palette";
import { StepMenu } from "./parts/step_menu";
import { TypeMenu } from "./parts/type_menu";

const LOOK_EVERY = 10000; // milliseconds between two counts
const LONG_PRESS = 550;
const STILL = 8; // pixels that a finger may move and still press
const FOLLOW_AFTER = 250; // milliseconds on a step before the settings follow the keyboard
const MINIMAP_FROM = 30; // steps
const CHECK_BESIDE = 1400; // pixels of window; with less room the check stands behind the settings (check_panel.scss)
const NARROW = 700; // pixels; with less room the palette shows icons only
const TRIES = 90; // frames in which something may appear that is to get the focus
const HOLD = 3; // frames in which it may lose it again

const parts = registry.category("scenario_canvas");

/**
 * The tree of a scenario: built, changed and read on one board. What is drawn comes from the store (`model/store.js`), where it
 * stands from the layout (`model/layout.js`); each command has a key (`model/keys.js`), a place in the menu of a step,
 * or both.
 */
export class ScenarioCanvas extends Component {
    static template = "marketing_scenario.ScenarioCanvas";
    static components = { CanvasArrows, CanvasGhost, CanvasMinimap, CanvasPalette, StepCard };
    static props = {
        scenarioId: Number,
        checking: { type: Boolean, optional: true }, // the check is shown from the beginning
        version: { type: Number, optional: true }, // another one: the scenario was loaded anew
        onEdited: { type: Function, optional: true },
        register: { type: Function, optional: true }, // gets a function that shows the settings of a step
    };

    setup() {
        this.action = useService("action");
        this.ui = useService("ui");
        this.store = useState(
            new CanvasStore({
                orm: useService("orm"),
                notification: useService("notification"),
                onEdited: () => this.props.onEdited?.(),
                ask: (action) => this.doAction(action),
            }),
        );
        this.state = useState({
            inspecting: 0, // id of the step whose settings are shown
            checking: Boolean(this.props.checking),
            simulating: false,
            walked: {}, // what the simulation says of steps, see simulation_panel.js
            full: false, // over the whole window
            zoom: 100,
            width: 1200,
            query: "",
        });
        this.root = useRef("root");
        this.board = useRef("board");
        this.plane = useRef("plane");
        this.anchor = useRef("anchor");
        this.searchBox = useRef("search");
        this.ghost = useChildRef();
        this.zoom = useCanvasZoom({
            board: this.board,
            plane: this.plane,
            layout: () => this.layout,
            onMoved: () => this.onMoved(),
        });
        this.carry = new Carry({
            root: this.root,
            ghost: this.ghost,
            zoom: this.zoom,
            tree: () => this.store.tree,
            layout: () => this.layout,
        });
        const back = { onClose: () => this.onMenuClosed() };
        this.typeMenu = usePopover(TypeMenu, { position: "bottom-middle", arrow: false, ...back });
        this.stepMenu = usePopover(StepMenu, { position: "right-start", arrow: false, ...back });
        this.useGestures();
        this.useFollowing();
        // what cards call; always the same object, so that they are not drawn anew for it
        this.deeds = {
            rename: (step, name, byKey) => this.rename(step, name, byKey),
            toggle: (step) => this.store.toggle(step),
            showPeople: (step, figure) => this.showPeople(step, figure),
        };
        this.props.register?.((stepId) => this.inspect(stepId, { focus: true }));
        onWillStart(async () => {
            this.isManager = await user.hasGroup("marketing_scenario.group_scenario_manager");
            await this.store.load(this.props.scenarioId);
        });
        onWillUpdateProps(async (next) => {
            if (next.scenarioId !== this.props.scenarioId) {
                this.state.inspecting = 0;
                this.placed = false;
            }
            if (next.scenarioId !== this.props.scenarioId || next.version !== this.props.version) {
                await this.store.load(next.scenarioId);
            }
        });
    }

    useGestures() {
        let gone = false;
        useCanvasDrag({
            ref: this.root,
            elements: ".o_canvas_type[data-type], .o_canvas_card",
            ignore: "input",
            enable: () => this.store.canEdit,
            onDragStart: ({ element, x, y }) => {
                const thing = this.thingOf(element);
                this.cancelPress();
                gone = !thing;
                if (thing) {
                    this.carry.start(thing, x, y);
                }
            },
            onDrag: ({ x, y }) => gone || this.carry.move(x, y),
            onDrop: () => {
                const dropped = !gone && this.carry.end();
                gone = true;
                if (dropped) {
                    this.put(dropped);
                }
            },
            onDragEnd: () => gone || this.carry.end(),
        });
        useExternalListener(window, "keydown", (ev) => this.onWindowKeydown(ev));
    }

    /** What goes on while one looks: new counts, another size of the window. */
    useFollowing() {
        useBus(this.env.bus, "MARKETING_SCENARIO:OPEN_CHECK", ({ detail }) => {
            if (detail.scenarioId === this.props.scenarioId) {
                detail.shown = true;
                this.state.checking = false;
                this.toggleCheck();
            }
        });
        onMounted(() => {
            this.looking = browser.setInterval(() => document.hidden || this.store.refreshFigures(), LOOK_EVERY);
        });
        onWillUnmount(() => {
            browser.clearInterval(this.looking);
            browser.clearTimeout(this.following);
            this.cancelPress();
        });
        useEffect(
            (board) => {
                const observer = new ResizeObserver(() => this.onResized());
                observer.observe(board);
                observer.observe(this.root.el.parentElement);
                return () => observer.disconnect();
            },
            () => [this.board.el],
        );
        useEffect(
            () => {
                if (this.state.inspecting && !this.store.tree.get(this.state.inspecting)) {
                    this.closeSettings();
                }
            },
            () => [this.store.tree],
        );
    }

    // -- what is drawn --------------------------------------------------------------------------------------------

    /** Where everything stands; computed anew only when it may have changed. */
    get layout() {
        const { tree, compact, isLive, collapsed } = this.store;
        const key = [compact, isLive, [...collapsed].join()].join(";");
        if (this.drawn?.tree !== tree || this.drawn.key !== key) {
            this.drawn = { tree, key, layout: layoutTree(tree, { compact, live: isLive, collapsed }) };
        }
        return this.drawn.layout;
    }

    get reached() {
        return this.layout.byKey.has(this.store.selected) ? this.store.selected : this.layout.nodes[0]?.key;
    }

    get found() {
        return this.state.query ? this.store.tree.search(this.state.query) : null;
    }

    get foundIds() {
        return this.found && new Set(this.found.map((step) => step.id));
    }

    get isSlim() {
        return this.state.width < NARROW;
    }

    get hasMinimap() {
        return this.store.tree.steps.length >= MINIMAP_FROM;
    }

    get isEmpty() {
        return this.store.tree.steps.length === 1;
    }

    get missingEnds() {
        return this.store.canEdit ? this.store.tree.openPlaces.length : 0;
    }

    get check() {
        return parts.get("check", null);
    }

    get simulation() {
        return this.isManager && parts.get("simulation", null);
    }

    get Inspector() {
        return parts.get("inspector");
    }

    get words() {
        const { undo, redo } = this.store.picture.undo;
        const count = this.store.errorCount;
        return {
            undo: undo ? _t("Undo: %s (Ctrl+Z)", undo) : _t("Nothing to undo"),
            redo: redo ? _t("Redo: %s (Ctrl+Y)", redo) : _t("Nothing to redo"),
            errors: count === 1 ? _t("1 error") : _t("%s errors", count),
            missing: this.missingEnds === 1 ? _t("Add the missing end") : _t("Add %s missing ends", this.missingEnds),
            found: this.found && _t("%s found", this.found.length),
            full: this.state.full ? _t("Back to the form") : _t("Whole window"),
            compact: this.store.compact ? _t("Show everything on the cards") : _t("Compact view"),
        };
    }

    onMoved() {
        if (!this.board.el) {
            return;
        }
        const zoom = Math.round(this.zoom.transform.k * 100);
        if (zoom !== this.state.zoom) {
            this.state.zoom = zoom;
        }
        this.minimap?.(this.zoom.view);
    }

    onResized() {
        if (!this.board.el?.clientWidth) {
            return;
        }
        const { clientWidth: width } = this.board.el;
        this.state.width = this.board.el.parentElement.clientWidth;
        // the rest of the window, so that the page itself needs no scrolling
        const top = this.root.el.getBoundingClientRect().top + (this.root.el.closest(".o_content")?.scrollTop || 0);
        this.root.el.style.setProperty("--canvas-top", `${Math.round(top)}px`);
        if (!this.placed) {
            this.placed = true;
            this.zoom.start();
        } else if (width !== this.boardWidth) {
            this.zoom.moveBy((width - this.boardWidth) / 2, 0); // what was in the middle stays there
            if (this.state.inspecting) {
                this.reveal(String(this.state.inspecting), true);
            }
        }
        this.boardWidth = width;
    }

    registerMinimap(follow) {
        this.minimap = follow;
        this.onMoved();
    }

    // -- selecting, focus -----------------------------------------------------------------------------------------

    elementOf(key) {
        return this.plane.el?.querySelector(`.o_canvas_item[data-key="${CSS.escape(key)}"]`);
    }

    /**
     * Bring a node into view when it is not.
     *
     * @param {string} key
     * @param {boolean} [ahead] with the places on which one goes on building
     */
    reveal(key, ahead = false) {
        const { byKey, nodes } = this.layout;
        const node = byKey.get(key);
        if (node && ahead) {
            nodes.filter((one) => one.place?.parent === node.step?.id).forEach((one) => this.zoom.reveal(one));
        }
        if (node) {
            this.zoom.reveal(node);
        }
    }

    /** Select an item, show it, and give it the focus as soon as it is there. */
    goTo(key) {
        this.store.select(key);
        this.reveal(key, true);
        this.focusWhenThere(() => this.elementOf(key));
    }

    /** Give the focus to what `find` returns, once it is there; and again when drawing anew took it away. */
    focusWhenThere(find, tries = TRIES, held = 0) {
        const el = find();
        if (el && (!held || document.activeElement === document.body)) {
            el.focus({ preventScroll: true });
        }
        if (tries && held < HOLD) {
            const next = el ? held + 1 : 0;
            browser.requestAnimationFrame(() => this.board.el && this.focusWhenThere(find, tries - 1, next));
        }
    }

    go(direction) {
        this.goTo(neighbour(this.layout, this.reached, direction));
        if (this.state.inspecting) {
            browser.clearTimeout(this.following);
            this.following = browser.setTimeout(() => {
                if (this.store.step && this.state.inspecting) {
                    this.state.inspecting = this.store.step.id;
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

    // -- settings, people, search ---------------------------------------------------------------------------------

    /**
     * Show the settings of a step beside the tree.
     *
     * @param {number} stepId
     * @param {{ focus?: boolean, field?: string }} [options] whether the focus goes there, and to which field
     */
    inspect(stepId, { focus = false, field } = {}) {
        if (!this.store.tree.get(stepId)) {
            return;
        }
        this.state.inspecting = stepId;
        this.store.select(String(stepId));
        this.reveal(String(stepId), true);
        if (focus || field) {
            const name = field ? `.o_field_widget[name="${CSS.escape(field)}"] ` : ".o_form_sheet ";
            const wanted = ["input", "textarea", "[contenteditable=true]", "button", "select"];
            const inputs = wanted.map((one) => `${name}${one}:not([disabled])`).join(", ");
            this.focusWhenThere(() =>
                document.querySelector(`.o_step_inspector[data-step="${stepId}"] :is(${inputs})`),
            );
        }
    }

    /** The check comes to the front: with little room it stands behind the settings of a step. */
    toggleCheck() {
        const behind = Boolean(this.state.inspecting) && browser.innerWidth <= CHECK_BESIDE;
        this.state.checking = behind || !this.state.checking;
        if (this.state.checking) {
            this.state.inspecting = 0;
            this.state.simulating = false;
        }
    }

    /** As the check, whose place it takes. */
    toggleSimulation() {
        const behind = Boolean(this.state.inspecting) && browser.innerWidth <= CHECK_BESIDE;
        this.state.simulating = behind || !this.state.simulating;
        if (this.state.simulating) {
            this.state.inspecting = 0;
            this.state.checking = false;
        }
    }

    async onSettingsSaved() {
        await this.store.load();
        this.props.onEdited?.();
    }

    closeSettings() {
        this.state.inspecting = 0;
    }

    async showPeople(step, figure) {
        this.action.doAction(await this.store.call("canvas_people", [step.id, figure]));
    }

    /** Show an action of the server; what it changed is shown afterwards. */
    doAction(action) {
        return this.action.doAction(action, {
            additionalContext: this.store.context,
            onClose: () => this.onSettingsSaved(),
        });
    }

    async replace(step) {
        this.doAction(await this.store.orm.call("marketing.scenario.step", "action_replace", [step.id]));
    }

    onSearchInput(ev) {
        this.state.query = ev.target.value;
        this.hit = -1;
    }

    onSearchKeydown(ev) {
        ev.stopPropagation();
        if (ev.key === "Enter" && this.found?.length) {
            this.hit = (this.hit + (ev.shiftKey ? -1 : 1) + this.found.length) % this.found.length;
            const key = String(this.found[this.hit].id);
            this.store.select(key);
            this.reveal(key);
        } else if (ev.key === "Escape" || (ev.key === "ArrowDown" && this.found?.length)) {
            this.state.query = "";
            this.goTo(this.reached);
        }
    }

    focusSearch() {
        this.searchBox.el.focus();
        this.searchBox.el.select();
    }

    // -- keyboard -------------------------------------------------------------------------------------------------

    onKeydown(ev) {
        const hotkey = getActiveHotkey(ev);
        const command = COMMANDS[hotkey] || COMMANDS[ev.key];
        if (command && !ev.target.closest("input, textarea")) {
            const item = ev.target.closest("[data-key]");
            if (item && item.dataset.key !== this.store.selected) {
                this.store.select(item.dataset.key);
            }
            if (ev.target.closest("button:not(.o_canvas_item)") && ["enter", "space"].includes(hotkey)) {
                return; // what the button says
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

    openCurrent() {
        const { selected, step } = this.store;
        if (step) {
            this.inspect(step.id, { focus: true });
        } else if (selected && isPlaceKey(selected)) {
            this.askType(placeOf(selected), this.elementOf(selected), true);
        }
    }

    toggleCurrent() {
        if (this.store.step) {
            this.store.toggle(this.store.step);
        } else {
            this.openCurrent();
        }
    }

    addAfterCurrent() {
        const key = this.reached;
        const place = isPlaceKey(key) ? placeOf(key) : placeOnto(this.store.tree, this.store.tree.get(Number(key)));
        this.askType(place, this.elementOf(key), true);
    }

    renameCurrent() {
        if (this.store.step && this.store.canEdit) {
            this.store.renaming = this.store.step.id;
        }
    }

    deleteCurrent() {
        const { step, tree } = this.store;
        if (step) {
            this.delete(step, !tree.isInLine(step));
        }
    }

    deleteBranch() {
        if (this.store.step) {
            this.delete(this.store.step, true);
        }
    }

    duplicateCurrent() {
        if (this.store.step && this.store.canEdit) {
            this.keepFocus(this.store.duplicate(this.store.step));
        }
    }

    copyCurrent() {
        if (this.store.step?.parent) {
            this.store.copy(this.store.step);
        }
    }

    cutCurrent() {
        if (this.store.step?.parent && this.store.canEdit) {
            this.store.copy(this.store.step, { cut: true });
        }
    }

    pasteCurrent() {
        const key = this.reached;
        const { tree } = this.store;
        this.paste(isPlaceKey(key) ? placeOf(key) : placeOnto(tree, tree.get(Number(key))), true);
    }

    undo() {
        return this.keepFocus(this.store.undo());
    }

    redo() {
        return this.keepFocus(this.store.redo());
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

    // -- edits ----------------------------------------------------------------------------------------------------

    /** After an edit by key the focus is on what was edited, so that the next key does something. */
    async keepFocus(edit) {
        const done = await edit;
        if (done) {
            this.goTo(this.reached);
        }
        return done;
    }

    async rename(step, name, byKey) {
        if (this.store.renaming !== step.id) {
            return; // the input goes away after Enter
        }
        this.store.rename(step, name);
        if (byKey) {
            this.goTo(String(step.id));
        }
    }

    delete(step, following) {
        if (!this.store.canEdit) {
            return;
        }
        if (!step.parent) {
            return this.refuse(_t("A scenario begins with “%s”: it stays at the top.", step.name));
        }
        if (this.state.inspecting === step.id) {
            this.closeSettings();
        }
        return this.keepFocus(this.store.remove(step, following));
    }

    refuse(reason) {
        this.store.notification.add(reason, { type: "warning" });
    }

    paste(place, byKey) {
        const { clip, tree, canEdit } = this.store;
        if (!clip || !canEdit) {
            return;
        }
        const { reason, following } = verdict(tree, clip, place);
        if (reason) {
            return this.refuse(reason);
        }
        const edit = this.store.paste(clip, place, following);
        return byKey ? this.keepFocus(edit) : edit;
    }

    /** Add a step of a type; what still has to be set is shown at once, unless somebody works with the keys. */
    async add(entry, place, byKey) {
        const { reason } = verdict(this.store.tree, entry, place);
        if (reason) {
            return this.refuse(reason);
        }
        const edit = this.store.add(entry.type, place);
        if (byKey) {
            await this.keepFocus(edit);
        } else if (await edit) {
            const { step } = this.store;
            this.reveal(this.store.selected, true);
            if (step?.incomplete || (step && this.state.inspecting)) {
                this.inspect(step.id);
            }
        }
    }

    /** A click in the palette: after the selected step, else on the first open place. */
    addByClick(entry) {
        const { tree, selected } = this.store;
        const step = selected && !isPlaceKey(selected) && tree.get(Number(selected));
        const place =
            (selected && isPlaceKey(selected) && placeOf(selected)) ||
            (step && placeOnto(tree, step)) ||
            tree.openPlaces[0] ||
            placeOnto(tree, tree.root);
        return this.add(entry, place);
    }

    thingOf(element) {
        const { palette } = this.store.picture;
        const entry = palette.find((one) => one.type === element.dataset.type);
        if (entry) {
            return entry;
        }
        const step = this.store.tree.get(Number(element.dataset.key));
        if (!step || this.menuOpen) {
            return null;
        }
        const below = this.store.tree.countBelow(step);
        const { name: label, icon, family } = step;
        return { step, label, icon, family, below, outcomes: step.outcomes.length, following: below > 0 };
    }

    /** Something was dropped where it may stand. */
    put({ thing, place, following }) {
        if (!thing.step) {
            return this.add(thing, place);
        }
        return this.store.move(thing.step, place, following);
    }

    // -- menus ----------------------------------------------------------------------------------------------------

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
        this.cameByKey = byKey;
        this.typeMenu.open(target, {
            palette: picture.palette,
            families: picture.families,
            title,
            refuse: (entry) => verdict(tree, entry, place).reason,
            choose: (entry) => this.add(entry, place, byKey),
            paste: clip && { label: _t("Paste “%s”", clip.label), run: () => this.paste(place, byKey) },
        });
    }

    onContextMenu(ev) {
        const item = ev.target.closest(".o_canvas_item[data-key]");
        if (item && !ev.target.closest("input")) {
            ev.preventDefault();
            // the menu key has no pointer
            const byPointer = ev.clientX || ev.clientY;
            this.openMenu(item, byPointer ? { x: ev.clientX, y: ev.clientY } : null);
        }
    }

    openMenu(item, point) {
        this.cancelPress();
        const { key } = item.dataset;
        this.store.select(key);
        if (isPlaceKey(key)) {
            return this.askType(placeOf(key), item, true);
        }
        this.menuOpen = true;
        let target = item;
        if (point) {
            target = this.anchor.el;
            Object.assign(target.style, { left: `${point.x}px`, top: `${point.y}px` });
        }
        this.stepMenu.open(target, { entries: this.entriesOf(this.store.step) });
    }

    /** What can be done with a step. */
    entriesOf(step) {
        const { tree, canEdit, clip, figures } = this.store;
        const below = tree.countBelow(step);
        const inside = figures[step.id]?.inside;
        const movable = Boolean(step.parent);
        const entry = (name, icon, label, keys, run, more = {}) => ({ name, icon, label, keys, run, ...more });
        const entries = [
            entry("configure", "fa-cog", canEdit ? _t("Configure") : _t("Show the settings"), _t("Enter"), () =>
                this.inspect(step.id, { focus: true }),
            ),
        ];
        if (canEdit) {
            const ways = tree.waysOf(step);
            entries.push(
                ...ways.map((way, index) =>
                    entry(
                        "add",
                        "fa-plus",
                        ways.length > 1 ? _t("Add a step on “%s”", way.label) : _t("Add a step after it"),
                        index ? "" : "A",
                        () => this.askType(way, this.elementOf(String(step.id)), true),
                    ),
                ),
                entry("rename", "fa-pencil", _t("Rename"), "F2", () => this.renameCurrent()),
            );
        }
        if (canEdit && movable) {
            if (step.outcomes.length) {
                entries.push(
                    entry("duplicate", "fa-clone", _t("Duplicate"), _t("Ctrl+D"), () => this.duplicateCurrent()),
                );
            }
            entries.push(entry("replace", "fa-exchange", _t("Replace by…"), "", () => this.replace(step)));
        }
        entries.push({ separator: true });
        if (movable) {
            entries.push(
                entry("copy", "fa-files-o", below ? _t("Copy the branch") : _t("Copy"), _t("Ctrl+C"), () =>
                    this.store.copy(step),
                ),
            );
        }
        if (movable && below) {
            entries.push(
                entry("copy_step", "fa-file-o", _t("Copy this step only"), "", () =>
                    this.store.copy(step, { following: false }),
                ),
            );
        }
        if (movable && canEdit) {
            entries.push(
                entry("cut", "fa-scissors", below ? _t("Cut the branch") : _t("Cut"), _t("Ctrl+X"), () =>
                    this.store.copy(step, { cut: true }),
                ),
            );
            if (below && tree.isInLine(step)) {
                entries.push(
                    entry("cut_step", "fa-scissors", _t("Cut this step only"), "", () =>
                        this.store.copy(step, { cut: true, following: false }),
                    ),
                );
            }
        }
        if (canEdit && clip) {
            entries.push(
                entry("paste", "fa-clipboard", _t("Paste “%s”", clip.label), _t("Ctrl+V"), () =>
                    this.paste(placeOnto(tree, step), true),
                ),
            );
        }
        if (below) {
            const folded = this.store.collapsed.has(step.id);
            entries.push(
                entry(
                    "toggle",
                    folded ? "fa-expand" : "fa-compress",
                    folded ? _t("Show what follows") : _t("Hide what follows"),
                    _t("Space"),
                    () => this.store.toggle(step),
                ),
            );
        }
        if (inside) {
            entries.push(
                entry("people", "fa-users", _t("Move the people who stand here (%s)…", inside), "", () =>
                    this.showPeople(step, "inside"),
                ),
            );
        }
        if (movable && canEdit) {
            entries.push({ separator: true });
            if (tree.isInLine(step)) {
                entries.push(
                    entry("delete", "fa-trash-o", _t("Delete"), _t("Del"), () => this.delete(step, false), {
                        danger: true,
                    }),
                );
            }
            if (below) {
                entries.push(
                    entry(
                        "delete_branch",
                        "fa-trash",
                        _t("Delete with what follows (%s)", below + 1),
                        tree.isInLine(step) ? _t("Shift+Del") : _t("Del"),
                        () => this.delete(step, true),
                        { danger: true },
                    ),
                );
            }
        }
        return entries.filter(
            (one, index) => !one.separator || (index < entries.length - 1 && !entries[index + 1].separator),
        );
    }

    /** The focus goes back to the tree, unless what was chosen took it. */
    onMenuClosed(tries = TRIES) {
        this.menuOpen = false;
        const active = document.activeElement;
        if (active === document.body) {
            this.elementOf(this.reached)?.focus({ preventScroll: true });
        } else if (tries && active.closest(".o_popover")) {
            browser.requestAnimationFrame(() => this.board.el && this.onMenuClosed(tries - 1));
        }
    }

    // -- pointer --------------------------------------------------------------------------------------------------

    onClick(ev) {
        if (this.pressed) {
            this.pressed = false; // the menu is open
            return;
        }
        const item = ev.target.closest(".o_canvas_item[data-key]");
        if (!item) {
            return;
        }
        const { key } = item.dataset;
        item.focus({ preventScroll: true });
        this.store.select(key);
        if (!isPlaceKey(key)) {
            this.inspect(Number(key));
        }
    }

    onDoubleClick(ev) {
        if (ev.target.closest(".o_canvas_name")) {
            this.renameCurrent();
        }
    }

    onPointerDown(ev) {
        this.pressed = false;
        const item = ev.pointerType === "touch" && ev.target.closest(".o_canvas_item[data-key]");
        this.cancelPress();
        if (item) {
            const from = { x: ev.clientX, y: ev.clientY };
            this.pressFrom = from;
            this.press = browser.setTimeout(() => {
                this.pressed = true;
                this.openMenu(item, from);
            }, LONG_PRESS);
        }
    }

    onPointerMove(ev) {
        if (this.press && Math.hypot(ev.clientX - this.pressFrom.x, ev.clientY - this.pressFrom.y) > STILL) {
            this.cancelPress();
        }
    }

    cancelPress() {
        browser.clearTimeout(this.press);
        this.press = 0;
    }

    toggleCompact() {
        this.store.compact = !this.store.compact;
        this.placed = false;
        browser.requestAnimationFrame(() => this.onResized());
    }

    toggleFull() {
        this.state.full = !this.state.full;
    }

    placeKey(place) {
        return placeKey(place);
    }
}
