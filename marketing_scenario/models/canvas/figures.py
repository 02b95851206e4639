"""The figures on the cards of the canvas, and the people behind each (S38, S43)."""

from collections import Counter

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..enrollment.states import LIVE_STATES

PEOPLE = {"inside": "inside_count", "passed": "passed_count", "skipped": "skipped_count", "errors": "error_count"}
# figure → count of Odoo's mailings, and the mailing traces that it counts
MESSAGES = {
    "sent": ("sent", Domain("sent_datetime", "!=", False)),
    "opened": (
        "opened",
        Domain("trace_status", "in", ("open", "reply")) & Domain("marketing_opened_by_machine", "!=", True),
    ),
    "clicked": ("clicked", Domain("links_click_datetime", "!=", False)),
    "answered": ("replied", Domain("trace_status", "=", "reply")),
    "bounced": ("bounced", Domain("trace_status", "=", "bounce")),
}
MOST_FOUND = 8
AS_NO = {"timeout": "no"}  # who waited long enough takes that way
TOLD = {"email": tuple(MESSAGES), "sms": ("sent", "clicked", "bounced")}  # what comes back by a channel


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def canvas_figures(self):
        """The figures of all steps; a draft of changes shows those of the steps that people walk.

        :return: ``{step id: {"inside", "passed", "skipped", "errors"}}``, of message steps also
            ``"sent", "opened", "clicked", "answered", "bounced"``, as far as their channel tells them; where ways
            part, ``"ways"``: ``{way: how many took it}``
        """
        self.ensure_one()
        self.check_access("read")
        walked = {step: step._walked() for step in self.step_ids}
        everyone = self.step_ids.browse().union(*walked.values())
        messages = everyone.filtered(lambda step: step._message_figures())._message_counts()
        figures = {}
        for step in everyone:
            figures[step.id] = {figure: step[count] for figure, count in PEOPLE.items()}
            figures[step.id] |= {figure: messages[step.id][MESSAGES[figure][0]] for figure in step._message_figures()}
            if ways := step._ways_taken():
                figures[step.id]["ways"] = ways
        nothing = dict.fromkeys(PEOPLE, 0)
        return {
            step.id: figures.get(of.id) or nothing | dict.fromkeys(step._message_figures(), 0)
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
        if figure in MESSAGES:
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
        inside = Domain("scenario_id", "in", (self.original_id or self).ids) & Domain("state", "in", LIVE_STATES)
        named = Domain("partner_id", "ilike", name) | Domain("lead_id", "ilike", name)
        runs = self.env["marketing.scenario.enrollment"].search(inside & named, limit=MOST_FOUND) if name else ()
        return [
            {"id": run.id, "name": run.target_name, "step_id": here[run.step_id].id, "step": here[run.step_id].name}
            for run in runs
            if run.step_id in here
        ]


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _walked(self):
        """The step that people walk: of a draft of changes the published one for which it stands, or empty."""
        if not self.scenario_id.original_id:
            return self
        published = self.scenario_id.original_id.step_ids
        return published.browse(self.original_id) & published

    def _message_figures(self):
        """The figures of the messages that this step sends; none, when it sends none."""
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
            ("opened", "Opened"),
            ("clicked", "Clicked"),
            ("answered", "Answered"),
            ("bounced", "Bounced"),
        ],
        "What became of the message",
        store=False,
        search="_search_message_fact",
    )

    def _search_message_fact(self, operator, value):
        if operator != "in":
            return NotImplemented
        facts = Domain.OR(MESSAGES[fact][1] for fact in value if fact in MESSAGES)
        # any!: salespeople may not read Odoo's mailing traces, but may know what became of a message to a record they
        # see (the trace itself is ruled by its enrollment)
        return Domain("mailing_trace_id", "any!", facts)
