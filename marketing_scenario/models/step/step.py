from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...tools.words import sentence
from ..scenario.check import UNTRIED

STEP_FORM = "marketing_scenario.marketing_scenario_step_view_form"


class MarketingScenarioStep(models.Model):
    """A node of the tree. Each step type lives in ``models/steps/<type>.py`` and adds, by name:

    ``_describe_<type>()``, ``_validate_<type>()``, ``_execute_<type>(run, enrollments)``.
    """

    _name = "marketing.scenario.step"
    _description = "Marketing scenario step"
    _inherit = ["marketing.scenario.rule.holder"]
    _order = "scenario_id, position, id"

    scenario_id = fields.Many2one("marketing.scenario", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="scenario_id.company_id")
    target_kinds = fields.Selection(related="scenario_id.target_kinds")
    name = fields.Char("Label", required=True)
    # each type adds itself with selection_add
    step_type = fields.Selection([], string="Type", required=True)
    parent_id = fields.Many2one(
        "marketing.scenario.step",
        string="After",
        ondelete="cascade",
        index=True,
        domain="[('scenario_id', '=', scenario_id)]",
    )
    outcome = fields.Char(default="next", required=True, help="Way out of the step before, on which this one hangs.")
    child_ids = fields.One2many("marketing.scenario.step", "parent_id", string="Following steps")
    rule_ids = fields.One2many("marketing.scenario.rule", "step_id", string="Rules", copy=True)
    case_ids = fields.One2many("marketing.scenario.case", "step_id", string="Cases", copy=True)
    position = fields.Integer(default=0, copy=False, help="Rank in reading order: each step before what follows it.")
    depth = fields.Integer(default=0, copy=False)
    window_id = fields.Many2one(
        "marketing.window",
        string="Sending window",
        help="Hours and days on which this message may go. Empty: the scenario's, else the company's.",
    )
    note = fields.Text("Note for colleagues", help="What they should know of this step. Nobody who walks sees it.")

    summary = fields.Char(compute="_compute_description")
    incomplete = fields.Text(
        compute="_compute_incomplete", help="What keeps this step from doing its work; empty: nothing is missing."
    )
    family = fields.Char(compute="_compute_description")
    icon = fields.Char(compute="_compute_description")
    outcome_label = fields.Char("Comes from", compute="_compute_outcome_label")

    _branch_unique = models.UniqueIndex(
        "(parent_id, outcome) WHERE parent_id IS NOT NULL",
        "Another step already hangs on this outcome.",
    )
    _start_unique = models.UniqueIndex(
        "(scenario_id) WHERE parent_id IS NULL",
        "A scenario has one Start step; every other step comes after a step.",
    )

    # -- the three methods of a step type, called by name ---------------------------------------------------------

    def _describe(self, step_type=None):
        """Facts of a step type: family, icon, outcomes, summary; optional channel, waits, awaits, jump, reads_path,
        edge, place, form, plans_activity.

        ``self`` is one step, or empty with ``step_type`` given (palette).
        """
        return getattr(self, f"_describe_{step_type or self.step_type}")()

    @api.model
    def _edge_type(self, edge):
        """The step type that opens (``start``) or closes (``end``) a tree."""
        types = [code for code, _label in self._fields["step_type"]._description_selection(self.env)]
        return next(code for code in types if self.browse()._describe(code).get("edge") == edge)

    @api.model
    def _type_label(self, step_type):
        """The name of a step type for people, in their language; said once, in the selection."""
        return dict(self._fields["step_type"]._description_selection(self.env))[step_type]

    def _validate(self):
        """Issues that keep the scenario from running well, as ``_issue`` makes them."""
        return getattr(self, f"_validate_{self.step_type}")()

    def _execute(self, decisions, enrollments):
        """Do the step's work for ``enrollments``, all standing here, and decide on each of them.

        Those who are to get a message pass the gates first, at the moment of sending (S31–S36).
        """
        # whose company speaks: see the targets' _company_in_charge
        step = self.with_context(marketing_scenario_company_id=self.scenario_id.company_id.id)
        step._execute_in_company(decisions, enrollments.with_env(step.env))

    def _execute_in_company(self, decisions, enrollments):
        channel = self._channel()
        if channel:
            enrollments = self._pass_gates(decisions, enrollments, channel)
        if enrollments:
            self._act(decisions, enrollments)

    def _act(self, decisions, enrollments):
        """Do what steps of this type do, for those who passed the gates."""
        getattr(self, f"_execute_{self.step_type}")(decisions, enrollments)

    def _pass_gates(self, decisions, enrollments, channel):
        """Hook: those who may get a message on ``channel`` now; a gate decides on the others."""
        return enrollments

    def _part(self, part, *args):
        """What this step's type says under the name ``_<part>_<type>``, or None when it says nothing."""
        handler = getattr(self, f"_{part}_{self.step_type}", None)
        return handler(*args) if handler else None

    # -- the tree -------------------------------------------------------------------------------------------------

    def _channel(self):
        """The channel on which steps of this type send, or None. Asked of the type: a step would sum itself up."""
        return self.browse()._describe(self.step_type).get("channel")

    def _outcome_codes(self):
        return [code for code, _label in self._describe().get("outcomes", [])]

    def _outcome_label(self, code):
        return dict(self._describe().get("outcomes", [])).get(code, code)

    def _nothing_follows(self, outcome):
        """Finding of the check: a way out of this step on which nothing hangs."""
        if len(self._outcome_codes()) == 1:
            return self.env._("nothing follows this step. Add an End step, or what is to happen next.")
        return self.env._(
            "nothing follows “%(outcome)s”. Add an End step there, or what is to happen next.",
            outcome=self._outcome_label(outcome),
        )

    def _jump_target(self):
        """The step this one sends people to without hanging above it (go-to), or empty."""
        return self._describe().get("jump") or self.browse()

    def _issue(self, code, message, level="error", field=None, remedy=None):
        """One finding of a check; ``message`` completes "<step>: …" and names the remedy.

        :param field: the field of the step's form that it is about; what all types of a kind have is named without the
            type that stands before it (``subject`` for ``email_subject``)
        :param remedy: what one click can do about it, in words; ``_mend_<code>()`` does it
        """
        return {
            "step_id": self.id,
            "step_name": self.name,
            "level": level,
            "code": code,
            "message": message,
            "field": self._own_field(field) if field else False,
            "remedy": remedy or False,
        }

    def _own_field(self, name):
        """The name of a field as this step's type calls it, or False."""
        names = (name, f"{self.step_type}_{name}", f"{self.step_type}_{name}_html")
        return next((own for own in names if own in self._fields), False)

    def _is_dated(self):
        """Whether the step waits for a fixed date (S23; ``_is_dated_<type>``)."""
        return bool(self._part("is_dated"))

    def _copy_references_to(self, copied, copies):
        """Hook: point references to steps of the same tree at their copies (``{old id: new step}``)."""
        for original, copy in zip(self._all_rules(), copied._all_rules(), strict=True):
            original._copy_references_to(copy, copies)

    def _all_rules(self):
        return self.rule_ids | self.case_ids.rule_ids

    @api.model
    def _settings(self):
        """All that a summary may speak of, whatever type adds it: the stored fields that people fill, and the rules."""
        own = [name for name, field in self._fields.items() if field.store and name not in models.MAGIC_COLUMNS]
        return [*own, "rule_ids.summary", "case_ids.name", "case_ids.summary"]

    @api.depends(lambda self: self._settings())
    @api.depends_context("lang")
    def _compute_description(self):
        for step in self:
            facts = step._describe() if step.step_type else {}
            step.family = facts.get("family", "")
            step.icon = facts.get("icon", "")
            step.summary = facts.get("summary", "")

    @api.depends(lambda self: self._settings())
    @api.depends_context("lang")
    def _compute_incomplete(self):
        for step in self._origin:
            issues = step._lacks() if step.step_type else []
            step.incomplete = "\n".join(sentence(issue["message"]) for issue in issues if issue["level"] == "error")
        for step in self - self._origin:
            step.incomplete = step._origin.incomplete

    def _lacks(self):
        """As ``_validate``, but nothing is tried: what is found by reading the settings."""
        return self.with_context(**{UNTRIED: True})._validate()

    @api.depends("name", "parent_id", "outcome")
    @api.depends_context("lang", "marketing_place")
    def _compute_display_name(self):
        """Where one chooses among steps, those that share a name ("End") say where they stand (``marketing_place``)."""
        result = super()._compute_display_name()
        if self.env.context.get("marketing_place"):
            for step in self._namesakes().filtered("parent_id"):
                place = " · ".join(filter(None, [step.parent_id.name, step.outcome_label]))
                step.display_name = self.env._("%(step)s, after “%(place)s”", step=step.name, place=place)
        return result

    def _namesakes(self):
        """Those of these steps whose name another step of the scenario has as well."""
        named = self._read_group(
            [("scenario_id", "in", self.scenario_id.ids), ("name", "in", self.mapped("name"))],
            ["scenario_id", "name"],
            having=[("__count", ">", 1)],
        )
        several = {(scenario.id, name) for scenario, name in named}
        return self.filtered(lambda step: (step.scenario_id.id, step.name) in several)

    @api.depends("parent_id", "outcome")
    @api.depends_context("lang")
    def _compute_outcome_label(self):
        for step in self:
            branching = len(step.parent_id._outcome_codes()) > 1 if step.parent_id else False
            step.outcome_label = step.parent_id._outcome_label(step.outcome) if branching else False

    @api.constrains("parent_id", "outcome", "scenario_id", "step_type")
    def _check_place(self):
        circular = self._has_cycle("parent_id")  # one question for all
        for step in self:
            parent = step.parent_id
            if not parent or self.env.context.get("marketing_moving"):
                continue
            if parent.scenario_id != step.scenario_id:
                raise ValidationError(
                    self.env._("%(step)s: the step before it belongs to another scenario.", step=step.name)
                )
            if circular and step._has_cycle("parent_id"):
                raise ValidationError(self.env._("%(step)s: a step cannot come after itself.", step=step.name))
            if step.outcome not in parent._outcome_codes():
                raise ValidationError(
                    self.env._(
                        "%(step)s: nothing can follow “%(parent)s” by the way “%(outcome)s”. Choose one of: %(ways)s.",
                        step=step.name,
                        parent=parent.name,
                        outcome=step.outcome,
                        ways=", ".join(parent._outcome_codes()) or self.env._("none, it ends its branch"),
                    )
                )

    def action_inspect(self):
        """Show the settings of this step in the panel of the scenario's form."""
        self.ensure_one()
        self.check_access("read")
        return {"type": "ir.actions.client", "tag": "marketing_scenario_open_step", "params": {"step_id": self.id}}

    def action_configure(self):
        """The form of this step's type, shown by the panel: the one it describes as ``form``, else ours of its name."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self._type_label(self.step_type),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "view_id": self.env.ref(self._describe().get("form", f"{STEP_FORM}_{self.step_type}")).id,
            "target": "new",
        }
