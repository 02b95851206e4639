"""Changes to a scenario that people walk are collected in a draft: a hidden copy that only its editors see (S54).

The copy is an ordinary scenario, so ordinary forms work on it; it is never active, so the engine never sees it.
"""

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from ...tools import definition
from ..dry import is_dry
from .definition import DIRECT

MANAGER = "marketing_scenario.group_scenario_manager"  # words of a change may hold the key of a web address
QUIET = {"mail_create_nolog": True, "mail_create_nosubscribe": True, "tracking_disable": True}


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    original_id = fields.Many2one(
        "marketing.scenario",
        "Published scenario",
        index="btree_not_null",
        copy=False,
        readonly=True,
        ondelete="cascade",
        help="The scenario whose changes are collected here. Empty: this is no draft of changes.",
    )
    draft_ids = fields.One2many("marketing.scenario", "original_id", "Draft of changes")
    draft_id = fields.Many2one("marketing.scenario", compute="_compute_draft_id")
    is_locked = fields.Boolean(
        compute="_compute_is_locked", help="It runs: its screens change it through a draft of changes only."
    )
    changes = fields.Json("Unpublished changes", compute="_compute_changes", groups=MANAGER)
    change_count = fields.Integer("Number of unpublished changes", compute="_compute_changes", groups=MANAGER)

    base_definition = fields.Json(copy=False, readonly=True, groups=MANAGER)

    _one_draft = models.UniqueIndex(
        "(original_id) WHERE original_id IS NOT NULL", "There is a draft of changes already. Reload the page."
    )

    # -- hidden from all but its editors --------------------------------------------------------------------------

    @api.model
    def _search(self, domain, *args, active_test=True, **kwargs):
        """Drafts are found as archived records are: by those only who ask for them."""
        domain = Domain(domain)
        if active_test and self.env.context.get("active_test", True):
            if not any(leaf.field_expr == "original_id" for leaf in domain.iter_conditions()):
                domain &= Domain("original_id", "=", False)
        return super()._search(domain, *args, active_test=active_test, **kwargs)

    @api.depends("name", "original_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for draft in self.filtered("original_id"):
            draft.display_name = self.env._("%(name)s (unpublished changes)", name=draft.name)
        return result

    @api.model_create_multi
    def create(self, vals_list):
        self._check_is_ours(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        self._check_is_ours([vals])
        if DIRECT & vals.keys() and not self.env.su and self.original_id:
            raise UserError(
                self.env._("Name, notes, owner and company are changed on the scenario itself, not in its draft.")
            )
        result = super().write(vals)
        direct = {name: vals[name] for name in DIRECT & vals.keys()}
        # sudo: the draft follows its scenario, whose rights were checked just above
        if direct and (drafts := self.sudo().draft_ids):
            drafts.write(direct)
        return result

    def _check_is_ours(self, vals_list):
        """A draft speaks for its scenario, with its owner: only ``_open_draft`` makes one."""
        if not self.env.su and any(vals.get("original_id") for vals in vals_list):
            raise AccessError(self.env._("original_id: use “Change” on the scenario; it makes the draft of changes."))

    def _set_state(self, state):
        if self.original_id and not is_dry(self.env):
            raise UserError(self.env._("A draft of changes is never active. Publish it."))
        return super()._set_state(state)

    def action_activate(self):
        """A draft is published instead."""
        if self.original_id:
            raise UserError(self.env._("A draft of changes is never active. Publish it."))
        return super().action_activate()

    def _enroll_allowed(self, records, door, origin=False):
        if self.original_id:
            raise UserError(self.env._("Nobody enters a draft of changes. Use the scenario itself."))
        return super()._enroll_allowed(records, door, origin)

    @api.depends("original_id", "state")
    def _compute_is_locked(self):
        for scenario in self:
            scenario.is_locked = scenario.state == "active" and not scenario.original_id

    @api.depends("draft_ids")
    def _compute_draft_id(self):
        for scenario in self:
            scenario.draft_id = scenario.draft_ids[:1]

    # -- opening, looking, throwing away --------------------------------------------------------------------------

    def action_edit(self):
        """Button *Change*: open the draft of changes of this scenario, made now if there is none."""
        self.ensure_one()
        self.check_access("write")
        return self._open_draft()._action_form() if not self.original_id else self._action_form()

    def _open_draft(self):
        """The draft of changes of this scenario, made now if there is none."""
        self.ensure_one()
        if self.draft_id:
            return self.draft_id
        self._claim_trees()
        # sudo: the copy is as the original is, with its owner and with texts that others wrote; each keeps its author
        original = self.sudo().with_context(marketing_without_start=True, **QUIET)
        rows = {field.name: [] for field in self._line_fields()}
        values = original.copy_data({"name": self.name, "user_id": self.user_id.id, "original_id": self.id, **rows})[0]
        now = self._definition()
        draft = original.create({**values, "base_definition": now})
        steps = draft._apply(now)
        for step in self.step_ids:
            steps[step.id]._keep_author_of(step)
        return self.browse(draft.id)

    def _action_form(self, main=False):
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "main" if main else "current",
        }

    def action_discard(self):
        """Button *Discard*: throw the unpublished changes away."""
        self.ensure_one()
        self._check_is_draft()
        original = self.original_id
        self.unlink()
        return original._action_form(main=True)

    def _tried(self):
        """People are in the scenario that this draft stands for."""
        return self.original_id or super()._tried()

    def _check_is_draft(self):
        self.check_access("write")
        if not self.original_id:
            raise UserError(self.env._("“%(name)s” is no draft of changes.", name=self.name))

    def _changes(self):
        """What publishing this draft would change, as ``tools.definition.compare`` tells it."""
        return definition.compare(self.original_id._definition(), self._definition())

    def _changed_meanwhile(self):
        """In words: what changed in the published scenario since this draft was made of it."""
        published = self.original_id._definition()
        return self._in_words(definition.compare(self.base_definition, published))

    @api.depends("step_ids", "original_id")
    @api.depends_context("lang")
    def _compute_changes(self):
        for scenario in self:
            draft = scenario._origin if scenario.original_id else scenario._origin.draft_id
            changes = draft._in_words(draft._changes()) if draft.original_id else []
            scenario.changes, scenario.change_count = changes, len(changes)


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    is_locked = fields.Boolean(related="scenario_id.is_locked")

    def _keep_author_of(self, source):
        """Take over whose texts they are; who copies or publishes a step answers for none of them."""
        # sudo: noted by the server, never by a client
        if self.sudo().text_author_id != source.sudo().text_author_id:
            self.sudo().text_author_id = source.sudo().text_author_id

    def _tried(self):
        """People are on the step that this one of a draft stands for."""
        return self.browse(self.original_id or ()) if self.scenario_id.original_id else super()._tried()


class MarketingScenarioVariant(models.Model):
    _inherit = "marketing.scenario.variant"

    def _tried(self):
        """As of a step."""
        return self.browse(self.original_id or ()) if self.scenario_id.original_id else super()._tried()
