"""Erasure (S37): what the addon keeps about a person goes when the person is deleted or asks to be forgotten."""

from odoo import api, models
from odoo.exceptions import AccessError

from . import sql


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def action_marketing_erase(self):
        """Forget what marketing knows about these people, keep the records: for a person's request.

        Runs end (reason "erased"), consent is withdrawn on every channel, texts, addresses and answers are emptied.

        :raise AccessError: only managers of marketing scenarios, on records they may change
        """
        if not self.env.user.has_group("marketing_scenario.group_scenario_manager"):
            raise AccessError(self.env._("Only managers of marketing scenarios may erase marketing data."))
        self.check_access("write")
        records = self.sudo()  # sudo: the right was checked above; the rows belong to the addon
        records.marketing_enrollment_ids._stop("erased")
        records._withdraw_mails()
        records._forget_marketing()
        records.env["marketing.engagement.submission"].search(records._submission_domain())._forget()
        records.write(
            {
                "marketing_optin": False,
                "marketing_optin_date": False,
                "marketing_optin_source": False,
                "marketing_optin_proof": False,
                "marketing_refuse_all": True,
            }
        )
        return True

    @api.ondelete(at_uninstall=False)
    def _forget_marketing_on_delete(self):
        # sudo: who may delete a person need not see what the addon keeps about them
        self.sudo()._forget_marketing()

    def _forget_marketing(self):
        """Empty the texts about these people in traces, errors, sent messages and queued calls."""
        column = self._marketing_column
        enrollments = self.env["marketing.scenario.enrollment"].search([(column, "in", self.ids)])
        self.env.flush_all()
        sql.forget_texts(self.env.cr, enrollments.ids)
        self.env.invalidate_all()
        for model in ("marketing.scenario.refusal", "marketing.score.line", "marketing.document.link"):
            self.env[model].search([(column, "in", self.ids)]).unlink()
        self.env["marketing.phoning.call"].search([(column, "in", self.ids)]).write({"notes": False})
