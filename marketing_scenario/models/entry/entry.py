"""The one way in: every door comes through ``_enroll`` (S12–S18)."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from odoo import models
from odoo.exceptions import UserError

from ...tools import schedule
from .. import clock
from ..target.mixin import TARGET_MODELS
from . import sql


@dataclass(frozen=True)
class Request:
    """Who asks to enter, and what decides on it: the settings of the scenario at one instant."""

    model: str
    ids: tuple
    scenario_id: int
    kinds: tuple
    company_id: int | None
    reentry: str
    entered_before: datetime  # an earlier entry after this moment is too recent
    exclusive: bool  # presence in another scenario is no longer allowed
    leaving: tuple  # enrollments that end by this entry
    control_percent: int  # of those who enter for the first time are held out for comparison (S58)
    now: datetime


@dataclass(frozen=True)
class Admission:
    """Where those who are let in begin, and what is noted of their entry."""

    step_id: int
    start_at: datetime
    door: str
    user_id: int
    origin: str | None  # name of the form, automation, query …


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def enroll(self, res_model, res_ids):
        """Send records into the scenario; made for Odoo's external API (S16).

        :param res_model: ``res.partner`` (contacts and accounts) or ``crm.lead``
        :param res_ids: list of ids; the user needs the right to change these records
        :return: ``{"enrolled": [enrollment ids], "refused": {res_id: reason code}}``; over JSON-RPC the keys of
            ``refused`` are strings. Those in the control group are among the enrolled, in the state ``control``
        :raise UserError: not one scenario, unknown model, or ids that are not a list of integers
        """
        self._check_one_asked()
        self.check_access("read")
        enrollments, rejected = self._enroll_allowed(self._records_asked(res_model, res_ids), "api")
        return {"enrolled": enrollments.ids, "refused": {str(res_id): reason for res_id, reason in rejected.items()}}

    def _check_one_asked(self):
        """:raise UserError: a program called this for no scenario, or for several"""
        if len(self) != 1:
            raise UserError(
                self.env._("ids: call this for one scenario at a time; %(count)s were named.", count=len(self))
            )

    def _records_asked(self, res_model, res_ids):
        """The records a program names, each once; they may not exist.

        :raise UserError: unknown model, or ids that are not a list of integers
        """
        if res_model not in TARGET_MODELS:
            raise UserError(
                self.env._(
                    "res_model: “%(model)s” cannot enter a scenario. Use res.partner or crm.lead.", model=res_model
                )
            )
        if not isinstance(res_ids, list | tuple) or not all(type(res_id) is int for res_id in res_ids):
            raise UserError(self.env._("res_ids: a list of record ids (integers) is expected."))
        return self.env[res_model].browse(dict.fromkeys(res_ids))

    def _enroll_allowed(self, records, door, origin=False):
        """As ``_enroll``, for records the current user chose: those they may not change are rejected (S48)."""
        existing = records.exists()
        allowed = existing._filtered_access("write")
        # sudo: a user adds records to a scenario without rights on enrollments and traces, which only the
        # scenario's own methods write; the rights on the records were checked just above
        enrollments, rejected = self.sudo()._enroll(allowed, door, user=self.env.user, origin=origin)
        rejected |= dict.fromkeys((existing - allowed).ids, "no_access")
        rejected |= dict.fromkeys((records - existing).ids, "target_deleted")
        return enrollments.with_env(self.env), rejected

    def _enroll(self, records, door, user=None, origin=False, leaving=None):
        """Send records into this scenario, set-based; each rejection becomes a row with its reason (S10, S18).

        :param records: recordset of res.partner or crm.lead
        :param door: code of the door, see ``marketing.scenario.enrollment.door``
        :param user: who did it; None: the current user
        :param origin: name of the form, automation, query … for the trace
        :param leaving: enrollments that end by this entry: they do not count as presence in another scenario
        :return: ``(enrollments, {record id: reason code})``; those held out for comparison are among the enrollments
        """
        self.ensure_one()
        enrollments = self.env["marketing.scenario.enrollment"]
        user = user or self.env.user
        if not records:
            return enrollments, {}
        reason = self._closed_reason()
        rejected = dict.fromkeys(records.ids, (reason, None)) if reason else {}
        if not reason:
            self.env.flush_all()
            for step, skipped, group in self._entry_groups(records):
                request = self._request(group, leaving.ids if leaving else ())
                if self.same_person == "further" and skipped:
                    request = self._overtake(request, skipped)
                start_at = max(request.now, self.date_start) if self.date_start else request.now
                admission = Admission(step.id, start_at, door, user.id, origin or None)
                ids, left_out = self._insert_enrollments(request, admission, skipped)
                enrollments |= enrollments.browse(ids)
                rejected |= left_out
        if rejected:
            self._note_rejections(records, rejected, door, user)
        if enrollments:
            self.env["marketing.scenario.enrollment"].invalidate_model()
            self.invalidate_recordset(["enrollment_ids"])
            self.env["marketing.scenario.engine"]._wake()
        return enrollments, {record_id: reason for record_id, (reason, _holder) in rejected.items()}

    def _closed_reason(self):
        """Why no one at all may enter now, or False."""
        if self.state != "active":
            return "scenario_inactive"
        if self.date_end and self.date_end <= clock.now(self.env):
            return "scenario_ended"
        return False

    def _request(self, records, leaving=()):
        now = clock.now(self.env)
        return Request(
            model=records._name,
            ids=tuple(records.ids),
            scenario_id=self.id,
            kinds=self._kinds(),
            company_id=self.company_id.id or None,
            reentry=self.reentry,
            entered_before=now - schedule.span(self.reentry_days),
            exclusive=not self.allow_other_scenarios,
            leaving=tuple(leaving),
            control_percent=self.control_percent,
            now=now,
        )

    def _insert_enrollments(self, request, admission, skipped):
        """Insert those of one entry group who may enter.

        :return: ``([enrollment ids], {record id: (reason, id of the run in the way or None)})``
        """
        rows = sql.enroll(self.env.cr, request, admission)
        entered = {target_id for _id, target_id, _held in rows}
        rejected = {}
        if len(rows) < len(request.ids):
            reasons = sql.rejections(self.env.cr, request)
            rejected = {
                target_id: reasons.get(target_id) or ("already_inside", None)
                for target_id in request.ids
                if target_id not in entered
            }
        walking = [enrollment_id for enrollment_id, _target, held in rows if not held]
        if skipped and walking:
            sql.trace_skipped(self.env.cr, walking, self.id, skipped.ids, "after_date", request.now)
        return [row[0] for row in rows], rejected

    def _overtake(self, request, skipped):
        """Those who begin further along take the place of other records of the same person (S51).

        :param skipped: steps not played by those who ask
        :return: the request, for which the runs that end are over
        """
        start = self.start_step_id
        behind = sql.overtaken(self.env.cr, request, (start + skipped).ids)
        if not behind:
            return request
        alone = replace(request, leaving=(*request.leaving, *behind))
        rejected = sql.rejections(self.env.cr, alone)
        ending = [run_id for run_id, target_id in behind.items() if target_id not in rejected]
        self.env["marketing.scenario.enrollment"].browse(ending)._stop("same_person")
        return replace(request, leaving=(*request.leaving, *ending))

    def _entry_groups(self, records):
        """Where each record begins (S23/R49): after the last fixed-date pause of the trunk that has passed.

        :return: list of ``(step, steps not played, records)``; the date is judged in each record's time zone
        """
        start = self.start_step_id
        trunk = start._trunk()
        dated = trunk.filtered(lambda step: step._is_dated())
        if not dated:
            return [(start, start.browse(), records)]
        by_zone = defaultdict(list)
        for record in records:
            by_zone[record.marketing_tz].append(record.id)
        groups = []
        now = clock.now(self.env)
        for zone, ids in by_zone.items():
            passed = [step for step in dated if step._dated_moment(zone) <= now and step.child_ids]
            if passed:
                position = trunk.ids.index(passed[-1].id)
                begin, skipped = passed[-1].child_ids[:1], trunk[: position + 1] - start
            else:
                begin, skipped = start, start.browse()
            groups.append((begin, skipped, records.browse(ids)))
        return groups

    def _note_rejections(self, records, rejected, door, user):
        kinds = {record.id: record.marketing_kind for record in records.browse(rejected).exists()}
        column = records._marketing_column
        self.env["marketing.scenario.refusal"].sudo().create(  # sudo: users have no right to write rejections
            [
                {
                    "scenario_id": self.id,
                    column: record_id,
                    "target_kind": kinds[record_id],
                    "reason": reason,
                    "holder_id": holder_id,
                    "door": door,
                    "user_id": user.id,
                    "at": clock.now(self.env),
                }
                for record_id, (reason, holder_id) in rejected.items()
                if record_id in kinds
            ]
        )

    def _held_out(self, records):
        """Ids of those of these records that are in the control group, or would be if they entered now."""
        self.env.flush_all()
        return sql.held_out(self.env.cr, self._request(records)) if self.control_percent else set()

    def _rejections(self, records):
        """``{record id: reason}`` if these records were sent in now; writes nothing (previews, "+" dialog)."""
        reason = self._closed_reason()
        if reason:
            return dict.fromkeys(records.ids, reason)
        self.env.flush_all()
        rejected = sql.rejections(self.env.cr, self._request(records))
        return {record_id: reason for record_id, (reason, _holder) in rejected.items()}
