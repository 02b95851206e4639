"""The figures on the cards of the canvas, and the people behind each (S38, S43)."""

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..channels.sql import FACTS_TOLD, is_fact

PEOPLE = {"inside": "inside_count", "passed": "passed_count", "skipped": "skipped_count", "errors": "error_count"}


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_figures(self):
        """The figures of all steps; a draft of changes shows those of the steps that people walk.

        :return: ``{step id: {"inside", "passed", "skipped", "errors"}}``, of message steps also
            what became of their messages (``channels/sql.FACTS``)
        """
        self.ensure_one()
        self.check_access("read")
        walked = {step: step._walked() for step in self.step_ids}
        everyone = self.step_ids.browse().union(*walked.values())
        messages = everyone.filtered(lambda step: step._channel())._message_counts()
        figures = {}
        for step in everyone:
            figures[step.id] = {figure: step[count] for figure, count in PEOPLE.items()}
            if step.id in messages:
                figures[step.id] |= messages[step.id]
        nothing = dict.fromkeys(PEOPLE, 0)
        return {
            step.id: figures.get(of.id) or nothing | dict.fromkeys(FACTS_TOLD if step._channel() else (), 0)
            for step, of in walked.items()
        }

    def canvas_people(self, step_id, figure):
        """An action to the people behind a figure of ``canvas_figures``."""
        self.check_access("read")
        step = self._step_of_canvas(step_id)._walked()
        if not step:
            raise UserError(self.env._("Nobody has come to this step yet: it is not published."))
        if figure in PEOPLE:
            return getattr(step, f"action_view_{figure}")()
        if figure in FACTS_TOLD:
            return step._action_view_traces(step._left_domain() & Domain("message_fact", "=", figure))
        raise UserError(self.env._("There is no figure “%(figure)s”.", figure=figure))


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _walked(self):
        """The step that people walk: of a draft of changes the published one for which it stands, or empty."""
        if not self.scenario_id.original_id:
            return self
        published = self.scenario_id.original_id.step_ids
        return published.browse(self.original_id) & published


class MarketingScenarioTrace(models.Model):
    _inherit = "marketing.scenario.trace"

    message_fact = fields.Selection(
        [
            ("sent", "Sent"),
            ("delivered", "Delivered"),
            ("opened", "Opened"),
            ("opened_by_machine", "Opened by a machine only"),
            ("clicked", "Clicked"),
            ("replied", "Answered"),
            ("bounced", "Bounced"),
            ("failed", "Not sent: error"),
        ],
        "What became of the message",
        store=False,
        search="_search_message_fact",
    )

    def _search_message_fact(self, operator, value):
        if operator != "in":
            return NotImplemented
        # what became of a message to a record one sees is no secret, though salespeople may not read Odoo's mailing
        # traces: the statement asks for it, and the trace itself is ruled by its enrollment
        self.env["mailing.trace"].flush_model()
        return Domain.OR(
            Domain.custom(
                to_sql=lambda _model, alias, _query, fact=fact: is_fact(SQL.identifier(alias, "mailing_trace_id"), fact)
            )
            for fact in value
            if fact in FACTS_TOLD
        )
