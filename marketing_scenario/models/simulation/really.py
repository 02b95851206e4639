"""A simulation that really sends, on demand, to the one record it walks with (Koban R65).

The walk itself stays dry: of all that a step does, only its message leaves, as one of its own that counts nowhere.
"""

from odoo import models
from odoo.exceptions import UserError

from .. import clock
from ..gates.sms_hours import SmsHours

MOST = 20  # messages of one deed: a way that goes round comes to its messages again and again


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _really_send(self, record, steps):
        """Send the messages of these steps to ``record``, now, each by itself; the record's chatter says who did it.

        :return: ``[{"step", "to", "error"}]``, the error a sentence or False
        """
        told = []
        for step in steps[:MOST]:
            channel = step._channel()
            address = record.marketing_phone if channel == "sms" else record.marketing_email_normalized
            row = {"step": step.name, "to": address or "", "error": False}
            try:
                with self.env.cr.savepoint():
                    step._really_send(record, channel, address)
                    record.sudo()._message_log(  # sudo: the log of who sent, whatever the record's own rules
                        body=self.env._(
                            "%(user)s sent “%(step)s” to %(to)s by a simulation of “%(scenario)s”.",
                            user=self.env.user.name,
                            step=step.name,
                            to=address,
                            scenario=self.name,
                        )
                    )
            except UserError as error:
                row["error"] = str(error)
            told.append(row)
        return told


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _really_send(self, record, channel, address):
        """:raise UserError: it must not or could not leave; says why"""
        # the simulated moment may be another one than now
        if reason := record._blocked(channel).get(record.id):
            reasons = self.env["marketing.scenario.trace"]._fields["reason"]._description_selection(self.env)
            raise UserError(dict(reasons).get(reason, reason))
        if channel == "sms":
            self._really_send_sms(record, address)
        elif self._part("needs_run") or self._part("mail_content", record) is None:
            raise UserError(
                self.env._("“%(step)s” is made for people in the scenario: it was not sent.", step=self.name)
            )
        else:
            self.env["marketing.scenario.channel.mail"]._send_sample(self, record, address, is_test=False)

    def _really_send_sms(self, record, number):
        now = clock.now(self.env)
        opening = SmsHours(now).opening(number, record._marketing_zone(), record.marketing_company_id)
        if opening > now:
            raise UserError(
                self.env._(
                    "No SMS may be sent to %(number)s before %(moment)s.",
                    number=number,
                    moment=clock.in_words(self.env, opening, record._marketing_zone()),
                )
            )
        self.env["marketing.scenario.channel.sms"]._send_sample(self, record, number)
