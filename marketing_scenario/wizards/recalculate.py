from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date

SHOWN_DAYS = 12


class MarketingScenarioRecalculate(models.TransientModel):
    """Shows how many waits a recalculation changes and which moments they get, and asks once (S41)."""

    _name = "marketing.scenario.recalculate"
    _description = "Recalculate waits"

    step_ids = fields.Many2many("marketing.scenario.step", "marketing_recalculate_step_rel", readonly=True)
    window_ids = fields.Many2many("marketing.window", "marketing_recalculate_window_rel", readonly=True)
    changed_count = fields.Integer("Waits that change", compute="_compute_preview")
    at_once_count = fields.Integer("Go on at once", compute="_compute_preview")
    preview = fields.Html("New moments", compute="_compute_preview", sanitize=False)

    def _concerned(self):
        """The people, and how they are counted: all of a step that the user may change, seen or not.

        :return: ``(enrollments to ask on, domain)``
        :raise AccessError: the user may not change a scenario, or the window
        """
        scenarios = self.step_ids.scenario_id
        scenarios.check_access("write")
        self.window_ids.check_access("write")
        concerned = Domain("step_id", "in", self.step_ids.ids)
        if self.window_ids:
            mine = self.env["marketing.scenario"].with_context(active_test=False).search([])._filtered_access("write")
            concerned |= self.window_ids._waiting_domain() & Domain("scenario_id", "in", mine.ids)
        # sudo: who may change the step may have its waits counted anew, no matter who waits there
        return self.env["marketing.scenario.enrollment"].sudo(), concerned

    @api.depends("step_ids", "window_ids")
    @api.depends_context("lang", "tz")
    def _compute_preview(self):
        zone = self.env.user.tz or self.env.company._marketing_zone()
        for wizard in self:
            enrollments, concerned = wizard._concerned()
            days, wizard.changed_count, wizard.at_once_count = enrollments._recalculation_days(concerned, zone)
            wizard.preview = wizard._days_table(days)

    def _days_table(self, days):
        row = Markup("<tr><td>%s</td><td class='text-end'>%s</td><td class='text-end'>%s</td></tr>")
        rows = [row % (format_date(self.env, day), before, after) for day, before, after in days[:SHOWN_DAYS]]
        if rest := days[SHOWN_DAYS:]:
            rows.append(
                row
                % (self.env._("later"), sum(before for _d, before, _a in rest), sum(after for _d, _b, after in rest))
            )
        head = Markup("<tr><th>%s</th><th class='text-end'>%s</th><th class='text-end'>%s</th></tr>") % (
            self.env._("Day"),
            self.env._("People so far"),
            self.env._("People then"),
        )
        table = Markup("<table class='table table-sm w-auto'><thead>%s</thead><tbody>%s</tbody></table>")
        return table % (head, Markup().join(rows)) if days else False

    def action_confirm(self):
        """Do it.

        :raise AccessError: see ``_concerned``
        """
        self.ensure_one()
        enrollments, concerned = self._concerned()
        enrollments._recalculate(concerned)
        return {"type": "ir.actions.act_window_close"}
