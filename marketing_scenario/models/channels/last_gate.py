"""The last gate (S52): before a queue really sends, each message is judged again, for the person and the address used.

Both queues ask here, whatever made them send: cron, "send now", a retry. What is refused is cancelled and told on the
run as if its step had refused it; what may not leave yet is held back, and judged again when it is released.
"""

from collections import defaultdict

from odoo import api, models

from .. import clock
from ..enrollment.states import LIVE_STATES
from ..gates.sms_hours import SmsHours

HELD = "held"
MESSAGE_KINDS = [("step", "Message of a scenario"), ("confirmation", "Confirmation of an address or a consent")]
# reason → failure type of the mailing trace, per channel
FAILURES = {
    "email": {"blacklisted": "mail_bl", "invalid_email": "mail_email_invalid", "no_email": "mail_email_missing"},
    "sms": {
        "blacklisted": "sms_blacklist",
        "invalid_phone": "sms_number_format",
        "no_mobile": "sms_number_format",
        "no_phone": "sms_number_missing",
    },
}
OPTED_OUT = ("no_consent", "refused_email", "refused_sms", "refused_all", "erased")
PASSED_OVER = ("expired",)  # nobody refused anything: the run goes on, whatever the scenario says about refusals
JUDGED_FIELDS = (
    "active",
    "marketing_optin",
    "marketing_refuse_email",
    "marketing_refuse_sms",
    "marketing_refuse_all",
    "marketing_invalid_email",
    "marketing_invalid_phone",
)


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def _gone_since(self, enrollment):
        """Whether the record was put away since ``enrollment`` began: its messages must not leave any more."""
        return not self.active

    def _last_refusals(self, channel, traces):
        """``{trace id: reason}`` for ``traces`` = ``{record id: trace to this record}``."""
        here = self.exists()
        here._fetch_judged()
        address = "email" if channel == "email" else "sms_number"
        blocked = here._blocked(channel, {record.id: traces[record.id][address] for record in here})
        refused = {trace.id: "target_deleted" for res_id, trace in traces.items() if res_id not in here._ids}
        for record in here:
            trace = traces[record.id]
            if record._gone_since(trace.marketing_enrollment_id):
                refused[trace.id] = "target_archived"
            elif record.id in blocked:
                refused[trace.id] = blocked[record.id]
        return refused

    def _fetch_judged(self):
        """Read what is judged in one statement: whole contacts are far more than that."""
        self.fetch(JUDGED_FIELDS)


