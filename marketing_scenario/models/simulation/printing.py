"""The walk of a simulation on paper: each step with its moment and reason, each message as it would look (S39)."""

from lxml import html
from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime
from odoo.tools import html_sanitize

from .. import clock

WALK = ("res_model", "res_id", "deeds", "start", "lang")  # what ``simulate`` is told again when the page is made


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def print_simulation(self, res_model, res_id, deeds=(), start=False, lang=False):
        """The walk that ``simulate`` tells with the same parameters, as a page to print.

        :return: the action that makes the page
        :raise UserError: not one scenario, an unknown deed
        """
        self._check_one_asked()
        self.check_access("write")
        asked = (res_model, res_id, self._checked_deeds(deeds), start, lang)
        report = self.env.ref("marketing_scenario.action_report_simulation")
        return report.report_action([], {"scenario_id": self.id, **dict(zip(WALK, asked, strict=True))}, config=False)


class ReportSimulation(models.AbstractModel):
    _name = "report.marketing_scenario.report_simulation"
    _description = "Walk of a simulation, printed"

    @api.model
    def _get_report_values(self, docids, data=None):
        """:param data: what ``print_simulation`` hands on; it comes back by the browser, so it is checked again"""
        try:
            scenario = self.env["marketing.scenario"].browse(int(data["scenario_id"])).exists()
            asked = {name: data[name] for name in WALK}
        except (KeyError, TypeError, ValueError) as error:
            raise UserError(self.env._("This page is made of a simulation: print it there.")) from error
        told = scenario.simulate(**asked)
        return {
            "scenario": scenario,
            "title": scenario.action_simulate()["name"],
            "told": told,
            "now": self._moment(told["now"]),
            "until": told["stands"] and self._moment(told["stands"]["until"]),
            "rows": [{**row, "moment": self._moment(row["at"])} for row in told["path"]],
            "on_paper": _on_paper,
        }

    def _moment(self, text):
        zone = self.env.context.get("tz") or self.env.user.tz or "UTC"
        return text and clock.in_words(self.env, Datetime.to_datetime(text), zone)


def _on_paper(body):
    """A mail's body that can stand in a page of ours: nothing runs, nothing changes the page around it, and its links,
    which exist in the dry run only, lead nowhere.
    """
    root = html.fragment_fromstring(html_sanitize(body), create_parent="div")
    for element in list(root.iter("style", "link", "title")):
        element.drop_tree()
    for link in root.iter("a"):
        link.set("href", "#")
    return Markup(html.tostring(root, encoding="unicode"))  # noqa: S704 sanitized
