"""What can be made to happen to the person of a simulation, whatever step they stand on (S39)."""

from odoo import api, models
from odoo.exceptions import UserError

RECORD, POINTS = "record", "points"  # what an occasion may ask


class MarketingAutomatism(models.Model):
    _inherit = "marketing.automatism"

    @api.model
    def _occasions(self, enrollment):
        """All that can happen now to the person of one run.

        :return: ``{kind of event: [{"label": sentence, "of": which one, "asks": False or "record" (of ``model``) or
            "points", "model"}]}``
        """
        found = {}
        for kind, _label in self._fields["event_type"]._description_selection(self.env):
            told = getattr(self.browse(), f"_occasions_{kind}", None)
            found[kind] = [
                {"of": False, "asks": False, "model": False, **occasion}
                for occasion in (told(enrollment) if told else ())
            ]
        return found

    @api.model
    def _play(self, enrollment, kind, answer):
        """Let an event happen to the person of one run.

        :param answer: what its occasion asks, the id of a record or a number of points; else which of the occasions of
            this kind it is, by its number: ids are others in each walk
        :raise UserError: it cannot happen to them now
        """
        occasions = self._occasions(enrollment).get(kind, ()) if isinstance(kind, str) else ()
        if type(answer) is int:
            for number, occasion in enumerate(occasions):
                if self._answers(occasion, answer) if occasion["asks"] else number == answer:
                    of = answer if occasion["asks"] else occasion["of"]
                    return getattr(self.browse(), f"_play_{kind}")(enrollment, of)
        raise UserError(self.env._("This cannot happen to the person now. Choose it again in “What happens now”."))

    @api.model
    def _answers(self, occasion, answer):
        return bool(self.env[occasion["model"]].browse(answer).exists()) if occasion["asks"] == RECORD else answer != 0
