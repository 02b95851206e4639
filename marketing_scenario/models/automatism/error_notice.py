"""Who made an automation hears of its errors once, not per event (S44)."""

from odoo import fields, models

from .. import clock


class MarketingAutomatism(models.Model):
    _inherit = "marketing.automatism"

    errors_notified_at = fields.Datetime(
        copy=False, help="Since then its maker knows that there are errors; empty again once all are handled."
    )

    def _note_error(self, message):
        result = super()._note_error(message)
        if not self.errors_notified_at:
            self.errors_notified_at = clock.now(self.env)
            for user in self._who_hears_of_errors():
                self._tell_of_error(user, message)
        return result

    def _note_fired(self, events):
        """Once no failed event is left, the next error is announced again."""
        result = super()._note_fired(events)
        failed = [("automatism_id", "=", self.id), ("attempts", ">", 0), ("id", "not in", events.ids)]
        if self.errors_notified_at and not self.env["marketing.automatism.event"].search_count(failed, limit=1):
            self.errors_notified_at = False
        return result

    def _who_hears_of_errors(self):
        """:return: who made the automation; the managers when that was the system, or somebody who has left"""
        maker = self.create_uid
        if maker.active and not maker._is_superuser():
            return maker
        managers = self.env.ref("marketing_scenario.group_scenario_manager").all_user_ids
        company = self.company_id or self.env.company
        return managers.filtered(lambda user: user.active and not user.share and company in user.company_ids)

    def _tell_of_error(self, user, message):
        texts = self.with_context(lang=user.lang) if user.lang else self
        self.env["mail.thread"].with_context(mail_notify_force_send=False).message_notify(
            model=self._name,
            res_id=self.id,
            partner_ids=user.partner_id.ids,
            subject=texts.env._("Errors in the automation %(name)s", name=texts.name),
            body=texts.env._(
                "This automation could not do what it should: %(message)s. Mend the cause. It is tried again for about "
                "a day; then open its events in error and try them again.",
                message=message,
            ),
        )
