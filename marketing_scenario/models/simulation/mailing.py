"""The mailing behind a message, in a dry run."""

from uuid import uuid4

from odoo import models

from ..channels.mailings import MAILING_FIELDS, QUIET
from ..dry import is_dry


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _mail_mailing(self, model):
        """A dry run makes one that its step never hears of, under a name that nobody else wants: who writes on the
        step, or takes the name, has the engine's first message of that step wait for the end of the dry run."""
        if not is_dry(self.env) or self.sudo()[MAILING_FIELDS[model]]:
            return super()._mail_mailing(model)
        known = self.env.cr.mailing_ids
        mailings = self.env["mailing.mailing"]
        if (self.id, model) not in known:
            step = self.sudo()  # as the engine's own
            values = step._mailing_values(model) | {"name": str(uuid4())}
            known[self.id, model] = step.env["mailing.mailing"].with_context(**QUIET).create(values).id
        return mailings.browse(known[self.id, model])
