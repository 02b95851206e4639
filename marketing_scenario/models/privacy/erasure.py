"""Erasure (S37): what the addon keeps about a person goes when the person is deleted or asks to be forgotten.

What is kept where is known to the rooms: ``_forget_person`` and ``_forgotten_values`` of ``target/privacy.py``.
"""

from odoo import api, models
from odoo.exceptions import AccessError

MANAGER = "marketing_scenario.group_scenario_manager"


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def action_marketing_erase(self):
        """Forget what marketing knows about these people, keep the records: for a person's request.

        A contact is forgotten with its leads. Runs end (reason "erased"), queued messages, history, activities,
        score and answers go, consent is withdrawn on every channel. What stays: the fields of the record that CRM
        itself needs (name, addresses, stage …), files that colleagues put there, and that nothing may be sent.

        :raise AccessError: only managers of marketing scenarios, on records they may change
        """
        for person in self._people_for("write"):
            # sudo: the right was checked above; the rows belong to the addon
            person = [records.sudo().with_context(tracking_disable=True) for records in person]
            for records in person:
                records.marketing_enrollment_ids._stop("erased")
                records.write(records._forgotten_values())
            records.env.flush_all()
            for records in person:
                records._forget_person(person)
        return True

    def _people_for(self, operation):
        """The people behind these records, each as a list of recordsets (see ``_person``), in full or not at all.

        :param operation: the right that the user needs on each record
        :raise AccessError: the user is no manager of scenarios, or may not touch one of the records
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only managers of marketing scenarios may tell or erase a person's data."))
        self.check_access(operation)
        people = [record._person() for record in self]
        for records in (records for person in people for records in person):
            if not records.has_access(operation):
                raise AccessError(
                    self.env._(
                        "This person has records (leads, contact) that you have no right on, so the data would be "
                        "incomplete. Ask somebody who may change all of them."
                    )
                )
        return people

    @api.ondelete(at_uninstall=False)
    def _forget_marketing_on_delete(self):
        # sudo: who may delete a person need not see what the addon keeps about them
        records = self.sudo()
        records._forget_person([records])
