from odoo import fields, models


class StepTag(models.Model):
    """Tag: add or remove (S27, R60). Contacts and accounts carry contact tags, leads carry CRM tags."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("tag", "Tag")], ondelete={"tag": "cascade"})
    tag_action = fields.Selection(
        [("add", "Add"), ("remove", "Remove")], string="Tag action", default="add", required=True
    )
    tag_id = fields.Many2one("res.partner.category", ondelete="restrict")
    tag_lead_id = fields.Many2one(
        "crm.tag",
        string="Tag on leads",
        ondelete="restrict",
        help="Empty: leads get nothing themselves, the tag goes to their contact.",
    )

    def _describe_tag(self):
        names = [tag.name for tag in (self.tag_id, self.tag_lead_id) if tag]
        sign = "−" if self.tag_action == "remove" else "+"
        return {
            "family": "action",
            "place": 10,
            "icon": "fa-tag",
            "outcomes": [("next", self.env._("Next"))],
            "summary": f"{sign} {' / '.join(dict.fromkeys(names))}" if names else "",
        }

    def _validate_tag(self):
        if not self.tag_id and not self.tag_lead_id:
            field = "tag_lead_id" if self.target_kinds == "lead" else "tag_id"
            return [self._issue("no_tag", self.env._("no tag. Choose the tag to add or remove."), field=field)]
        return []

    def _execute_tag(self, decisions, enrollments):
        tagged = []
        for records in enrollments._targets().values():
            if records._name == "crm.lead" and not self.tag_lead_id:
                pairs = [(i, lead.partner_id) for i, lead in self._tag_pairs(enrollments, records) if lead.partner_id]
                self.env["res.partner"].union(*(partner for _i, partner in pairs))._marketing_tag(
                    self.tag_id, self.tag_action
                )
            else:
                tag = self.tag_lead_id if records._name == "crm.lead" else self.tag_id
                pairs = self._tag_pairs(enrollments, records) if tag else []
                if tag:
                    records._marketing_tag(tag, self.tag_action)
            tagged += [enrollment_id for enrollment_id, _record in pairs]
        done = enrollments.browse(tagged)
        decisions.advance(done)
        decisions.skip(enrollments - done, "no_tag")

    def _tag_pairs(self, enrollments, records):
        by_id = {record.id: record for record in records}
        return [(enrollment_id, by_id[record_id]) for enrollment_id, record_id in enrollments._ids_of(records)]
