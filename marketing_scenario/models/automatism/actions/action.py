"""What an automation does (S14), one row per thing to do, in order."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...target.rights import with_rights_of


class MarketingAutomatismAction(models.Model):
    """Each kind lives in a file beside this one and adds, by name: ``_describe_<kind>()`` and ``_run_<kind>(records)``,
    set-based, for the records of one model."""

    _name = "marketing.automatism.action"
    _description = "Action of an automation"
    _inherit = ["marketing.linked"]
    _order = "sequence, id"

    automatism_id = fields.Many2one(
        "marketing.automatism", string="Automation", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="automatism_id.company_id")
    sequence = fields.Integer(default=10)
    # each kind adds itself with selection_add
    kind = fields.Selection([], string="Do", required=True)
    apply_to = fields.Selection(
        [
            ("record", "The record itself"),
            ("contact", "Its contact"),
            ("account", "Its account"),
            ("contacts", "The contacts of its account"),
            ("leads", "Its open leads"),
        ],
        string="On",
        default="record",
        required=True,
    )
    summary = fields.Char("In words", compute="_compute_summary")

    @api.depends("kind", "apply_to")
    @api.depends_context("lang")
    def _compute_summary(self):
        whom = dict(self._fields["apply_to"]._description_selection(self.env))
        for action in self:
            text = action._describe()["summary"] if action.kind else ""
            if action.apply_to not in (False, "record"):
                text = self.env._("%(action)s (on: %(whom)s)", action=text, whom=whom[action.apply_to])
            action.summary = text

    @api.model_create_multi
    def create(self, vals_list):
        actions = super().create(vals_list)
        actions._check_complete()
        actions.automatism_id._note_maker()
        return actions

    def write(self, vals):
        result = super().write(vals)
        self._check_complete()
        self.automatism_id._note_maker()
        return result

    def _check_complete(self):
        """:raise ValidationError: none of the fields that the kind needs is filled; names the first of them"""
        for action in self:
            needed = action._describe().get("needs", ())
            if needed and not any(action[name] for name in needed):
                raise ValidationError(
                    self.env._(
                        "“%(action)s” is not complete. Choose: %(field)s.",
                        action=dict(self._fields["kind"]._description_selection(self.env))[action.kind],
                        field=self._fields[needed[0]]._description_string(self.env),
                    )
                )

    def _describe(self):
        """``{"summary": what it does in words}``; optional ``needs``: fields of which one at least must be filled."""
        return getattr(self, f"_describe_{self.kind}")()

    def _run(self, records):
        """Do this for the records of one model, set-based."""
        for targets in self._targets(records):
            if allowed := self._allowed(targets):
                getattr(self, f"_run_{self.kind}")(allowed)

    def _allowed(self, targets):
        """Those of these records that the user of the automation could change by hand (S53); the others are noted."""
        automatism = self.automatism_id
        mine = with_rights_of(targets, automatism.user_id, automatism.company_id)._filtered_access("write")
        allowed = mine.with_env(targets.env)
        if refused := targets - allowed:
            self.env["marketing.automatism.log"]._add_refused(automatism, refused, "no_right")
        return allowed

    def _targets(self, records):
        """The recordsets the action concerns, starting from the records of the events."""
        partners = records.partner_id if records._name == "crm.lead" else records
        if self.apply_to == "contact":
            return [partners]
        if self.apply_to == "account":
            return [partners.commercial_partner_id]
        if self.apply_to == "contacts":
            accounts = partners.commercial_partner_id
            return [partners.search([("commercial_partner_id", "in", accounts.ids), ("is_company", "=", False)])]
        if self.apply_to == "leads":
            leads = records.env["crm.lead"]
            domain = [("partner_id.commercial_partner_id", "in", partners.commercial_partner_id.ids)]
            if not all(partner.is_company for partner in partners):
                domain = ["|", ("partner_id", "in", partners.ids), ("partner_id", "in", self._accounts(partners).ids)]
            open_leads = leads.search([*domain, ("won_status", "=", "pending")])
            return [open_leads | records if records._name == "crm.lead" else open_leads]
        return [records]

    def _accounts(self, partners):
        return partners.filtered("is_company")
