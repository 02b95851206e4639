import { Component, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { useDebounced } from "@web/core/utils/timing";

const ASK_AFTER = 300; // milliseconds after the last letter
const FROM = 2; // letters

/**
 * Finds steps by their label, type or summary: the others fade, Enter goes from one to the next. And people by their
 * name, where there may be some: a click shows where one stands, and one can be dragged onto another step.
 */
export class CanvasSearch extends Component {
    static template = "marketing_scenario.CanvasSearch";
    static props = {
        query: String,
        found: [Array, { value: null }], // the steps
        search: Function, // (query)
        show: Function, // (step)
        findPeople: [Function, { value: null }], // (name) => see `canvas_find` of the scenario
        showPerson: Function, // (one of these)
        movePerson: Function, // (one of these), to a step that is asked for
        leave: Function, // back to the tree
        register: Function, // gets this search
    };

    setup() {
        this.input = useRef("input");
        this.hit = -1;
        this.state = useState({ people: [] });
        this.answers = new KeepLast();
        this.findSoon = useDebounced((name) => this.find(name), ASK_AFTER);
        this.props.register(this);
    }

    focus() {
        this.input.el.focus();
        this.input.el.select();
    }

    /** Whom an element of the list stands for. */
    personOf(element) {
        return this.state.people.find((person) => String(person.id) === element.dataset.person);
    }

    get label() {
        return this.props.findPeople ? _t("Search a step or a person") : _t("Search a step");
    }

    get placeholder() {
        return this.props.findPeople ? _t("Step or person ( / )") : _t("Search a step ( / )");
    }

    async find(name) {
        const isAsked = this.props.findPeople && name.length >= FROM;
        this.state.people = await this.answers.add(isAsked ? this.props.findPeople(name) : Promise.resolve([]));
    }

    get count() {
        return _t("%s found", this.props.found.length + this.state.people.length);
    }

    onInput(ev) {
        this.hit = -1;
        this.props.search(ev.target.value);
        this.findSoon(ev.target.value.trim());
    }

    onKeydown(ev) {
        ev.stopPropagation();
        const { found } = this.props;
        if (ev.key === "Enter" && found?.length) {
            this.hit = (this.hit + (ev.shiftKey ? -1 : 1) + found.length) % found.length;
            this.state.people = [];
            this.props.show(found[this.hit]);
        } else if (ev.key === "Escape" || (ev.key === "ArrowDown" && found?.length)) {
            this.end();
            this.props.leave();
        }
    }

    showPerson(person) {
        this.end();
        this.props.showPerson(person);
    }

    end() {
        this.findSoon.cancel();
        this.find("");
        this.props.search("");
    }
}
