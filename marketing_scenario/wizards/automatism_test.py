from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.target.filters import FILTER_ERRORS

LATEST = 50


class MarketingAutomatismTest(models.TransientModel):
    """Which of the records to which its event happened would set an automation off; nothing is changed (S14)."""

    _name = "marketing.automatism.test"
    _description = "Test of an automation"

    automatism_id = fields.Many2one("marketing.automatism", string="Automation", readonly=True)
    sentence = fields.Char("In words", related="automatism_id.sentence")
    result = fields.Char(readonly=True)
    line_ids = fields.One2many("marketing.automatism.test.line", "test_id", string="Records", readonly=True)

    @api.model
    def _open(self, automatism):
        """Try ``automatism`` on the latest of those the user may see; out: the action showing the result."""
        lines = []
        for model in automatism._describe_event()["models"]:
            lines += self._lines(automatism, model)
        test = self.create(
            {
                "automatism_id": automatism.id,
                "result": self._result(lines),
                "line_ids": [(0, 0, line) for line in sorted(lines, key=lambda line: not line["fired"])],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Test of the automation"),
            "res_model": self._name,
            "res_id": test.id,
            "view_mode": "form",
            "target": "new",
        }

    def _lines(self, automatism, model):
        happened = getattr(automatism, f"_happened_{automatism.event_type}")(model)
        try:
            # those that are lost or archived by it, too
            everything = self.env[model].with_context(active_test=False)
            records = everything.search(happened, order="id desc", limit=LATEST)
            passing = set(automatism._passing(records).ids)
        except FILTER_ERRORS as error:
            raise UserError(self.env._("The filter cannot be read. Set it again. (%(error)s)", error=error)) from error
        return [
            {
                "record": f"{model},{record.id}",
                "fired": record.id in passing,
                "why": "" if record.id in passing else self.env._("The filter leaves it out."),
            }
            for record in records
        ]

    def _result(self, lines):
        if not lines:
            return self.env._("This has not happened to any record that you see.")
        return self.env._(
            "%(fired)s of the %(all)s latest records to which it happened",
            fired=sum(line["fired"] for line in lines),
            all=len(lines),
        )


class MarketingAutomatismTestLine(models.TransientModel):
    _name = "marketing.automatism.test.line"
    _description = "Record of a test of an automation"

    test_id = fields.Many2one("marketing.automatism.test", required=True, ondelete="cascade")
    record = fields.Reference([("res.partner", "Contact"), ("crm.lead", "Lead")])
    fired = fields.Boolean("Sets it off")
    why = fields.Char("Why not")
