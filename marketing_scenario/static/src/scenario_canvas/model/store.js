import { markRaw } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { RPCError } from "@web/core/network/rpc";
import { Mutex } from "@web/core/utils/concurrency";

import { clipboard } from "./clipboard";
import { foundOn } from "./findings";
import { memory } from "./memory";
import { isPlaceKey, placeOf, Tree } from "./tree";

const SESSION = "marketing_scenario.undo_session";
const NOTHING = {
    scenario: {
        id: 0,
        published: 0,
        name: "",
        state: "draft",
        locked: true,
        draft: false,
        is_manager: false,
        can_edit: false,
    },
    steps: [],
    palette: [],
    families: [],
    figures: {},
    changed: {},
    issues: [],
    undo: { undo: false, redo: false },
};

/** What is undone in this tab is what was done in this tab. */
function undoSession() {
    let session = browser.sessionStorage.getItem(SESSION);
    if (!session) {
        session = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
        browser.sessionStorage.setItem(SESSION, session);
    }
    return session;
}

/** The values by step; what has not changed stays the same object: nothing is drawn again for it. */
function kept(before = {}, values = {}) {
    return Object.fromEntries(
        Object.entries(values).map(([id, value]) => [
            id,
            JSON.stringify(before[id]) === JSON.stringify(value) ? before[id] : value,
        ]),
    );
}

/**
 * What the canvas knows and can do: the picture of the server, what is selected, folded, searched, and the edits.
 *
 * Each edit is one request, one after the other; its answer is the new picture. Made reactive by the canvas.
 */
export class CanvasStore {
    constructor({ orm, notification, onEdited = () => {}, ask = () => {}, settle = () => {} }) {
        Object.assign(this, { orm: markRaw(orm), notification: markRaw(notification) });
        this.onEdited = onEdited;
        this.ask = ask; // shows a question of the server: an action
        this.settle = settle; // what else is being edited is written first
        this.mutex = markRaw(new Mutex());
        this.context = { marketing_undo_session: undoSession() };
        this.scenarioId = false;
        this.loaded = false;
        this.collapsed = new Set();
        this.compact = memory.compact;
        this.selected = ""; // key of a step or of an open place
        this.renaming = 0; // id of the step whose name is being changed in place
        this.cut = 0; // id of the step that waits to be pasted elsewhere
        this.tried = []; // findings that only trying the messages tells
        this.show(NOTHING);
    }

    get scenario() {
        return this.picture.scenario;
    }

    get canEdit() {
        return this.scenario.can_edit && !this.scenario.locked;
    }

    get isLive() {
        const counts = Object.values(this.figures);
        return this.scenario.state !== "draft" || counts.some((one) => Object.values(one).some(Boolean));
    }

    /** The selected step, if it is one. */
    get step() {
        return this.selected && !isPlaceKey(this.selected) ? this.tree.get(Number(this.selected)) : undefined;
    }

    /** All findings of the check: those that come with the picture, and what only trying has found. */
    get issues() {
        return [...this.picture.issues, ...this.tried];
    }

    show(picture) {
        const before = this.tree;
        const known = before?.byId;
        // what has not changed stays the same object: nothing is drawn again for it
        picture.steps = picture.steps.map((step) => {
            const same = known?.get(step.id);
            return same && JSON.stringify(same) === JSON.stringify(step) ? same : step;
        });
        this.picture = markRaw(picture);
        this.tree = markRaw(new Tree(picture.steps));
        this.collapsed = new Set(this.tree.steps.filter((step) => this.hides(step)).map((step) => step.id));
        this.showFigures(picture.figures);
        this.showTried(this.tried.filter((issue) => this.tree.get(issue.step_id)));
        this.selected = before ? this.nearest(this.selected, before) : "";
        if (picture.selected) {
            this.select(String(picture.selected));
        }
    }

