from odoo import api, fields, models
from odoo.fields import Domain

from .. import clock
from ..notice import notice

OPEN_STATES = ("todo", "callback")


class MarketingPhoningCampaign(models.Model):
    """A list of people to call, with a script and those who call (S27, R61)."""

    _name = "marketing.phoning.campaign"
    _description = "Call campaign"
    _order = "name, id"

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    user_ids = fields.Many2many(
        "res.users", string="Agents", domain=[("share", "=", False)], help="Who calls. Empty: everybody may."
    )
    script = fields.Html(help="Shown beside each call.")
    retry_hours = fields.Float("Call again after (hours)", default=4.0, help="When nobody answers.")
    max_tries = fields.Integer("Tries", default=3, help="Calls without an answer before a person is given up.")
    call_ids = fields.One2many("marketing.phoning.call", "campaign_id", string="Calls")
    todo_count = fields.Integer("To call", compute="_compute_counts")
    done_count = fields.Integer("Called", compute="_compute_counts")

    _retry_positive = models.Constraint(
        "CHECK (retry_hours >= 0 AND max_tries > 0)", "Give at least one try, and 0 hours or more between two tries."
    )

    def _compute_counts(self):
        counts = {
            (campaign.id, state): count
            for campaign, state, count in self.env["marketing.phoning.call"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id", "state"], ["__count"]
            )
        }
        for campaign in self:
            campaign.todo_count = sum(counts.get((campaign.id, state), 0) for state in OPEN_STATES)
            campaign.done_count = counts.get((campaign.id, "done"), 0)

    def action_call(self):
        """Open the next call of the current user, or say that there is none."""
        self.ensure_one()
        self.check_access("read")
        call = self._next_call()
        if call:
            return call._action_open()
        return notice(self.env._("Nobody to call at the moment."))

    def action_calls(self):
        """The list of the calls."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Calls"),
            "res_model": "marketing.phoning.call",
            "view_mode": "list,form,pivot,graph",
            "domain": [("campaign_id", "in", self.ids)],
            "context": {"search_default_open": 1},
        }

    def _next_call(self):
        """The call the current user makes next, reserved for them; people who refuse calls meanwhile are passed over.

        Order: the one they have open, their promised call-backs, then the oldest.
        """
        self.ensure_one()
        now = clock.now(self.env)
        free = Domain("user_id", "in", (self.env.uid, False)) & Domain("state", "in", OPEN_STATES)
        due = Domain("callback_at", "=", False) | Domain("callback_at", "<=", now)
        while True:
            call = self.env["marketing.phoning.call"].search(
                Domain("campaign_id", "=", self.id) & free & due, order="user_id, callback_at, id", limit=20
            )
            if not call:
                return call
            for candidate in call.try_lock_for_update():
                if candidate._may_be_called():
                    candidate.sudo().user_id = self.env.user  # sudo: who calls is the server's
                    return candidate
            if not call.filtered(lambda candidate: candidate.state == "cancelled"):
                return call.browse()  # all reserved by others at this moment

    @api.model
    def _add_people(self, campaign, enrollments):
        """One open call per target on the campaign's list, in one ``create`` (R61).

        :return: the enrollments, all of them: a person on the list already stays there once
        """
        # sudo: the engine fills the lists no matter who woke it
        calls = self.env["marketing.phoning.call"].sudo()
        values = []
        for records in enrollments._targets().values():
            field = records._marketing_column
            waiting = calls.search(
                [("campaign_id", "=", campaign.id), ("state", "in", OPEN_STATES), (field, "in", records.ids)]
            )
            known = set(waiting[field].ids)
            values += [
                {"campaign_id": campaign.id, field: record_id, "enrollment_id": enrollment_id}
                for enrollment_id, record_id in enrollments._ids_of(records)
                if record_id not in known
            ]
        calls.create(values)
        return enrollments
