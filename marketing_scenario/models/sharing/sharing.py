"""Giving a scenario away as one file, and taking one in (S11)."""

from odoo import api, models
from odoo.exceptions import UserError

from ...tools import scenario_file
from .unpack import Unpacker

MAX_MEGABYTES = "marketing_scenario.import_max_mb"
DEFAULT_MEGABYTES = 20


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_export(self):
        """Download this scenario as one file."""
        self.ensure_one()
        self.check_access("write")
        return {"type": "ir.actions.act_url", "url": f"/marketing/scenario/{self.id}/file", "target": "download"}

    def _file(self):
        """The scenario as the bytes of a file.

        :raise AccessError: only who may change it gives it away
        """
        self.check_access("write")
        return scenario_file.write(self._packed())

    @api.model
    def _read_file(self, content):
        """The document of a file.

        :raise UserError: it is none that can be taken; the message says why
        """
        # sudo: a system parameter
        setting = self.env["ir.config_parameter"].sudo().get_param(MAX_MEGABYTES, DEFAULT_MEGABYTES)
        try:
            return scenario_file.read(content, int(float(setting) * 2**20))
        except scenario_file.Refused as refusal:
            raise UserError(self._refusal_sentence(refusal)) from refusal

    @api.model
    def _shared_kinds(self):
        """``{model: what people call its rows}`` of all that a scenario may use."""
        # sudo: names of models, which no user reads
        models_ = self.env["ir.model"].sudo().search([("model", "in", list(Unpacker(self.env, {}).models_used()))])
        return {model.model: model.name for model in models_}

    @api.model
    def _refusal_sentence(self, refusal):
        sentences = {
            "too_large": self.env._("The file is too large: %(size)s MB at most.", **{"size": 0, **refusal.details}),
            "not_json": self.env._("This is no file of a scenario: it cannot be read as JSON."),
            "other_file": self.env._("This is no file of a scenario. Choose one that “Export” has made."),
            "too_deep": self.env._("The file cannot be taken: its parts lie too deep in one another."),
            "characters": self.env._("The file cannot be taken: it has characters that no text has."),
            "newer": self.env._("The file was made by a newer version of Marketing scenarios. Update this one first."),
            "shape": self.env._(
                "The file cannot be taken: “%(place)s” is not as it should be.", **{"place": "", **refusal.details}
            ),
        }
        return sentences[refusal.code]
