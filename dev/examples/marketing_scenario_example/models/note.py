from markupsafe import escape

from odoo import fields, models


class StepNote(models.Model):
    """A step type: writes a note in the chatter of the record."""

    _inherit = "marketing.scenario.step"

    step_type = fields.Selection(selection_add=[("note", "Note")], ondelete={"note": "cascade"})
    note_text = fields.Char("Text of the note")

    def _describe_note(self):
        return {
            "family": "action",
            "icon": "fa-sticky-note-o",
            "outcomes": [("next", self.env._("Next"))],
            "summary": self.note_text or "",
            "form": "marketing_scenario_example.step_view_form_note",
        }

    def _validate_note(self):
        if not self.note_text:
            return [self._issue("no_text", self.env._("the note is empty. Write one."))]
        return []

    def _execute_note(self, decisions, enrollments):
        for records in enrollments._targets().values():
            # sudo: the engine writes no matter who woke it
            records.sudo()._message_log_batch(bodies=dict.fromkeys(records.ids, escape(self.note_text)))
        decisions.advance(enrollments)
