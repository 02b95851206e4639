"""Every screen loads: the views of each action, each view of ours, and what the forms read; saved filters too."""

from ast import literal_eval

from upgrade import on_purpose
from upgrade.figures import figures, found_by_filters
from upgrade.new_world import NewWorld
from upgrade.report import Report

SHOWN_RECORDS = 5
ADDON = "marketing_scenario"


class Screens:
    """The addon's screens as an administrator opens them."""

    def __init__(self, world: NewWorld, report: Report):
        self.world, self.report = world, report
        self.env = world.admin

    def same_figures(self) -> None:
        """Check the counters on scenarios and steps, before anybody moves."""
        old, new = dict(self.world.facts["figures"]), figures(self.env)
        # 04cbd34 took a run that was taken over in a merge for one that had passed the step where it stands
        for step, count in self.env["marketing.scenario.trace"]._read_group(
            [("event", "=", "inherited")], ["step_id"], ["__count"]
        ):
            name = f"{step._name} {step.id} passed_count"
            if old[name] != new[name]:
                old[name] -= count
        changed = [f"{name}: {old[name]} → {new[name]}" for name in old if name in new and old[name] != new[name]]
        self.report.none(changed, f"{len(new)} figures of scenarios, steps and reports show what they showed")

    def same_filters(self) -> None:
        """Check what the filters find that people saved."""
        found = found_by_filters(self.env)
        for name, ids in self.world.facts["filters"].items():
            if name in on_purpose.FILTERS:
                continue
            self.report.same(found.get(name), ids, f"the saved filter “{name}” finds the same {len(ids)}")

    def load(self) -> None:
        """Load them all."""
        actions = self._ours("ir.actions.act_window")
        troubles = [trouble for action in actions for trouble in self._attempt(action.display_name, self._open, action)]
        self.report.none(troubles, f"the views of {len(actions)} actions load, and their records")
        views = self._ours("ir.ui.view").filtered(lambda view: view.model and view.mode == "primary")
        troubles = [trouble for view in views for trouble in self._attempt(view.name, self._show, view)]
        self.report.none(troubles, f"{len(views)} views of the addon load one by one")
        for model in ("res.partner", "crm.lead"):
            troubles = self._attempt(model, self._read_form, model, False)
            self.report.none(troubles, f"the form of {model} loads, with our part")

    def _ours(self, model: str):
        names = self.env["ir.model.data"].sudo().search([("module", "=", ADDON), ("model", "=", model)])
        return self.env[model].browse(names.mapped("res_id")).exists()

    def _attempt(self, name: str, call, *arguments) -> list[str]:
        """Call; return the trouble, if any."""
        try:
            with self.world.cr.savepoint():
                call(*arguments)
        except Exception as error:  # noqa: BLE001 - whatever it is, the screen does not load
            return [f"{name}: {type(error).__name__}: {error}"]
        return []

    def _open(self, action) -> None:
        views = [*action.views, (action.search_view_id.id, "search")]
        options = {"action_id": action.id, "toolbar": True, "load_filters": True}
        model = self.env[action.res_model].with_context(**self._context(action))
        known = model.get_views(views, options)["models"][action.res_model]["fields"]
        model.browse(self._some(action.res_model)).read([name for name in known if name != "id"])

    def _context(self, action) -> dict:
        text = (action.context or "{}").strip()
        return literal_eval(text) if "uid" not in text and "active_id" not in text else {}

    def _show(self, view) -> None:
        self.env[view.model].get_view(view.id, view.type)

    def _read_form(self, model: str, view_id) -> None:
        known = self.env[model].get_views([(view_id, "form")])["models"][model]["fields"]
        self.env[model].browse(self._some(model)).read([name for name in known if name != "id"])

    def _some(self, model: str) -> list[int]:
        return [] if self.env[model]._transient else self.env[model].search([], limit=SHOWN_RECORDS).ids
