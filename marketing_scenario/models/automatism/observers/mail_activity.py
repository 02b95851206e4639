"""Activities of targets created and done (S14), noted in the user's transaction."""

from collections import defaultdict

from odoo import api, models

from ...target.mixin import TARGET_MODELS


class MailActivity(models.Model):
    _inherit = "mail.activity"

    @api.model_create_multi
    def create(self, vals_list):
        activities = super().create(vals_list)
        self.env["marketing.automatism.event"]._note_all(activities._marketing_notes("activity_created"))
        return activities

    def _action_done(self, feedback=False, attachment_ids=None):
        notes = self._marketing_notes("activity_done")  # read before: done activities leave the default search
        result = super()._action_done(feedback=feedback, attachment_ids=attachment_ids)
        self.env["marketing.automatism.event"]._note_all(notes)
        return result

    def unlink(self):
        cancelled = self.filtered("active")._marketing_notes("activity_cancelled")
        result = super().unlink()
        self.env["marketing.automatism.event"]._note_all(cancelled)
        return result

    def _marketing_notes(self, kind):
        """One note per model, type and user of the activities on contacts, accounts and leads."""
        if kind not in self.env["marketing.automatism.event"]._listened():
            return []
        groups = defaultdict(list)
        for activity in self:
            if activity.res_model in TARGET_MODELS and activity.res_id:
                key = (activity.res_model, activity.activity_type_id.id, activity.user_id.id)
                groups[key].append(activity.res_id)
        return [
            (kind, self.env[model].browse(ids), {"type_id": type_id, "user_id": user_id})
            for (model, type_id, user_id), ids in groups.items()
        ]
