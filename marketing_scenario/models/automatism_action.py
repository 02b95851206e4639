"""What an automatism does (S14), one row per thing to do, in order."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class MarketingAutomatismAction(models.Model):
    _name = "marketing.automatism.action"
    _description = "Automatism action"
    _order = "sequence, id"

    automatism_id = fields.Many2one("marketing.automatism", required=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="automatism_id.company_id")
    sequence = fields.Integer(default=10)
    kind = fields.Selection(
        [
            ("enroll", "Send into a scenario"),
            ("take_out", "Take out of scenarios"),
            ("tag_add", "Add a tag"),
            ("tag_remove", "Remove a tag"),
            ("score", "Add score"),
            ("activity", "Create an activity"),
            ("account_status", "Set the account status"),
            ("assign", "Assign a user"),
        ],
        string="Do",
        required=True,
        default="enroll",
    )
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
    scenario_id = fields.Many2one(
        "marketing.scenario", ondelete="cascade", help="When taking out: empty means out of all scenarios."
    )
    tag_id = fields.Many2one("res.partner.category", ondelete="cascade")
    tag_lead_id = fields.Many2one(
        "crm.tag",
        string="Tag on leads",
        ondelete="cascade",
        help="Empty: leads get nothing themselves, the tag goes to their contact.",
    )
    score_points = fields.Integer("Points", default=10)
    activity_type_id = fields.Many2one("mail.activity.type", string="Activity type", ondelete="cascade")
    activity_summary = fields.Char("Summary")
    activity_note = fields.Html("Note")
    activity_user_id = fields.Many2one("res.users", string="For", help="Empty: the salesperson of the record.")
    activity_days = fields.Integer("Due in (days)")
    activity_notify = fields.Boolean("Notify by e-mail")
    account_status_id = fields.Many2one("marketing.account.status", string="Account status", ondelete="cascade")
    assign_user_id = fields.Many2one("res.users", string="User", ondelete="cascade")
    summary = fields.Char("In words", compute="_compute_summary")

    @api.depends(
        "kind", "apply_to", "scenario_id.name", "tag_id.name", "tag_lead_id.name", "score_points", "activity_summary",
        "activity_type_id.name", "activity_user_id.name", "activity_days", "account_status_id.name",
        "assign_user_id.name",
    )  # fmt: skip
    @api.depends_context("lang")
    def _compute_summary(self):
        whom = dict(self._fields["apply_to"]._description_selection(self.env))
        for action in self:
            text = getattr(action, f"_describe_{action.kind}")() if action.kind else ""
            if action.apply_to not in (False, "record"):
                text = self.env._("%(action)s (on: %(whom)s)", action=text, whom=whom[action.apply_to])
            action.summary = text

    @api.constrains(
        "kind", "scenario_id", "tag_id", "tag_lead_id", "activity_type_id", "account_status_id", "assign_user_id"
    )
    def _check_complete(self):
        needed = {
            "enroll": ["scenario_id"],
            "tag_add": ["tag_id", "tag_lead_id"],
            "tag_remove": ["tag_id", "tag_lead_id"],
            "activity": ["activity_type_id"],
            "account_status": ["account_status_id"],
            "assign": ["assign_user_id"],
        }
        for action in self:
            names = needed.get(action.kind)
            if names and not any(action[name] for name in names):
                raise ValidationError(
                    self.env._(
                        "“%(action)s” is not complete. Choose: %(field)s.",
                        action=dict(self._fields["kind"]._description_selection(self.env))[action.kind],
                        field=self._fields[names[0]]._description_string(self.env),
                    )
                )

    def _run(self, records):
        """Do this for the records of one model, set-based."""
        for targets in self._targets(records):
            if targets:
                getattr(self, f"_run_{self.kind}")(targets)

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
