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
import { _t } from "@web/core/l10n/translation";
import { ConnectionLostError } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { useBus, useChildRef, useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";

import { CanvasArrows } from "./board/arrows";
import { percent, StepCard } from "./board/card";
import { Carry } from "./board/carry";
import { useCanvasDrag } from "./board/drag";
import { CanvasGhost } from "./board/ghost";
import { LongPress } from "./board/long_press";
import { CanvasMinimap } from "./board/minimap";
import { Whereabouts } from "./board/whereabouts";
import { useCanvasZoom } from "./board/zoom";
import { Commands } from "./commands";
import { Deeds } from "./deeds";
import { countedIn, inWords } from "./model/findings";
import { layoutTree } from "./model/layout";
import { CanvasStore } from "./model/store";
import { isPlaceKey, labelled, placeOf } from "./model/tree";
import { useBack } from "./parts/back";
import { Menus } from "./parts/menus";
import { CanvasPalette } from "./parts/palette";
import { CanvasSearch } from "./parts/search";
import { farness, Foretelling } from "./simulation/foretelling";

const LOOK_EVERY = 10000; // milliseconds between two counts
const MINIMAP_FROM = 30; // steps
const CHECK_BESIDE = 1600; // pixels of window; with less room the check stands behind the settings (check_panel.scss)
const NARROW = 700; // pixels; with less room the palette shows icons only
const TIGHT = 900; // so does the button that adds the missing ends
const TINY = 480; // so do all buttons above the tree
const PANELS = ["checking", "simulating", "forecasting"];

const parts = registry.category("scenario_canvas");

/**
 * The tree of a scenario: built, changed and read on one board. What is drawn comes from the store (`model/store.js`),
 * where it stands from the layout (`model/layout.js`). What one does to it is in `deeds.js`, by key in `commands.js`, by
 * menu in `parts/menus.js`; this component draws it, and knows what stands beside it.
 */
export class ScenarioCanvas extends Component {
    static template = "marketing_scenario.ScenarioCanvas";
    static components = { CanvasArrows, CanvasGhost, CanvasMinimap, CanvasPalette, CanvasSearch, StepCard };
    static props = {
        scenarioId: Number,
        checking: { type: Boolean, optional: true }, // the check is shown from the beginning
        version: { type: Number, optional: true }, // another one: the scenario was loaded anew
        onEdited: { type: Function, optional: true },
        register: { type: Function, optional: true }, // gets this canvas
    };

    setup() {
        this.action = useService("action");
        this.store = useState(
            new CanvasStore({
                orm: useService("orm"),
                notification: useService("notification"),
                onEdited: () => this.props.onEdited?.(),
                ask: (action) => this.doAction(action),
                settle: () => this.saveSettings(),
            }),
        );
        this.state = useState({
            inspecting: 0, // id of the step whose settings are shown
            checking: Boolean(this.props.checking),
            simulating: false,
            forecasting: false,
            foretold: null, // what the forecast beside says, see foretold.js
            walked: {}, // what the simulation says of steps, see simulation_panel.js
            picking: null, // gets the step that is clicked next, instead of its settings being shown
            full: false, // over the whole window
            zoom: 100,
            width: 1200,
            query: "",
            others: [], // names of who else changes this tree now
        });
        this.root = useRef("root");
        this.board = useRef("board");
        this.plane = useRef("plane");
        this.foretelling = new Foretelling(this.props.scenarioId);
        this.state.forecasting = this.foretelling.isBack;
        this.usePointer();
        this.useDeeds();
        this.useFollowing();
        useBack(
            () => Boolean(this.state.inspecting || this.panel),
            () => (this.state.inspecting ? this.settings?.closeLast() : this.closePanel(this.panel)),
        );
        this.props.register?.(this);
        onWillStart(() => this.store.load(this.props.scenarioId));
        onWillUpdateProps(async (next) => {
            if (next.scenarioId !== this.props.scenarioId) {
                this.state.inspecting = 0;
                this.placed = false;
            }
            if (next.scenarioId !== this.props.scenarioId || next.version !== this.props.version) {
                await this.loadAgain(next.scenarioId);
            }
        });
    }

    /** Without an answer of the server what is shown stays: a canvas that waits for it would never be drawn again. */
    async loadAgain(scenarioId) {
        try {
            await this.store.load(scenarioId);
        } catch (error) {
            if (!(error instanceof ConnectionLostError)) {
                throw error;
            }
            Promise.reject(error); // said by Odoo, who also says when the server is back
        }
    }

    /** Somebody else changed the tree: it is shown as it is now, and so is what stands beside it. */
    async followOthers() {
        await this.loadAgain(this.props.scenarioId);
        if (this.store.tree.get(this.state.inspecting)) {
            await this.settings?.refresh();
        }
        this.props.onEdited?.();
    }

    usePointer() {
        const layout = () => this.layout;
        this.ghost = useChildRef();
        this.zoom = useCanvasZoom({
            board: this.board,
            plane: this.plane,
            layout,
            onMoved: () => this.onMoved(),
        });
        this.carry = new Carry({
            root: this.root,
            ghost: this.ghost,
            zoom: this.zoom,
            tree: () => this.store.tree,
            layout,
        });
        this.press = new LongPress((item, point) => this.menus.open(item, point));
        let gone = false;
        useCanvasDrag({
            ref: this.root,
            elements: ".o_canvas_type[data-type], .o_canvas_card, .o_canvas_person",
            ignore: "input",
            preventDrag: (element) => !this.store.canEdit && !element.matches(".o_canvas_person"),
            onDragStart: ({ element, x, y }) => {
                const thing = this.thingOf(element);
                this.press.cancel();
                gone = !thing;
                if (thing) {
                    this.carry.start(thing, x, y);
                }
            },
            onDrag: ({ x, y }) => gone || this.carry.move(x, y),
            onDrop: () => {
                const dropped = !gone && this.carry.end();
                gone = true;
                if (dropped?.thing.person) {
                    this.movePerson(dropped.thing.person, dropped.step.id);
                } else if (dropped) {
                    this.deeds.put(dropped);
                }
            },
            onDragEnd: () => gone || this.carry.end(),
        });
    }

    useDeeds() {
        const { store, zoom } = this;
        const settings = {
            show: (stepId, options) => this.inspect(stepId, options),
            close: () => this.closeSettings(),
            pick: (step) => this.pick(step),
        };
        Object.defineProperty(settings, "shown", { get: () => this.state.inspecting });
        Object.defineProperty(settings, "isPicking", { get: () => Boolean(this.state.picking) });
        const where = new Whereabouts({ store, layout: () => this.layout, zoom, plane: this.plane });
        const deeds = new Deeds({ store, where, settings });
        const menus = new Menus({
            ...{ store, where, deeds, settings },
            anchor: useRef("anchor"),
            showPeople: (step, figure) => this.showPeople(step, figure),
            showFigures: (step) => this.showFigures(step),
            replace: (step) => this.replace(step),
        });
        const focusSearch = () => this.search.focus();
        const commands = new Commands({ store, where, deeds, menus, settings, zoom, focusSearch });
        Object.assign(this, { where, deeds, menus, commands });
        // what cards call; always the same object, so that they are not drawn anew for it
        this.ofCards = {
            rename: (step, name, byKey) => deeds.rename(step, name, byKey),
            toggle: (step) => store.toggle(step),
            showPeople: (step, figure) => this.showPeople(step, figure),
            showForetold: (title, figure) => this.foretelling.showPeople(title, figure),
        };
        useExternalListener(window, "keydown", (ev) => commands.onWindowKeydown(ev));
        useBus(this.env.bus, "MARKETING_SCENARIO:PICK_STEP", ({ detail }) => {
            this.state.picking = detail;
            this.where.goTo(this.where.reached);
        });
        // before the panel hears it, which would close
        const onEscape = (ev) => {
            if (this.state.picking && ev.key === "Escape") {
                ev.stopPropagation();
                this.state.picking = null;
            }
        };
        useExternalListener(window, "keydown", onEscape, { capture: true });
    }

    /** What goes on while one looks: new counts, another size of the window. */
    useFollowing() {
        useBus(this.env.bus, "MARKETING_SCENARIO:OPEN_PANEL", ({ detail }) => {
            if (detail.scenarioId === this.props.scenarioId) {
                detail.shown = true;
                this.state[detail.panel] = false;
                this.toggle(detail.panel);
            }
        });
        useBus(this.env.bus, "MARKETING_SCENARIO:CHANGED_ELSEWHERE", () => this.followOthers());
        useBus(this.env.bus, "MARKETING_SCENARIO:HERE", ({ detail: others }) => {
            if (others.join() !== this.state.others.join()) {
                this.state.others = others;
            }
        });
        onMounted(() => {
            this.env.bus.trigger("MARKETING_SCENARIO:WHO_IS_HERE");
            this.looking = browser.setInterval(() => document.hidden || this.store.refreshFigures(), LOOK_EVERY);
        });
        onWillUnmount(() => {
            browser.clearInterval(this.looking);
            this.commands.stop();
            this.press.cancel();
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

    /** How many of those who left a step took one of its ways; null, before anybody has. */
    shareOf({ parent, outcome }) {
        const { ways } = (this.store.isLive && this.store.figures[parent]) || {};
        const count = ways?.[outcome];
        if (!count) {
            return null;
        }
        const all = Object.values(ways).reduce((sum, one) => sum + one, 0);
        return { text: percent(count, all), label: labelled(_t("Took this way"), formatInteger(count)) };
    }

    /** Where everything stands; computed anew only when it may have changed. */
    get layout() {
        const { tree, compact, isLive, collapsed } = this.store;
        const told = this.state.foretold?.titles.length || 0;
        const key = [compact, isLive, told, [...collapsed].join()].join(";");
        if (this.drawn?.tree !== tree || this.drawn.key !== key) {
            const before = this.drawn;
            this.drawn = { tree, key, layout: layoutTree(tree, { compact, live: isLive, told, collapsed }) };
            this.holdStill(before?.layout);
        }
        return this.drawn.layout;
    }

    /** However the tree grows, what one works on stays where it is on the screen; a new step: what is above it. */
    holdStill(before) {
        const { layout, tree } = this.drawn;
        const known = (key) => before?.byKey.has(key) && layout.byKey.has(key);
        const selected = this.store.selected;
        let step = selected && tree.get(isPlaceKey(selected) ? placeOf(selected).parent : Number(selected));
        let key = selected;
        while (step && !known(key)) {
            key = String(step.id);
            step = tree.parentOf(step);
        }
        if (this.placed && known(key)) {
            const [was, is] = [before.byKey.get(key), layout.byKey.get(key)];
            const { k } = this.zoom.transform;
            this.zoom.moveBy((was.x - is.x) * k, (was.y - is.y) * k);
        }
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

    get isTight() {
        return this.state.width < TIGHT;
    }

    get isTiny() {
        return this.state.width < TINY;
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

    /** What a screen reader says of a place on which nothing hangs. */
    missingOn({ way }) {
        return way ? labelled(way, _t("End missing")) : _t("End missing");
    }

    get check() {
        return parts.get("check", null);
    }

    /** How many errors and warnings there are, as the check counts them. */
    get findings() {
        const counts = countedIn(this.store.issues);
        return { ...counts, words: inWords(counts) };
    }

    get simulation() {
        return this.store.scenario.is_manager && parts.get("simulation", null);
    }

    get forecast() {
        return this.store.scenario.is_manager && parts.get("forecast", null);
    }

    /** What the forecast beside says of the tree, as it is drawn. */
    get told() {
        return this.state.foretold && this.foretelling.of(this.state.foretold, this.store.tree);
    }

    get far() {
        return this.state.foretold ? farness(this.state.zoom) : 1;
    }

    get Inspector() {
        return parts.get("inspector");
    }

    get othersHere() {
        const { others } = this.state;
        return others.length === 1 ? _t("%s is here too", others[0]) : _t("%s are here too", others);
    }

    get words() {
        const { undo, redo } = this.store.picture.undo;
        return {
            undo: undo ? _t("Undo: %s (Ctrl+Z)", undo) : _t("Nothing to undo"),
            redo: redo ? _t("Redo: %s (Ctrl+Y)", redo) : _t("Nothing to redo"),
            missing: this.missingEnds === 1 ? _t("Add the missing end") : _t("Add %s missing ends", this.missingEnds),
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
                this.where.reveal(String(this.state.inspecting), true);
            }
        }
        this.boardWidth = width;
    }

    registerMinimap(follow) {
        this.minimap = follow;
        this.onMoved();
    }

    /** A step that was found. */
    show(step) {
        if (step) {
            this.store.select(String(step.id));
            this.zoom.read(this.layout.byKey.get(String(step.id)));
        }
    }

    // -- what stands beside ---------------------------------------------------------------------------------

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
        Object.assign(this.state, { inspecting: stepId, picking: null });
        this.store.select(String(stepId));
        this.where.reveal(String(stepId), true);
        if (focus || field) {
            const own = CSS.escape(field || "");
            // what is edited elsewhere is reached by a button, which says so
            const name = field ? `:is(.o_field_widget[name="${own}"], [data-field="${own}"]) ` : ".o_form_sheet ";
            const wanted = ["input", "textarea", "[contenteditable=true]", "button", "select"];
            const inputs = wanted.map((one) => `${name}${one}:not([disabled])`).join(", ");
            this.where.focusWhenThere(() =>
                document.querySelector(`.o_step_inspector[data-step="${stepId}"] :is(${inputs})`),
            );
        }
    }

    /** What was typed beside the tree is written: what is done next must know it. */
    async saveSettings() {
        if (this.state.inspecting) {
            await this.settings?.save();
        }
    }

    /** Returns whether the settings may go: false, the server does not answer. */
    async leaveSettings() {
        return !this.state.inspecting || !this.settings || this.settings.leave();
    }

    /** The panel that stands beside the tree, maybe behind the settings of a step. */
    get panel() {
        return PANELS.find((panel) => this.state[panel]);
    }

    toggleCheck() {
        return this.toggle("checking");
    }

    toggleSimulation() {
        return this.toggle("simulating");
    }

    toggleForecast() {
        return this.toggle("forecasting");
    }

    /** A panel comes to the front, in the place of another: with little room it stands behind the settings of a step. */
    async toggle(panel) {
        const behind = Boolean(this.state.inspecting) && browser.innerWidth <= CHECK_BESIDE;
        if (!(await this.leaveSettings())) {
            return;
        }
        this.state[panel] = behind || !this.state[panel];
        if (this.state[panel]) {
            const others = Object.fromEntries(PANELS.map((one) => [one, one === panel]));
            Object.assign(this.state, { ...others, inspecting: 0 });
        }
    }

    closePanel(panel) {
        this.state[panel] = false;
        this.keepFocus();
    }

    /** Something goes: the focus that it takes along is in the tree afterwards. */
    keepFocus() {
        this.where.focusWhenThere(() => document.activeElement === document.body && this.where.element);
    }

    /** @param {number} [stepId] the step that was saved: what trying it has found was found of what it said before */
    async onSettingsSaved(stepId) {
        this.store.showTried(this.store.tried.filter((issue) => issue.step_id !== stepId));
        await this.store.load();
        this.props.onEdited?.();
    }

    closeSettings() {
        Object.assign(this.state, { inspecting: 0, picking: null });
        this.keepFocus();
    }

    /** @returns {boolean} whether a step was asked for, which this one is */
    pick(step) {
        const { picking } = this.state;
        if (picking) {
            this.state.picking = null;
            picking({ id: step.id, display_name: step.name });
        }
        return Boolean(picking);
    }

    async showPeople(step, ...figure) {
        this.action.doAction(await this.store.call("canvas_people", [step.id, ...figure]));
    }

    /** The dialog of the server says what happens, and asks. */
    async movePerson(person, ...step) {
        const action = await this.store.call("canvas_move_person", [person.id, ...step]);
        this.search.end();
        this.doAction(action);
    }

    async showFigures(step) {
        this.action.doAction(await this.store.orm.call("marketing.scenario.step", "action_dashboard", [step.id]));
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

    // -- pointer --------------------------------------------------------------------------------------------------

    thingOf(element) {
        const person = this.search.personOf(element);
        if (person) {
            return { person, label: person.name, icon: "fa-user", family: "edge" };
        }
        const { palette } = this.store.picture;
        const entry = palette.find((one) => one.type === element.dataset.type);
        if (entry) {
            return entry;
        }
        const step = this.store.tree.get(Number(element.dataset.key));
        if (!step || this.menus.isOpen) {
            return null;
        }
        const below = this.store.tree.countBelow(step);
        const { name: label, icon, family } = step;
        return { step, label, icon, family, below, outcomes: step.outcomes.length, following: below > 0 };
    }

    onContextMenu(ev) {
        const item = ev.target.closest(".o_canvas_item[data-key]");
        if (item && !ev.target.closest("input")) {
            ev.preventDefault();
            this.press.cancel();
            // the menu key has no pointer
            const byPointer = ev.clientX || ev.clientY;
            this.menus.open(item, byPointer ? { x: ev.clientX, y: ev.clientY } : null);
        }
    }

    onClick(ev) {
        const item = ev.target.closest(".o_canvas_item[data-key]");
        if (!item) {
            return;
        }
        const { key } = item.dataset;
        const step = this.store.tree.get(Number(key));
        if (step && this.pick(step)) {
            return;
        }
        item.focus({ preventScroll: true });
        this.store.select(key);
        if (!isPlaceKey(key)) {
            this.inspect(Number(key));
        }
    }

    onDoubleClick(ev) {
        if (ev.target.closest(".o_canvas_name")) {
            this.commands.renameCurrent();
        }
    }

    toggleCompact() {
        this.store.toggleCompact();
        this.placed = false;
        browser.requestAnimationFrame(() => this.onResized());
    }

    toggleFull() {
        this.state.full = !this.state.full;
    }
}