class CrmLead(models.Model):
    _inherit = "crm.lead"

    def _gone_since(self, enrollment):
        if not super()._gone_since(enrollment) or enrollment and not enrollment.scenario_id.leave_on_lead_closed:
            return False
        # Odoo archives lost leads: one that was lost before it entered is there to be won back
        entered_lost = self.won_status == "lost" and self.date_closed and enrollment.entered_at
        return not entered_lost or self.date_closed > enrollment.entered_at

    def _fetch_judged(self):
        self.fetch([*JUDGED_FIELDS, "partner_id", "won_status", "date_closed"])
        self.partner_id.fetch(JUDGED_FIELDS)


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def _last_gate(self, channel):
        """Judge the messages of these traces, which are about to leave; cancel and hold back on the traces' side.

        The number of statements does not follow the number of messages.

        :param channel: email or sms
        :return: ``({trace id: failure type} of the refused, {trace id: moment or False} of those held back)``
        """
        # sudo: the answer must not depend on who sends; traces and runs belong to the addon
        traces = self.sudo()
        refused = traces._last_refusals(channel)
        held = (traces - traces.browse(refused))._last_holds(channel)
        failures = {}
        for reason, ids in _by_value(refused).items():
            failure = "mail_optout" if channel == "email" else "sms_optout"
            if reason not in OPTED_OUT:
                failure = FAILURES[channel].get(reason, "unknown")
            failures |= dict.fromkeys(ids, failure)
            traces.browse(ids)._tell_refused(reason, failure)
        return failures, held

    def _last_refusals(self, channel):
        """``{trace id: reason}`` of the messages that must not leave any more."""
        refused = {}
        rounds = []  # [{model: {record id: trace}}]: a record is judged for one address at a time
        for trace in self:
            run = trace.marketing_enrollment_id
            if not run and not trace.mass_mailing_id.marketing_step_id:
                refused[trace.id] = "step_deleted"
            elif run.end_reason == "erased":
                refused[trace.id] = "erased"
            else:
                # the run knows its target after a merge
                target = run.lead_id or run.partner_id
                model, res_id = (target._name, target.id) if target else (trace.model, trace.res_id)
                place = next((one for one in rounds if res_id not in one[model]), None)
                if place is None:
                    place = defaultdict(dict)
                    rounds.append(place)
                place[model][res_id] = trace
        for one in rounds:
            for model, by_id in one.items():
                refused |= self.env[model].browse(by_id)._last_refusals(channel, by_id)
        return refused

    def _last_holds(self, channel):
        """``{trace id: moment}`` of the messages that may not leave before it; False: until their scenario goes on."""
        held = {}
        hours = SmsHours(clock.now(self.env))
        zones = self.marketing_enrollment_id._zones() if channel == "sms" else {}
        for trace in self:
            run = trace.marketing_enrollment_id
            scenario = trace.mass_mailing_id.marketing_step_id.scenario_id or run.scenario_id
            company = run.company_id or scenario.company_id or self.env.company
            if scenario.state != "active" or scenario.sending_suspended_at:
                held[trace.id] = False
            elif channel == "sms":
                zone = zones.get(run.id) or company._marketing_zone()
                moment = hours.opening(trace.sms_number, zone, company)
                if moment > hours.moment:
                    held[trace.id] = moment
        return held

    def _tell_refused(self, reason, failure):
        """Cancel these traces and tell their runs, which leave where the scenario wants it (S29)."""
        label = dict(self.env["marketing.scenario.trace"]._fields["reason"]._description_selection(self.env))[reason]
        self.write({"trace_status": "cancel", "failure_type": failure, "failure_reason": label})
        for step, traces in self.grouped(lambda trace: trace.mass_mailing_id.marketing_step_id).items():
            runs = traces.marketing_enrollment_id
            ids = {trace.marketing_enrollment_id.id: trace.id for trace in traces}
            runs._trace("skipped", reason, step=step or None, mailing_traces=ids)
            if reason not in PASSED_OVER:
                leaving = runs.filtered(lambda run: run.state in LIVE_STATES and run.scenario_id.on_refused == "leave")
                leaving._stop(reason)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "active" or vals.get("sending_suspended_at", True) is False:
            self.filtered(lambda one: one.state == "active" and not one.sending_suspended_at)._release_held()
        return result

    @api.ondelete(at_uninstall=False)
    def _release_held(self):
        """Put back into the queues what waited for these scenarios: the last gate judges it then (S7).

        Once a scenario is deleted, that means: cancels it.
        """
        # sudo: messages belong to the system, the person who activates need not see them
        scenarios = self.sudo()
        mailings = scenarios.with_context(active_test=False).step_ids._all_mailings()
        if not mailings:
            return
        waiting = [("state", "=", HELD), ("mailing_id", "in", mailings.ids)]
        mails = self.env["mail.mail"].sudo().search(waiting)
        mails.write({"state": "outgoing"})
        # an SMS with a moment waits for its legal hours
        sms = self.env["sms.sms"].sudo().search([*waiting, ("marketing_retry_at", "=", False)])
        sms.write({"state": "outgoing"})
        if mails:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
        if sms:
            self.env.ref("sms.ir_cron_sms_scheduler_action").sudo()._trigger()


def _by_value(mapping):
    groups = defaultdict(list)
    for key, value in mapping.items():
        groups[value].append(key)
    return groups