    /** An item, or, when it is gone, what took its place or the step above it: one goes on where one was. */
    nearest(key, before) {
        const place = key && isPlaceKey(key) ? placeOf(key) : null;
        if (place && this.tree.get(place.parent)) {
            const occupant = this.tree.at(place);
            return occupant ? String(occupant.id) : key;
        }
        let step = key && before.get(place ? place.parent : Number(key));
        while (step && !this.tree.get(step.id)) {
            step = before.parentOf(step);
        }
        return step ? String(step.id) : "";
    }

    showFigures(figures) {
        this.figures = markRaw(kept(this.figures, figures));
    }

    /** What the check panel, which tries the messages, has found beside the findings of the picture. */
    showTried(issues) {
        const known = new Set(this.picture.issues.map((issue) => `${issue.step_id} ${issue.message}`));
        this.tried = issues.filter((issue) => !known.has(`${issue.step_id} ${issue.message}`));
        this.found = markRaw(kept(this.found, foundOn(this.issues)));
    }

    /** Select an item, and unfold what hides it. */
    select(key) {
        this.selected = key;
        let above = !isPlaceKey(key) && this.tree.parentOf(this.tree.get(Number(key)) || {});
        let unfolded = false;
        for (; above; above = this.tree.parentOf(above)) {
            unfolded = this.collapsed.delete(above.id) || unfolded;
        }
        if (unfolded) {
            this.keepFolds();
        }
    }

    /** Fold what follows a step, or unfold it; the step stays where it is on the screen. */
    toggle(step) {
        this.select(String(step.id));
        if (!this.collapsed.delete(step.id) && this.tree.countBelow(step)) {
            this.collapsed.add(step.id);
        }
        this.keepFolds();
    }

    hides(step) {
        return this.collapsed.has(step.id) && this.tree.countBelow(step) > 0;
    }

    keepFolds() {
        const folded = this.tree.steps.filter((step) => this.hides(step));
        memory.fold(
            this.scenario.published,
            folded.map((step) => step.ref),
        );
    }

    toggleCompact() {
        memory.compact = this.compact = !this.compact;
    }

    // -- requests -------------------------------------------------------------------------------------------------

    call(method, args = [], orm = this.orm) {
        return orm.call("marketing.scenario", method, [[this.scenarioId], ...args], { context: this.context });
    }

    load(scenarioId = this.scenarioId) {
        return this.mutex.exec(async () => {
            const isOther = scenarioId !== this.scenarioId;
            if (isOther) {
                Object.assign(this, { scenarioId, selected: "", renaming: 0 });
            }
            const picture = await this.call("canvas");
            if (isOther) {
                const folded = memory.foldedOf(picture.scenario.published);
                this.collapsed = new Set(picture.steps.filter((step) => folded.has(step.ref)).map((step) => step.id));
            }
            this.show(picture);
            this.loaded = true;
        });
    }

    /** Whom a name means among those inside. */
    find(name) {
        return this.call("canvas_find", [name], this.orm.silent);
    }

    /** New counts, without a sign of it on the screen. */
    async refreshFigures() {
        if (this.scenarioId && this.isLive) {
            this.showFigures(await this.call("canvas_figures", [], this.orm.silent));
        }
    }

    /**
     * Do something with the tree.
     *
     * @param {string} method of the scenario
     * @param {...any} args a function: what it says when the edits before are done
     * @returns {Promise<boolean>} whether it was done; the reason why not is shown, and what is there now
     */
    async edit(method, ...args) {
        await this.settle();
        return this.mutex.exec(async () => {
            let answer;
            try {
                answer = await this.call(
                    method,
                    args.map((arg) => (typeof arg === "function" ? arg() : arg)),
                );
            } catch (error) {
                if (!(error instanceof RPCError) || !error.data?.message) {
                    throw error;
                }
                this.notification.add(error.data.message, { type: "danger" });
                this.show(await this.call("canvas"));
                return false;
            }
            if (answer.question) {
                this.ask(answer.question);
                return false;
            }
            this.show(answer);
            this.onEdited();
            return true;
        });
    }

    add(type, { parent, outcome }) {
        return this.edit("canvas_add", type, parent, outcome);
    }

