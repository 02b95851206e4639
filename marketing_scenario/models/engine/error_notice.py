"""The owner of a scenario hears of errors once, not per row (S44)."""

from odoo import fields, models

from .. import clock


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    errors_notified_at = fields.Datetime(
        copy=False, help="Since then the owner knows that there are errors; empty again once all are handled."
    )

    def _notify_errors(self):
        """Tell the owners that enrollments were parked as error, unless they know already."""
        for scenario in self.filtered(lambda scenario: not scenario.errors_notified_at):
            scenario.errors_notified_at = clock.now(self.env)
            language = scenario.user_id.lang
            texts = scenario.with_context(lang=language) if language else scenario
            scenario.message_post(
                subject=texts.env._("Errors in the scenario %(name)s", name=scenario.name),
                body=texts.env._(
                    "People of this scenario could not go on and are parked with an error. "
                    "Open its errors to see the cause, mend it, and resume them."
                ),
                partner_ids=scenario.user_id.partner_id.ids,
                subtype_xmlid="mail.mt_comment",
            )

    def _forget_handled_errors(self):
        """Once no error is left, the next one is announced again."""
        # sudo: who resumes the last error need not be allowed to write the scenario
        self.sudo().filtered(lambda scenario: not scenario.error_count).errors_notified_at = False
