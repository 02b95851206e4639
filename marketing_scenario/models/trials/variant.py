from string import ascii_uppercase

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import is_html_empty

MOST = 4  # beside the original: five versions of a message


class MarketingScenarioVariant(models.Model):
    """Another version of the message of a step (S58): what it says differently; the rest is as in the step.

    A step type names the fields that may differ (``_varied_<type>``) and adds them here under the same names.
    """

    _name = "marketing.scenario.variant"
    _description = "Variant of a message"
    _inherit = ["marketing.scenario.worded"]
    _order = "sequence, id"

    step_id = fields.Many2one("marketing.scenario.step", required=True, ondelete="cascade", index=True)
    scenario_id = fields.Many2one(related="step_id.scenario_id")
    step_type = fields.Selection(related="step_id.step_type")
    merge_model = fields.Char(related="step_id.merge_model")
    sequence = fields.Integer(default=10)
    name = fields.Char("Label", required=True, default=lambda self: self._next_name())
    share = fields.Integer("Share (%)", required=True, default=lambda self: self._next_share())
    is_used = fields.Boolean("Used for all", compute="_compute_is_used")

    email_mailing_id = fields.Many2one("mailing.mailing", "Mailing", copy=False, ondelete="set null")
    email_lead_mailing_id = fields.Many2one("mailing.mailing", "Mailing for leads", copy=False, ondelete="set null")

    _share_valid = models.Constraint("CHECK (share BETWEEN 1 AND 100)", "The share of a variant is 1 to 100 percent.")

    @api.constrains("step_id")
    def _check_number(self):
        for step in self.step_id:
            if len(step.variant_ids) > MOST:
                raise ValidationError(
                    self.env._(
                        "%(step)s: a message has up to %(count)s variants beside the original. Remove one first.",
                        step=step.name,
                        count=MOST,
                    )
                )

    def _default_step(self):
        return self.env["marketing.scenario.step"].browse(self.env.context.get("default_step_id"))

    def _next_name(self):
        """A is the original."""
        taken = self._default_step().variant_ids.mapped("name")
        return next((letter for letter in ascii_uppercase[1:] if letter not in taken), ascii_uppercase[-1])

    def _next_share(self):
        return max(1, (self._default_step()._original_share() or 100) // 2)

    @api.depends("step_id.trial_winner_id", "step_id.trial_decided_at")
    def _compute_is_used(self):
        for variant in self:
            tried = variant._tried()
            variant.is_used = bool(tried) and tried.step_id.trial_winner_id == tried

    @api.model_create_multi
    def create(self, vals_list):
        variants = super().create(vals_list)
        variants._spoken(set().union(*vals_list))
        return variants

    def write(self, vals):
        result = super().write(vals)
        self._spoken(vals.keys())
        return result

    def unlink(self):
        steps = self.step_id
        result = super().unlink()
        steps.exists()._begin_trial()
        return result

    def _spoken(self, names):
        """These fields were written: texts are looked at as those of the step are, and the test begins anew."""
        steps = self.step_id
        if texts := self._rendered_fields().keys() & names:
            steps._check_texts(self)
            steps._note_text_author()
        if texts or "name" in names:
            steps._sync_mailings()
        if texts or "share" in names:
            steps._begin_trial()

    @api.model
    def _rendered_fields(self):
        """Those of a step that a variant has too, see there."""
        of_step = self.env["marketing.scenario.step"]._rendered_fields()
        return {name: language for name, language in of_step.items() if name in self._fields}

    def _says(self, name):
        """Whether this variant has its own value of a field of the step."""
        value = self[name]
        return not is_html_empty(value) if self._fields[name].type == "html" else bool(value)

    def _tried(self):
        """Hook: the variant that people really get, of which this one is a copy."""
        return self

    def action_design(self):
        """Open Odoo's mail designer on the text of this variant; it begins with that of the original."""
        self.ensure_one()
        return self.step_id._as(self).action_email_design()

    def action_preview(self):
        """Show this variant as one record would get it."""
        self.ensure_one()
        return self.step_id._as(self).action_email_preview()

    def action_use(self):
        """Send this variant to all from now on, whatever the figures say."""
        self.ensure_one()
        return self.step_id._use_by_hand(self)