    rename(step, name) {
        this.renaming = 0;
        const text = name.trim();
        if (!text || text === step.name) {
            return false;
        }
        const before = { ...this.picture, selected: false };
        const steps = before.steps.map((one) => (one === step ? { ...step, name: text } : one));
        this.show({ ...before, steps }); // at once
        return this.edit("canvas_rename", step.id, text, step.name).catch((error) => {
            this.show(before); // the server does not answer
            throw error;
        });
    }

    move(step, { parent, outcome }, following) {
        return this.edit("canvas_move", step.id, parent, outcome, !following, () => this.standing(step.id));
    }

    /** Where a step stands as it is shown: what the server compares, for somebody else may have moved it. */
    standing(id) {
        const step = this.tree.get(id);
        return step && [step.parent, step.outcome];
    }

    /** Delete one step, or it with all below it; a way back is offered at once. */
    async remove(step, following) {
        const count = following ? this.tree.countBelow(step) : 0;
        if (!(await this.edit("canvas_delete", step.id, !following, () => this.tree.idsBelow(step.id)))) {
            return false;
        }
        const message = count
            ? _t("“%(step)s” and %(count)s steps after it were deleted.", { step: step.name, count })
            : _t("“%s” was deleted.", step.name);
        const close = this.notification.add(message, {
            buttons: [
                {
                    name: _t("Undo"),
                    onClick: () => {
                        close();
                        this.undo();
                    },
                },
            ],
        });
        return true;
    }

    duplicate(step) {
        return this.edit("canvas_duplicate", step.id);
    }

    /** Add an End on a place, or on all that are open. */
    close(place) {
        return place ? this.edit("canvas_close", place.parent, place.outcome) : this.edit("canvas_close");
    }

    undo() {
        return this.picture.undo.undo ? this.edit("canvas_undo") : false;
    }

    redo() {
        return this.picture.undo.redo ? this.edit("canvas_redo") : false;
    }

    // -- clipboard ------------------------------------------------------------------------------------------------

    copy(step, { following = true, cut = false } = {}) {
        this.cut = cut ? step.id : 0;
        clipboard.write({
            scenario: this.scenarioId,
            step: step.id,
            label: step.name,
            outcomes: step.outcomes.length,
            following: following && this.tree.countBelow(step) > 0,
            below: this.tree.idsBelow(step.id),
            cut,
        });
    }

    /** What can be pasted, as a thing for `verdict`; null: nothing. */
    get clip() {
        const clip = clipboard.read();
        if (!clip) {
            return null;
        }
        const step = clip.cut && clip.scenario === this.scenarioId ? this.tree.get(clip.step) : undefined;
        return clip.cut && clip.scenario === this.scenarioId && !step ? null : { ...clip, id: clip.step, step };
    }

    /** Paste on a place; what was cut moves there. */
    async paste(clip, { parent, outcome }, following) {
        if (!clip.step) {
            const pasted = await this.edit("canvas_paste", clip.id, parent, outcome, following);
            if (pasted && clip.cut) {
                await this.takeAway(clip, following);
            }
            return pasted;
        }
        const done = await this.move(clip.step, { parent, outcome }, following);
        if (done) {
            this.letGo();
        }
        return done;
    }

    /** What was cut in another scenario goes there, once it is here; where it cannot, that is said. */
    async takeAway(clip, following) {
        clipboard.clear();
        const args = [[clip.scenario], clip.id, !following, clip.below];
        let reason;
        try {
            const answer = await this.orm.call("marketing.scenario", "canvas_delete", args, { context: this.context });
            reason = answer.question && _t("people stand there.");
        } catch (error) {
            if (!(error instanceof RPCError) || !error.data?.message) {
                throw error;
            }
            reason = error.data.message;
        }
        if (reason) {
            const words = { step: clip.label, reason };
            this.notification.add(_t("“%(step)s” stays in the other scenario, too: %(reason)s", words), {
                type: "warning",
            });
        }
    }

    /** What was cut stays where it is. */
    letGo() {
        if (this.cut) {
            clipboard.clear();
        }
        this.cut = 0;
    }
}
