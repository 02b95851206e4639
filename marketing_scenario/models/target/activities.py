"""Activities for many targets at once: what the activity step needs of mail.activity, set-based (S27, R59)."""

from markupsafe import Markup

from odoo import models

from ...tools import schedule
from .. import clock


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _plan_activities(self, values, users, delay, own=None):
        """Create one activity on each of these records, in one call; no one is notified.

        :param values: values common to all (type, summary, note)
        :param users: ``{record id: res.users}``, empty user allowed
        :param delay: days from today, on the calendar of each user
        :param own: ``{record id: values}`` of its activity alone
        :return: the activities, in the order of the records
        """
        now = clock.now(self.env)
        model_id = self.env["ir.model"]._get_id(self._name)
        # sudo: the engine plans activities for colleagues no matter who woke it
        return (
            self.env["mail.activity"]
            .sudo()
            .with_context(mail_activity_quick_update=True)
            .create(
                [
                    {
                        **values,
                        "res_model_id": model_id,
                        "res_id": record.id,
                        "user_id": users[record.id].id,
                        "date_deadline": schedule.to_local(now, users[record.id].tz or record.marketing_tz).date()
                        + schedule.span(delay),
                        "automated": True,
                        **(own or {}).get(record.id, {}),
                    }
                    for record in self
                ]
            )
        )


class MailActivity(models.Model):
    _inherit = "mail.activity"

    def _notify_in_bulk(self):
        """Tell each user of their new activities in one message, queued (R59 "alert the user")."""
        for user, activities in self.filtered("user_id").grouped("user_id").items():
            env = activities.with_context(lang=user.lang).env
            lines = Markup().join(
                Markup("<li><a href='%s'>%s</a>: %s (%s)</li>")
                % (
                    f"/odoo/{activity.res_model}/{activity.res_id}",
                    activity.res_name,
                    activity.summary or activity.activity_type_id.name,
                    activity.date_deadline,
                )
                for activity in activities.with_env(env)
            )
            if len(activities) == 1:
                subject = env._("%(activity)s: assigned to you", activity=activities.display_name)
            else:
                subject = env._("%(count)s activities assigned to you", count=len(activities))
            env["mail.thread"].message_notify(
                partner_ids=user.partner_id.ids,
                subject=subject,
                body=Markup("<ul>%s</ul>") % lines,
                force_send=False,
            )

    def _close_in_bulk(self):
        """As ``action_feedback`` for many activities at once: a note on each record, what follows, archived."""
        for model, activities in self.grouped("res_model").items():
            template = self.env["ir.qweb"]
            bodies = {
                activity.res_id: template._render(
                    "mail.message_activity_done",
                    {"activity": activity, "feedback": False, "display_assignee": False},
                    minimal_qcontext=True,
                )
                for activity in activities
            }
            self.env[model].browse(bodies)._message_log_batch(bodies=bodies)
        following = [
            activity.with_context(activity_previous_deadline=activity.date_deadline)._prepare_next_activity_values()
            for activity in self
            if activity.chaining_type == "trigger"
        ]
        self.create(following)
        self.action_archive()
