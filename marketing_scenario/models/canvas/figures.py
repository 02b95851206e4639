"""The figures on the cards of the canvas, and the people behind each (S38, S43)."""

from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..channels.sql import FACTS_TOLD, is_fact
from ..enrollment.states import LIVE_STATES

PEOPLE = {"inside": "inside_count", "passed": "passed_count", "skipped": "skipped_count", "errors": "error_count"}
MOST_FOUND = 8
AS_NO = {"timeout": "no"}  # who waited long enough takes that way
TOLD = {  # what comes back by a channel, as much of it as has room on a card
    "email": ("sent", "opened", "clicked", "replied", "bounced", "opted_out"),
    "sms": ("sent", "delivered", "clicked", "bounced", "failed", "opted_out"),
}


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_figures(self):
        """The figures of all steps; a draft of changes shows those of the steps that people walk.

        :return: ``{step id: {"inside", "passed", "skipped", "errors"}}``, of message steps also
            what became of their messages (``channels/sql.FACTS``); where ways part, ``"ways"``: ``{way: how many took
            it}``
        """
        self.ensure_one()
        self.check_access("read")
        walked = {step: step._walked() for step in self.step_ids}
        everyone = self.step_ids.browse().union(*walked.values())
        messages = everyone.filtered(lambda step: step._message_figures())._message_counts()
        figures = {}
        for step in everyone:
            figures[step.id] = {figure: step[count] for figure, count in PEOPLE.items()}
            if step._message_figures():
                figures[step.id] |= messages[step.id]
            if ways := step._ways_taken():
                figures[step.id]["ways"] = ways
        nothing = dict.fromkeys(PEOPLE, 0)
        return {
            step.id: figures.get(of.id) or nothing | dict.fromkeys(FACTS_TOLD if step._message_figures() else (), 0)
            for step, of in walked.items()
        }

    def canvas_people(self, step_id, figure, way=None):
        """An action to the people behind a figure of ``canvas_figures``; of ``ways`` behind one of them."""
        self.check_access("read")
        step = self._step_of_canvas(step_id)._walked()
        if not step:
            raise UserError(self.env._("Nobody has come to this step yet: it is not published."))
        if figure in PEOPLE:
            return getattr(step, f"action_view_{figure}")()
        if figure == "ways":
            outcomes = [way, *(outcome for outcome, other in AS_NO.items() if other == way)]
            return step._action_view_traces(Domain("outcome", "in", outcomes))
        if figure in FACTS_TOLD:
            return step._action_view_traces(step._left_domain() & Domain("message_fact", "=", figure))
        raise UserError(self.env._("There is no figure “%(figure)s”.", figure=figure))

    def canvas_find(self, name):
        """Whom a name means among those inside, and where they stand.

        :return: ``[{"id" (of the run), "name", "step_id", "step"}]``; the first ones
        """
        self.ensure_one()
        self.check_access("read")
        name = str(name or "").strip()
        here = {step._walked(): step for step in self.step_ids}
        named = Domain("partner_id", "ilike", name) | Domain("lead_id", "ilike", name)
        runs = self._inside(named, limit=MOST_FOUND) if name else ()
        return [
            {"id": run.id, "name": run.target_name, "step_id": here[run.step_id].id, "step": here[run.step_id].name}
            for run in runs
            if run.step_id in here
        ]

    def canvas_move_person(self, run_id, step_id=False):
        """The dialog that moves one of those whom ``canvas_find`` found: it says what happens before it happens.

        :param step_id: the step of this canvas that is meant; without one the dialog asks
        :raise UserError: they have left meanwhile, or the step is not published yet
        """
        self.ensure_one()
        self.check_access("read")
        run = self._inside(Domain("id", "=", run_id))
        if not run:
            raise UserError(self.env._("This person has left the scenario meanwhile."))
        action = run.action_move()
        if step_id:
            step = self._step_of_canvas(step_id)
            if not step._walked():
                raise UserError(self.env._("“%(step)s” is not published yet: nobody can be there.", step=step.name))
            action["context"]["default_step_id"] = step._walked().id
        return action

    def _inside(self, domain, limit=None):
        """The runs of this scenario, or of the one that a draft of changes stands for, that are not over."""
        inside = Domain("scenario_id", "in", (self.original_id or self).ids) & Domain("state", "in", LIVE_STATES)
        return self.env["marketing.scenario.enrollment"].search(inside & domain, limit=limit)


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _walked(self):
        """The step that people walk: of a draft of changes the published one for which it stands, or empty."""
        if not self.scenario_id.original_id:
            return self
        published = self.scenario_id.original_id.step_ids
        return published.browse(self.original_id) & published

    def _message_figures(self):
        """The figures of its messages that a card shows; none, when it sends none."""
        return TOLD.get(self._channel(), ())

    def _ways_taken(self):
        """``{way: how many took it}`` where more than one leads on."""
        taken = Counter()
        for outcome, count in (self.way_counts or {}).items():
            taken[AS_NO.get(outcome, outcome)] += count
        return dict(taken) if taken.keys() - {"next"} else {}


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
            ("opted_out", "Unsubscribed"),
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
