"""Which message of the run a rule looks at, and what is known of it: shared by the rules on mails and SMS."""

from functools import partial

from odoo import api, fields, models

from ...tools.words import quoted

IN_QUEUE = ("outgoing", "process")  # of mailing.trace.trace_status: nobody can have reacted yet
SETTLES = ("message_status",)
# what the rules ask of a message: reading all fields of a thousand traces takes longer than judging them
TOLD = (
    "trace_status",
    "open_datetime",
    "links_click_datetime",
    "reply_datetime",
    "marketing_opened_by_machine",
    "mass_mailing_id",
)


def message_facts(trace, by_machines=False):
    """Statuses of one mailing trace, several at once (S24).

    :param by_machines: a machine that opens it counts as a reader
    """
    status = trace.trace_status
    clicked = bool(trace.links_click_datetime)
    replied = status == "reply" or bool(trace.reply_datetime)
    fetched = status == "open" or bool(trace.open_datetime)
    opened = clicked or replied or fetched and (by_machines or not trace.marketing_opened_by_machine)
    facts = {
        "delivered": status in ("sent", "open", "reply") or ((opened or fetched) and status != "bounce"),
        "opened": opened,
        "clicked": clicked,
        "replied": replied,
        "bounced": status == "bounce",
        "error": status == "error",
        "blocked": status == "cancel",
    }
    return {name for name, holds in facts.items() if holds}


class RulePreviousMail(models.Model):
    _inherit = "marketing.scenario.rule"

    email_step_id = fields.Many2one(
        "marketing.scenario.step", "Mail", ondelete="set null", help="Empty: the last mail sent before this condition."
    )
    email_by_machines = fields.Boolean(
        "Opened by machines too",
        help="Mail programs and scanners that open each mail, whether somebody reads it or not. "
        "Else only people count.",
    )
    email_mail_step_ids = fields.Many2many("marketing.scenario.step", compute="_compute_email_mail_step_ids")

    @api.model
    def _asked_step_fields(self):
        """Hook: the fields that name the step a rule asks about."""
        return ["email_step_id"]

    @api.depends("scenario_id")
    def _compute_email_mail_step_ids(self):
        for rule in self:
            rule.email_mail_step_ids = rule._message_steps("email")

    def _message_steps(self, channel):
        """Steps of the scenario that send on ``channel``, for the choice on the form."""
        return self.scenario_id.step_ids.filtered(lambda step: step.step_type and step._channel() == channel)

    def _messages_above(self, channel):
        """Steps above the condition that send on ``channel``, nearest first."""
        above = self.env["marketing.scenario.step"]
        step = self.owner_step_id.parent_id
        while step:
            if step._channel() == channel:
                above += step
            step = step.parent_id
        return above

    def _message_traces(self, enrollments, trace_type, step):
        """``{enrollment id: mailing.trace}`` of the last message of this run: of ``step`` when given, else of any.

        Two statements for all enrollments.
        """
        domain = [("marketing_enrollment_id", "in", enrollments.ids), ("trace_type", "=", trace_type)]
        if step:
            domain.append(("mass_mailing_id.marketing_step_id", "=", step.id))
        # sudo: the engine judges facts; nothing of the traces is shown
        traces = self.env["mailing.trace"].sudo()
        last = {
            run.id: trace_id for run, trace_id in traces._read_group(domain, ["marketing_enrollment_id"], ["id:max"])
        }
        traces = traces.browse(last.values())
        traces.fetch(TOLD)
        return dict(zip(last, traces, strict=True))

    def _unsettled(self, enrollments, traces):
        """Those whose message is still in the queue: that they did not react says nothing."""
        waiting = {
            i
            for i, trace in traces.items()
            if trace.trace_status in IN_QUEUE and not trace.links_click_datetime and not trace.open_datetime
        }
        return enrollments.filtered(lambda enrollment: enrollment.id in waiting) if waiting else enrollments.browse()

    def _message_facts(self, enrollments, traces, facts, step, channel):
        """``{enrollment id: set of statuses}``. Who came past ``step`` without its message was blocked (S29).

        :param facts: function ``(mailing.trace) → set of statuses``
        """
        missing = {"blocked"} if step in self._messages_above(channel) else set()
        return {i: facts(traces[i]) if i in traces else set(missing) for i in enrollments.ids}

    def _mail_traces(self, enrollments):
        """``{enrollment id: mailing.trace}`` of the mail this rule looks at."""
        return self._message_traces(enrollments, "mail", self.email_step_id)

    def _email_facts(self, enrollments):
        """``{enrollment id: set of statuses}`` of the mail this rule looks at."""
        traces = self._mail_traces(enrollments)
        facts = partial(message_facts, by_machines=self.email_by_machines)
        return self._message_facts(enrollments, traces, facts, self._mail_step(), "email")

    def _mail_step(self):
        """The step whose mail this rule looks at when nothing was sent: the chosen one, else the nearest above."""
        return self.email_step_id or self._messages_above("email")[:1]

    def _email_label(self):
        step = self._mail_step()
        return quoted(self.env, step.name) if step else self.env._("Previous mail")

    def _previous_mail_messages(self):
        """Messages of the check: there must be a mail to look at."""
        if self._mail_step():
            return []
        return [self.env._("there is no mail before this condition. Choose one.")]

    def _copy_references_to(self, copied, copies):
        result = super()._copy_references_to(copied, copies)
        if self.email_step_id.id in copies:
            copied.email_step_id = copies[self.email_step_id.id]
        return result


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _kept_by(self):
        """A rule that lost the step it asks about would silently ask about another one."""
        return super()._kept_by() + self._asked_about()

    def _asked_about(self):
        reasons = super()._asked_about()
        for field in self.env["marketing.scenario.rule"]._asked_step_fields():
            rules = self.env["marketing.scenario.rule"].search([(field, "in", self.ids)])
            reasons += [
                self.env._(
                    "The condition “%(condition)s” asks about “%(step)s”. Choose another step there first.",
                    condition=rule._holder_name(),
                    step=rule[field].name,
                )
                for rule in rules
                if rule.owner_step_id not in self
            ]
        return reasons
