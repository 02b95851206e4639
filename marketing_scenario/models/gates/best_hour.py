"""The hour at which a person mostly reacts (S59): within its window a message leaves then.

A reaction is a click or an answer; an opening is none, for programs open mails by themselves. Hours are those of each
person's own wall clock. What the windows and the law allow is asked of ``_openings``: an hour that they do not allow is
passed over for the next best.
"""

from collections import Counter, defaultdict
from datetime import timedelta

from odoo import api, fields, models

from ...tools import schedule
from .. import clock
from . import sql
from .frequency_cap import addresses_of

ENOUGH = 5  # reactions of one person that show a habit
ENOUGH_OF_ALL = 50  # … of the people of a company
MEMORY = timedelta(days=182)  # older habits are forgotten
CHOICES = 6  # best hours that are tried: the first that lies in the window is taken


class ResCompany(models.Model):
    _inherit = "res.company"

    marketing_best_hours = fields.Json("Hours with the most reactions", help="The best first; counted each night.")

    @api.model
    def _cron_best_hours(self):
        """Count anew at which hours the people of each company react."""
        companies = self.search([])
        self.env["mailing.trace"].flush_model()
        zones = {company.id: company._marketing_zone() for company in companies}
        found = sql.hours_of_companies(self.env.cr, zones, clock.now(self.env) - MEMORY)
        for company in companies:
            hours = Counter(found.get(company.id))
            best = _ranked(hours) if hours.total() >= ENOUGH_OF_ALL else False
            if company.marketing_best_hours != best:
                company.marketing_best_hours = best


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    best_hour = fields.Boolean(
        "At the best hour of each person",
        help="Within the window: at the hour at which this person mostly clicked or answered, after at least five "
        "reactions; else at the hour at which most people react.",
    )
    best_hours_told = fields.Char("Best hours of the company", compute="_compute_best_hours_told")

    @api.depends("best_hour")
    @api.depends_context("lang")
    def _compute_best_hours_told(self):
        for step in self:
            # sudo: a fact about all
            hours = (step.company_id or self.env.company).sudo().marketing_best_hours
            told = ", ".join(f"{hour:02}:00" for hour in (hours or [])[:3])
            step.best_hours_told = (
                self.env._(
                    "Who has clicked or answered at least %(enough)s times gets it at their own hour, the others when "
                    "most people react: %(hours)s.",
                    enough=ENOUGH,
                    hours=told,
                )
                if told
                else self.env._(
                    "Who has clicked or answered at least %(enough)s times gets it at their own hour. Of the others "
                    "too little is known yet: theirs leaves as soon as the window is open.",
                    enough=ENOUGH,
                )
            )

    def _compute_description(self):
        result = super()._compute_description()
        for step in self.filtered("best_hour"):
            step.summary = " · ".join(filter(None, [step.summary, self.env._("at the best hour of each person")]))
        return result

    def _departures(self, enrollments, openings, moment):
        departures = super()._departures(enrollments, openings, moment)
        if not self.best_hour:
            return departures
        choosing = enrollments.filtered(lambda run: not (openings[run.id] <= moment and self._has_waited(run, moment)))
        return {**departures, **self._at_best_hours(choosing, departures)} if choosing else departures

    def _has_waited(self, run, moment):
        """Whether the hour was chosen before, and has come: an engine that is late must not wait for the next day."""
        return run.step_id == self and run.wait_reason == "best_hour" and run.next_run_at <= moment

    def _at_best_hours(self, enrollments, openings):
        """``{enrollment id: first moment at its best hour from its opening on}``; those without any are left out."""
        zones = enrollments._zones()
        coming = {i: hours for i, hours in self._best_hours(enrollments, zones).items() if hours}
        found = {}
        while coming:
            asked = defaultdict(list)
            for enrollment_id, hours in coming.items():
                asked[schedule.at_hour(openings[enrollment_id], zones[enrollment_id], hours[0])].append(enrollment_id)
            for wanted, ids in asked.items():
                for enrollment_id, opening in self._openings(enrollments.browse(ids), wanted).items():
                    if schedule.to_local(opening, zones[enrollment_id]).hour == coming[enrollment_id][0]:
                        found[enrollment_id] = opening
            coming = {i: hours[1:] for i, hours in coming.items() if i not in found and hours[1:]}
        return found

    def _best_hours(self, enrollments, zones):
        """``{enrollment id: hours, best first}``: the person's own, then those of the company."""
        addresses = addresses_of(enrollments)
        since = clock.now(self.env) - MEMORY
        self.env["mailing.trace"].flush_model()
        moments = sql.reactions(self.env.cr, set().union(*addresses.values()), since)
        best = {}
        for enrollment in enrollments:
            own = Counter(
                schedule.to_local(moment, zones[enrollment.id]).hour
                for address in addresses[enrollment.id]
                for moment in moments.get(address, ())
            )
            # sudo: a fact about all
            company = (enrollment.company_id or self.env.company).sudo()
            habit = _ranked(own) if own.total() >= ENOUGH else []
            best[enrollment.id] = list(dict.fromkeys([*habit, *(company.marketing_best_hours or [])]))
        return best


def _ranked(hours):
    """:param hours: ``Counter`` of hours"""
    return [hour for hour, _count in sorted(hours.items(), key=lambda pair: (-pair[1], pair[0]))][:CHOICES]
