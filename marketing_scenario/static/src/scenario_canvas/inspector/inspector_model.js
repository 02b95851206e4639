import { ConnectionLostError } from "@web/core/network/rpc";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { StaticList } from "@web/model/relational_model/static_list";

/**
 * The data of a form that is saved while somebody works in it.
 *
 * A save and a load put new records and lists in the place of those on screen. What is done to one of these meanwhile
 * is done to what stands in its place afterwards.
 */
class InspectorRecord extends RelationalModel.Record {
    update(changes, options) {
        return this.model.afterwards(this, (record) => super.update.call(record, changes, options));
    }

    _save() {
        return this.model.settle(super._save(...arguments));
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

    /** What somebody changed stays until it is saved or taken back: no new rendering around it loads it away. */
    async load(params = {}) {
        if (!this.root?.dirty) {
            await this.settle(super.load(params));
        }
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
     */
    afterwards(data, act) {
        if (!this.settling || this._urgentSave) {
            return act(data);
        }
        const place = placeOf(data);
        return this.settling.then(() => {
            const now = place.reduce((outer, key) => outer?.data?.[key] ?? outer?.records?.[key], this.root);
            return now && this.afterwards(now, act);
        });
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
