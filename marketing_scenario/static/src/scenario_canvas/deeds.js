import { hasTouch } from "@web/core/browser/feature_detection";
import { _t } from "@web/core/l10n/translation";

import { placeOnto, verdict } from "./model/drop";
import { isPlaceKey, placeOf } from "./model/tree";

/** What one does to the tree, however one came to it: by pointer, key or menu. */
export class Deeds {
    /** @param {{ store: Object, where: Object, settings: Object }} params settings: `shown`, `show(id, options)`, `close()` */
    constructor({ store, where, settings }) {
        Object.assign(this, { store, where, settings });
    }

    /** After an edit by key the focus is on what was edited, so that the next key does something. */
    async keepFocus(edit) {
        const done = await edit;
        if (done) {
            this.where.goTo(this.where.reached);
        }
        return done;
    }

    refuse(reason) {
        this.store.notification.add(reason, { type: "warning" });
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
            const { step, picture, found } = this.store;
            this.where.reveal(this.store.selected, true);
            if (step && (found[step.id]?.isError || this.settings.shown)) {
                this.settings.show(step.id, { field: !hasTouch() && picture.lacks });
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

    async rename(step, name, byKey) {
        if (this.store.renaming !== step.id) {
            return; // the input goes away after Enter
        }
        this.store.rename(step, name);
        if (byKey) {
            this.where.goTo(String(step.id));
        }
    }

    delete(step, following) {
        if (!this.store.canEdit) {
            return;
        }
        if (!step.parent) {
            return this.refuse(_t("A scenario begins with “%s”: it stays at the top.", step.name));
        }
        if (this.settings.shown === step.id) {
            this.settings.close();
        }
        return this.keepFocus(this.store.remove(step, following));
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

    /** Something was dropped where it may stand. */
    put({ thing, place, following }) {
        return thing.step ? this.store.move(thing.step, place, following) : this.add(thing, place);
    }
}
