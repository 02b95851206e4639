"""Which version of its message a step sends to whom.

A step speaks as one of its variants when the context says so (``_as``): its texts and its mailings are those of the
variant then. Without variants nothing here costs more than a look whether there are any.
"""

from collections import defaultdict

from odoo import api, fields, models
from odoo.fields import Command

from ...tools.draw import LOTS, draw

SPEAKING = "marketing_variant_id"


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    variant_ids = fields.One2many("marketing.scenario.variant", "step_id", string="Variants", copy=True)
    can_vary = fields.Boolean("May have variants", compute="_compute_can_vary")
    original_share = fields.Integer("Share of the original (%)", compute="_compute_original_share")

    @api.depends("step_type")
    def _compute_can_vary(self):
        for step in self:
            step.can_vary = bool(step.step_type and step._varied())

    @api.depends("variant_ids.share")
    def _compute_original_share(self):
        for step in self:
            step.original_share = step._original_share()

    def _original_share(self):
        return max(0, 100 - sum(self.variant_ids.mapped("share")))

    def _varied(self):
        """The fields in which variants of this step may differ (``_varied_<type>``)."""
        return self._part("varied") or ()

    # -- speaking -------------------------------------------------------------------------------------------------

    def _as(self, variant):
        """This step, speaking as ``variant``; empty: as the original."""
        return self.with_context(**{SPEAKING: variant.id})

    def _speaking(self):
        """The variant as which this step speaks, or empty."""
        variant_id = self.env.context.get(SPEAKING)
        # asked of the step's own: a context may come from anywhere
        return (
            self.variant_ids.filtered(lambda variant: variant.id == variant_id) if variant_id else self.variant_ids[:0]
        )

    def _said(self, name):
        """What a field of the message says: the variant's own, else the step's."""
        variant = self._speaking()
        return variant[name] if variant and name in self._varied() and variant._says(name) else self[name]

    def _say(self, vals):
        """Write texts where they are said."""
        (self._speaking() or self).write(vals)

    def _mailing_holder(self):
        return self._speaking() or super()._mailing_holder()

    def _mailing_values(self, model):
        return {**super()._mailing_values(model), "marketing_variant_id": self._speaking().id}

    def _mailing_name(self):
        return " – ".join(filter(None, [super()._mailing_name(), self._speaking().name]))

    def _sync_mailings(self):
        result = super()._sync_mailings()
        for step in self if not self.env.context.get(SPEAKING) else ():
            for variant in step.variant_ids:
                super(MarketingScenarioStep, step._as(variant))._sync_mailings()
        return result

    def _tracked_links(self):
        links = super()._tracked_links()
        for variant in self.variant_ids if not self._speaking() else ():
            links += [link for link in self._as(variant)._tracked_links() if link not in links]
        return links

    def _forgotten_settings(self):
        return {**super()._forgotten_settings(), "variant_ids": [Command.clear()], "trial_measure": False}

    # -- who gets which -------------------------------------------------------------------------------------------

    def _act(self, decisions, enrollments):
        if not self._channel() or not self.variant_ids:
            return super()._act(decisions, enrollments)
        for variant, group in self._drawn(enrollments).items():
            super(MarketingScenarioStep, self._as(variant))._act(decisions, group)
        return None

    def _drawn(self, enrollments):
        """``{variant: enrollments}``, empty for the original: the same for a person whenever they come here."""
        variants = self.variant_ids
        if self.trial_decided_at:
            return {self.trial_winner_id: enrollments}
        groups = defaultdict(list)
        for enrollment in enrollments:
            lot = draw(f"{self.id}-{enrollment.person_key or enrollment.id}")
            groups[self._variant_of(variants, lot)].append(enrollment.id)
        return {variant: enrollments.browse(ids) for variant, ids in groups.items()}

    @api.model
    def _variant_of(self, variants, lot):
        for variant in variants:
            lot -= variant.share * LOTS // 100
            if lot < 0:
                return variant
        return variants.browse()

    # -- check ----------------------------------------------------------------------------------------------------

    def _validate(self):
        if not self.variant_ids or self._speaking():
            return super()._validate()
        return self._of_versions(lambda step: super()._validate()) + self._trial_issues()

    def _missing(self):
        if not self.variant_ids or self._speaking():
            return super()._missing()
        return self._of_versions(lambda step: super()._missing())

    def _of_versions(self, issues_of):
        """The issues of the original, and those that only a variant has, named."""
        issues = issues_of(self)
        known = {issue["message"] for issue in issues}
        for variant in self.variant_ids:
            for issue in issues_of(self._as(variant)):
                named = self.env._("variant %(name)s: %(issue)s", name=variant.name, issue=issue["message"])
                if not known & {issue["message"], named}:
                    known.add(named)
                    issues.append({**issue, "message": named})
        return issues

    def _trial_issues(self):
        """Findings on the variants themselves (S40)."""
        issues = []
        total = sum(self.variant_ids.mapped("share"))
        if total > 100:
            message = self.env._("the shares of its variants add up to %(total)s %%. Lower one.", total=total)
            issues.append(self._issue("variant_shares", message))
        said = {self._wording(): self.env._("the original")}
        for variant in self.variant_ids:
            wording = self._as(variant)._wording()
            if wording in said:
                message = self.env._(
                    "variant %(name)s says the same as %(other)s. Write another text, or remove it.",
                    name=variant.name,
                    other=said[wording],
                )
                issues.append(self._issue("variant_empty", message))
            said.setdefault(wording, variant.name)
        if self.trial_measure == "clicks" and not self._tracked_links() and not self._has_typed_link():
            message = self.env._(
                "its variants are compared by clicks, but there is no link. Add one, or compare opens."
            )
            issues.append(self._issue("variant_no_link", message, level="warning"))
        return issues

    def _wording(self):
        """All that the message says and variants may change."""
        return tuple(str(self._said(name) or "") for name in self._varied())

    def _has_typed_link(self):
        """Whether a plain text holds an address: programs make a link of it."""
        return any("http" in said for version in self._versions() for said in version._wording())

    def _versions(self):
        """This step as the original and as each of its variants."""
        return [self, *(self._as(variant) for variant in self.variant_ids)]

    @api.model
    def _settings(self):
        return [*super()._settings(), "variant_ids.name", "variant_ids.share"]

    def _compute_description(self):
        result = super()._compute_description()
        for step in self.filtered(lambda step: step.variant_ids and not step._speaking()):
            step.summary = " · ".join(filter(None, [step.summary, step._trial_in_words()]))
        return result

    def _trial_in_words(self):
        shares = [(self.env._("original"), self._original_share()), *((v.name, v.share) for v in self.variant_ids)]
        return self.env._(
            "in %(count)s versions (%(shares)s)",
            count=len(shares),
            shares=", ".join(f"{name} {share} %" for name, share in shares),
        )


class MailingMailing(models.Model):
    _inherit = "mailing.mailing"

    marketing_variant_id = fields.Many2one(
        "marketing.scenario.variant",
        string="Variant",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The version of the step's message that this mailing holds; empty: the original.",
    )

    def _marketing_step(self):
        step = super()._marketing_step()
        return step._as(self.marketing_variant_id) if self.marketing_variant_id else step

    def _marketing_designed(self):
        if variant := self.marketing_variant_id:
            return {"model": variant._name, "id": variant.id, "design": "action_design"}
        return super()._marketing_designed()


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    marketing_variant_id = fields.Many2one(related="mass_mailing_id.marketing_variant_id", string="Variant")
