"""Marketing pressure: at most N messages per person per D days, over scenarios and mass mailings (S33)."""

from collections import defaultdict
from datetime import timedelta

from odoo import fields, models
from odoo.fields import Domain

from ..dry import is_dry
from ..person import sql as person

CHANNELS = ("email", "sms")  # of messages that a mailing counts
NOT_RECEIVED = ("cancel", "error", "bounce")


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_cap_count = fields.Integer("Messages per person", help="0: no limit.")
    marketing_cap_days = fields.Integer("Days", default=7)
    marketing_cap_action = fields.Selection(
        [("defer", "Wait until the person may get one again"), ("skip", "Skip the message")],
        string="Over the limit",
        default="defer",
    )

    _marketing_cap_valid = models.Constraint(
        "CHECK (coalesce(marketing_cap_count, 0) = 0 OR (marketing_cap_count > 0 AND marketing_cap_days > 0))",
        "The limit of messages needs a number of days of at least 1.",
    )


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    # what a person got lately, for the frequency cap
    _marketing_email_idx = models.Index("(email, create_date) WHERE email IS NOT NULL")
    _marketing_number_idx = models.Index("(sms_number, create_date) WHERE sms_number IS NOT NULL")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _pass_cap(self, decisions, enrollments, channel):
        """Let those who got enough messages lately wait or skip, as their company chose; return the others (S33)."""
        # sudo: whether a company has set a limit
        companies = (enrollments.company_id | self.env.company).sudo()
        if channel not in CHANNELS or not any(company.marketing_cap_count for company in companies):
            return enrollments
        passed = enrollments.browse()
        for company, group in enrollments.grouped(lambda enrollment: enrollment.company_id or self.env.company).items():
            # sudo: three settings of the company
            settings = company.sudo()
            if settings.marketing_cap_count:
                group = self._pass_company_cap(decisions, group, channel, settings)
            passed |= group
        return passed

    def _pass_company_cap(self, decisions, enrollments, channel, settings):
        span = timedelta(days=settings.marketing_cap_days)
        addresses = addresses_of(enrollments)
        if not is_dry(self.env):  # which sends nothing, and must not hold up those who do
            # two batches for one person at the same moment would not see each other's message
            self.env["marketing.latch"]._hold("cap", set().union(*addresses.values()))
        received = self._received_since(addresses, decisions.now - span)
        late, passed = {}, []
        for target, enrollment_id in enrollments._pairs():
            moments = sorted(moment for address in addresses[enrollment_id] for moment in received[address])
            over = len(moments) - settings.marketing_cap_count
            if over >= 0:
                late[enrollment_id] = max(moments[over] + span, decisions.now + timedelta(minutes=1))
            else:  # counts for the same person further down this batch
                passed.append(enrollment_id)
                sent_to = target.marketing_email_normalized if channel == "email" else target.marketing_phone
                received[sent_to].append(decisions.now)
        if settings.marketing_cap_action == "skip":
            decisions.skip(enrollments.browse(late), "frequency_cap")
        else:
            decisions.wait(enrollments.browse(late), late, reason="frequency_cap")
        return enrollments.browse(passed)

    def _received_since(self, addresses_of, moment):
        """``{address or number: moments of the marketing messages}``, in one statement."""
        addresses = set().union(*addresses_of.values())
        domain = Domain("create_date", ">", moment) & Domain("trace_status", "not in", NOT_RECEIVED)
        domain &= Domain("email", "in", list(addresses)) | Domain("sms_number", "in", list(addresses))
        received = defaultdict(list)
        # sudo: how often, not what; nothing of the messages is shown
        rows = self.env["mailing.trace"].sudo()._read_group(domain, ["email", "sms_number"], ["create_date:array_agg"])
        for email, number, moments in rows:
            received[email or number] += moments
        return received


def addresses_of(enrollments):
    """``{enrollment id: where the person gets messages}``; the limit counts them together (S51)."""
    kin = {}
    for model, records in enrollments._targets().items():
        records._flush_persons()
        kin[model] = person.addresses(enrollments.env.cr, model, records.ids)
    return {
        enrollment_id: {
            *kin[target._name].get(target.id, ()),
            # it may be borrowed from the account
            *filter(None, (target.marketing_email_normalized, target.marketing_phone)),
        }
        for target, enrollment_id in enrollments._pairs()
    }
