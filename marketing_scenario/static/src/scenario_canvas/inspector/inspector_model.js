import { ConnectionLostError } from "@web/core/network/rpc";
import { Operation } from "@web/model/relational_model/operation";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { StaticList } from "@web/model/relational_model/static_list";

const PLAIN = ["boolean", "char", "date", "datetime", "float", "integer", "monetary", "selection", "text"];

/**
 * The data of a form that is saved while somebody works in it.
 *
 * A save and a load put new records and lists in the place of those on screen. What is done to one of these meanwhile
 * is done to what stands in its place afterwards, and what was typed is shown until then: no answer of the server is
 * shown in the place of what was said after the question.
 */
class InspectorRecord extends RelationalModel.Record {
    update(changes, options) {
        const act = (record) => super.update.call(record, changes, options);
        return this.model.afterwards(this, act, this.plain(changes));
    }

    /** What comes while the save waits for its turn must wait, too, for the save takes these records away. */
    async save(options) {
        await this.model._askChanges();
        return this.model.settle(this.model.mutex.exec(() => this._save(options)));
    }

    /** Nobody waits any more: what was said is taken as it is. */
    urgentSave() {
        this.model._urgentSave = true;
        for (const { data, said } of this.model.waiting) {
            data?._update?.(said);
        }
        return super.urgentSave();
    }

    _save() {
        return this.model.settle(super._save(...arguments).finally(() => this.model.showSaid()));
    }

    _setData() {
        if (this.id !== this.model.root?.id) {
            return super._setData(...arguments);
        }
        return this.model.replace(() => super._setData(...arguments));
    }

    _applyChanges() {
        const undo = super._applyChanges(...arguments);
        this.model.showSaid();
        return undo;
    }

    /** The values among some changes that can be shown as they are, before the server was asked. */
    plain(changes) {
        const isPlain = ([name, value]) => PLAIN.includes(this.fields[name].type) && !(value instanceof Operation);
        return Object.fromEntries(Object.entries(changes).filter(isPlain));
    }

    /** What was taken of what was said is shown. */
    showTaken(names) {
        for (const name of names) {
            this.data[name] = (name in this._changes ? this._changes : this._values)[name];
        }
    }

    /** Without an answer of the server what was typed stays; what follows from it is there when it is saved. */
    async _getOnchangeValues() {
        try {
            return await super._getOnchangeValues(...arguments);
        } catch (error) {
            if (error instanceof ConnectionLostError) {
                return {};
            }
            throw error;
        }
    }
}

/** Rows are edited where they stand, all at once, instead of one at a time. */
class InspectorList extends StaticList {
    _createRecordDatapoint(data, params = {}) {
        const mode = this._parent.isInEdition ? "edit" : "readonly";
        return super._createRecordDatapoint(data, { ...params, mode });
    }

    addNewRecord(params) {
        return this.model.afterwards(this, (list) => super.addNewRecord.call(list, params));
    }

    delete(record) {
        const index = this.indexOf(record.id);
        return this.model.afterwards(this, (list) => super.delete.call(list, list.records[index]));
    }

    resequence(movedId, targetId) {
        const [moved, target] = [this.indexOf(movedId), this.indexOf(targetId)];
        return this.model.afterwards(this, (list) =>
            super.resequence.call(list, list.records[moved].id, list.records[target]?.id ?? null),
        );
    }

    indexOf(id) {
        return this.records.findIndex((record) => record.id === id);
    }
}

export class InspectorModel extends RelationalModel {
    static Record = InspectorRecord;
    static StaticList = InspectorList;
    static withCache = false;

    setup() {
        super.setup(...arguments);
        this.waiting = new Set(); // what is to be done: { data, said }, see afterwards
    }

    get isUnsaved() {
        return Boolean(this.root?.dirty || this.waiting.size);
    }

    /** What somebody changed stays until it is saved or taken back: no new rendering around it loads it away. */
    async load(params = {}) {
        if (!this.isUnsaved) {
            await this.settle(super.load(params));
        }
    }

    _createRoot() {
        return this.replace(() => super._createRoot(...arguments));
    }

    /** Note that a save or load goes on. Returns its promise. */
    settle(work) {
        const settling = Promise.allSettled([work, this.settling]).then(() => {
            if (this.settling === settling) {
                this.settling = null;
            }
        });
        this.settling = settling;
        return work;
    }

    /**
     * Do something to a record or list, or, when a save or load goes on, to what stands in its place after that.
     *
     * @param {InspectorRecord | InspectorList} data
     * @param {(data: InspectorRecord | InspectorList) => Promise} act
     * @param {Object} [said] values of a record that are shown until it is done
     */
    async afterwards(data, act, said = {}) {
        const one = { data, said };
        this.waiting.add(one);
        this.showSaid();
        try {
            while (this.settling && !this._urgentSave) {
                await this.settling;
            }
            return one.data && (await act(one.data));
        } finally {
            this.waiting.delete(one);
            one.data?.showTaken?.(Object.keys(said));
            this.showSaid();
        }
    }

    /** An answer puts new records and lists in the place of the old ones: what waits is about these now. */
    replace(make) {
        const places = [...this.waiting].filter(({ data }) => data).map((one) => [one, placeOf(one.data)]);
        const made = make();
        for (const [one, place] of places) {
            const find = (outer, key) => outer?.data?.[key] ?? outer?.records?.[key];
            one.data = place.reduce(find, made || this.root);
        }
        this.showSaid();
        return made;
    }

    /** What was said and is not done yet is shown over what the server has answered. */
    showSaid() {
        for (const { data, said } of this.waiting) {
            Object.assign(data?.data || {}, said);
        }
    }
}

/** The way from the root: names of fields, and positions in their lists. */
function placeOf(data) {
    if (data._parent) {
        const { data: values } = data._parent;
        return [...placeOf(data._parent), Object.keys(values).find((name) => values[name]?.id === data.id)];
    }
    if (data._parentRecord) {
        const lists = Object.values(data._parentRecord.data).filter((value) => value instanceof InspectorList);
        const list = lists.find((one) => one.indexOf(data.id) >= 0);
        return list ? [...placeOf(list), list.indexOf(data.id)] : [undefined];
    }
    return [];
}
