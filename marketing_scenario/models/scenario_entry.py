"""The one way in: every door comes through ``_enroll`` (S12–S18)."""

from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError

from . import engine_sql

TARGET_MODELS = ("res.partner", "crm.lead")


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def enroll(self, res_model, res_ids):
        """Send records into the scenario; made for Odoo's external API (S16).

        :param res_model: ``res.partner`` (contacts and accounts) or ``crm.lead``
        :param res_ids: list of ids; the user needs the right to change these records
        :return: ``{"enrolled": [enrollment ids], "refused": {res_id: reason code}}``; over JSON-RPC the keys of
            ``refused`` are strings
        :raise UserError: unknown model, or ids that are not a list of integers
        """
        self.ensure_one()
        self.check_access("read")
        enrollments, refused = self._enroll_allowed(self._records_asked(res_model, res_ids), "api")
        return {"enrolled": enrollments.ids, "refused": {str(res_id): reason for res_id, reason in refused.items()}}

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
        """As ``_enroll``, for records the current user chose: those they may not change are refused (S48)."""
        existing = records.exists()
        allowed = existing._filtered_access("write")
        # sudo: a user adds records to a scenario without rights on enrollments and traces, which only the
        # scenario's own methods write; the rights on the records were checked just above
        enrollments, refused = self.sudo()._enroll(allowed, door, user=self.env.user, origin=origin)
        refused |= dict.fromkeys((existing - allowed).ids, "no_access")
        refused |= dict.fromkeys((records - existing).ids, "target_deleted")
        return enrollments.with_env(self.env), refused

    def _enroll(self, records, door, user=None, origin=False):
        """Send records into this scenario, set-based; each refusal becomes a row with its reason (S10, S18).

        :param records: recordset of res.partner or crm.lead
        :param door: code of the door, see ``marketing.scenario.enrollment.door``
        :param user: who did it; None: the current user
        :param origin: name of the form, automatism, query … for the trace
        :return: ``(enrollments, {record id: reason code})``
        """
        self.ensure_one()
        enrollments = self.env["marketing.scenario.enrollment"]
        user = user or self.env.user
        if not records:
            return enrollments, {}
        refused = {}
        reason = self._closed_reason()
        if reason:
            refused = dict.fromkeys(records.ids, reason)
        else:
            self.env.flush_all()
            for step, skipped, group in self._entry_groups(records):
                ids = self._insert_enrollments(group, door, user, origin, step, skipped, refused)
                enrollments |= enrollments.browse(ids)
        if refused:
            self._note_refusals(records, refused, door, user)
        if enrollments:
            self.env["marketing.scenario.enrollment"].invalidate_model()
            self.invalidate_recordset(["enrollment_ids"])
            self.env["marketing.scenario.engine"]._wake()
        return enrollments, refused

    def _closed_reason(self):
        """Why nobody at all may enter now, or False."""
        if self.state != "active":
            return "scenario_inactive"
        if self.date_end and self.date_end <= self.env["marketing.scenario.engine"]._now():
            return "scenario_ended"
        return False

    def _entry_values(self, records):
        now = self.env["marketing.scenario.engine"]._now()
        return {
            "scenario_id": self.id,
            "ids": records.ids,
            "kinds": list(self._kinds()),
            "company_id": self.company_id.id or None,
            "reentry": self.reentry,
            "entered_before": now - timedelta(days=self.reentry_days or 0),
            "exclusive": not self.allow_other_scenarios,
            "now": now,
        }

    def _insert_enrollments(self, records, door, user, origin, step, skipped, refused):
        """Insert one entry group; fills ``refused``; returns the new enrollment ids."""
        entry = self._entry_values(records)
        doors = dict(self.env["marketing.scenario.enrollment"]._fields["door"]._description_selection(self.env))
        entry |= {
            "step_id": step.id,
            "start_at": max(entry["now"], self.date_start) if self.date_start else entry["now"],
            "door": door,
            "user_id": user.id,
            "message": " · ".join(filter(None, [doors.get(door, door), origin, user.name])),
        }
        rows = engine_sql.enroll(self.env.cr, records._name, entry)
        if len(rows) < len(records):
            reasons = engine_sql.entry_refusals(self.env.cr, records._name, entry)
            entered = {target_id for _id, target_id in rows}
            refused |= {
                target_id: reasons.get(target_id) or "already_inside"
                for target_id in records.ids
                if target_id not in entered
            }
        ids = [enrollment_id for enrollment_id, _target in rows]
        if skipped and ids:
            engine_sql.trace_skipped(self.env.cr, ids, self.id, skipped.ids, "after_date", entry["now"])
        return ids

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
        now = self.env["marketing.scenario.engine"]._now()
        for zone, ids in by_zone.items():
            passed = [step for step in dated if step._dated_moment(zone) <= now and step.child_ids]
            if passed:
                position = trunk.ids.index(passed[-1].id)
                begin, skipped = passed[-1].child_ids[:1], trunk[: position + 1] - start
            else:
                begin, skipped = start, start.browse()
            groups.append((begin, skipped, records.browse(ids)))
        return groups

    def _note_refusals(self, records, refused, door, user):
        kinds = {record.id: record.marketing_kind for record in records.browse(refused).exists()}
        column = records._marketing_column
        self.env["marketing.scenario.refusal"].sudo().create(  # sudo: users have no right to write refusals
            [
                {
                    "scenario_id": self.id,
                    column: record_id,
                    "target_kind": kinds[record_id],
                    "reason": reason,
                    "door": door,
                    "user_id": user.id,
                    "at": self.env["marketing.scenario.engine"]._now(),
                }
                for record_id, reason in refused.items()
                if record_id in kinds
            ]
        )

    def _entry_refusals(self, records):
        """``{record id: reason}`` if these records were sent in now; writes nothing (previews, "+" dialog)."""
        reason = self._closed_reason()
        if reason:
            return dict.fromkeys(records.ids, reason)
        self.env.flush_all()
        return engine_sql.entry_refusals(self.env.cr, records._name, self._entry_values(records))
