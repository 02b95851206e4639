"""Right of access: all that is kept about a person, as one JSON file (S37)."""

import json

from odoo import models

from .. import clock


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def action_marketing_report(self):
        """Download what is kept about this person.

        :raise AccessError: see ``_marketing_report``
        """
        self._people_for("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/marketing/person/{self._name}/{self.id}",
            "target": "download",
        }

    def _marketing_report(self):
        """All that is kept about this person, with labels in the language of the user.

        :return: text of a JSON document
        :raise AccessError: only managers of marketing scenarios who may read all records of the person
        """
        self.ensure_one()
        [person] = self._people_for("read")
        told = []
        for records in person:
            # sudo: the right on the records was checked above; rows about them belong to the addon
            for record in records.sudo():
                sections = {title: rows for title, rows in record._person_report().items() if rows}
                kind = dict(record._fields["marketing_kind"]._description_selection(self.env))
                told.append({self.env._("Kind"): kind[record.marketing_kind], **sections})
        document = {self.env._("Told on"): str(clock.now(self.env)), self.env._("Records"): told}
        return json.dumps(document, ensure_ascii=False, indent=2, default=str)
