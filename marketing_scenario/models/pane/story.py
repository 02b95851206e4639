"""One person's story over all scenarios: what was, what comes, and why the last message did not go (S42)."""

import re

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..enrollment.states import LIVE_STATES
from ..gates.consent import OPTED_OUT
from ..phoning.campaign import OPEN_STATES

SHOWN = 300  # moments of each kind; with more, one sees the latest
META = re.compile(r"<meta\b[^>]*>", re.IGNORECASE)
DOORWAY = ("entered", "end", "stopped", "put_back", "inherited")


class MarketingScenarioTarget(models.AbstractModel):
    _inherit = "marketing.scenario.target"

    def action_marketing_story(self):
        """The full view of what marketing did with this person."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario_story",
            "name": self.env._("Marketing: %(name)s", name=self.display_name),
            "params": {"model": self._name, "res_id": self.id},
        }

    def marketing_story(self):
        """All moments of the person behind this record, the latest first, those to come before them.

        Only what the user may see: leads of the person that belong to others are left out.

        :return: ``{"name", "kind", "score", "channels": [{"label", "answer", "good"}], "why": sentence or "", "rows",
            "plans"}``: see ``moment`` and ``_story_plan``
        """
        self.ensure_one()
        self._check_may_read_story()
        person = self._story_records()
        runs = self.env["marketing.scenario.enrollment"].union(
            *(records.marketing_enrollment_ids._filtered_access("read") for records in person)
        )
        traces = self.env["marketing.scenario.trace"].search([("enrollment_id", "in", runs.ids)], limit=SHOWN)
        rows = traces._story_rows()
        for records in person:
            rows += records._story_of_messages(traces) + records._story_of_opt_outs()
            rows += records._story_of_calls() + records._story_of_forms()
        rows += self._story_of_score() + self._story_of_consent()
        kinds = dict(self._fields["marketing_kind"]._description_selection(self.env))
        live = runs.filtered(lambda run: run.state in LIVE_STATES)
        far = fields.Datetime.to_datetime("9999-12-31")
        return {
            "name": self.display_name,
            "kind": kinds.get(self.marketing_kind, ""),
            "score": self.marketing_score,
            "channels": self._story_of_channels(),
            "why": traces._why_not(live),
            "rows": sorted(rows, key=lambda row: row["at"], reverse=True),
            "plans": [run._story_plan() for run in live.sorted(lambda run: (run.next_run_at or far, run.id))],
        }

    def marketing_message(self, trace_id):
        """A message as it was sent to this person.

        :param trace_id: id of a message that ``marketing_story`` names
        :return: ``{"subject", "body": HTML, "text": of an SMS, "note": what may differ from what was sent}``
        :raise UserError: it is none of this person
        """
        self.ensure_one()
        self._check_may_read_story()
        # sudo: salespeople may not read Odoo's mailing traces, but may read what was sent to a record they see
        trace = self.env["mailing.trace"].sudo().browse(int(trace_id)).exists()
        mine = {(records._name, i) for records in self._story_records() for i in records.ids}
        if (trace.model, trace.res_id) not in mine:
            raise UserError(self.env._("This message is not known any more."))
        return trace._as_sent(self.env[trace.model].browse(trace.res_id))

    def _check_may_read_story(self):
        self.check_access("read")
        self.env["marketing.scenario.trace"].check_access("read")

    def _story_records(self):
        """The records of this person that the user may see, as recordsets."""
        return [seen for records in self._person() if (seen := records._filtered_access("read"))]

    def _story_of_channels(self):
        return [
            {
                "label": self._fields[name]._description_string(self.env),
                "answer": dict(self._fields[name]._description_selection(self.env))[self[name]],
                "good": self[name] == "ok",
            }
            for name in ("marketing_email_answer", "marketing_sms_answer", "marketing_phone_answer")
        ]

    def _story_of_messages(self, traces):
        """Messages that no path tells of: those of mass mailings."""
        # sudo: see marketing_message
        told = traces.sudo().mailing_trace_id.ids
        messages = self.env["mailing.trace"].sudo()
        found = messages.search(
            [("model", "=", self._name), ("res_id", "in", self.ids), ("id", "not in", told)],
            limit=SHOWN,
            order="id desc",
        )
        return [
            {
                **moment(message["at"], "message", "fa-mobile" if message["type"] == "sms" else "fa-envelope-o"),
                "family": "message",
                "title": message["subject"],
                "origin": message["origin"],
                "badge": message["status"],
                "tone": message["tone"],
                "opened_at": message["opened_at"],
                "clicked_at": message["clicked_at"],
                "message_id": message["id"],
            }
            for message in found._marketing_pane_rows()
        ]

    def _story_of_opt_outs(self):
        """By which messages they opted out."""
        # sudo: see marketing_message
        messages = self.env["mailing.trace"].sudo()
        mine = [("model", "=", self._name), ("res_id", "in", self.ids), ("marketing_opted_out_at", "!=", False)]
        found = messages.search(mine, limit=SHOWN, order="id desc")
        labels = dict(self._fields["marketing_email_answer"]._description_selection(self.env))
        return [
            {
                **moment(trace.marketing_opted_out_at, "consent", "fa-ban"),
                "title": labels[OPTED_OUT["sms" if trace.trace_type == "sms" else "email"]],
                "text": message["subject"],
                "origin": message["origin"],
            }
            for trace, message in zip(found, found._marketing_pane_rows(), strict=True)
        ]

    def _story_of_calls(self):
        calls = self.env["marketing.phoning.call"].search(
            [(self._marketing_column, "in", self.ids), ("state", "not in", OPEN_STATES)], limit=SHOWN
        )
        outcomes = dict(calls._fields["outcome"]._description_selection(self.env))
        return [
            {
                **moment(call.done_at or call.write_date, "call", "fa-phone"),
                "title": self.env._("Call: %(campaign)s", campaign=call.campaign_id.name),
                "badge": outcomes.get(call.outcome, ""),
                "text": call.notes or "",
                "origin": call.user_id.name or "",
            }
            for call in calls
        ]

    def _story_of_forms(self):
        submissions = self.env["marketing.engagement.submission"]
        # sudo: as in the pane; the forms that the user may not see are left out just after
        found = submissions.sudo().search(self._own_submissions() & Domain("state", "!=", "spam"), limit=SHOWN)
        states = dict(submissions._fields["state"]._description_selection(self.env))
        return [
            {
                **moment(form.at, "form", "fa-wpforms"),
                "title": self.env._("Form filled: %(form)s", form=form.point_id.name),
                "badge": states[form.state] if form.state != "done" else "",
                "text": form.answers or "",
            }
            for form in found.with_env(self.env)._filtered_access("read")
        ]

    def _own_submissions(self):
        return Domain(self._marketing_column, "in", self.ids)

    def _story_of_score(self):
        return [
            {
                **moment(line.at, "score", "fa-star-half-o"),
                "title": self.env._("%(points)+d points", points=line.points),
                "text": line.reason,
                "origin": line.source or "",
            }
            for line in self._score_holder().marketing_score_line_ids[:SHOWN]
        ]

    def _story_of_consent(self):
        if not (self.marketing_optin and self.marketing_optin_date):
            return []
        return [
            {
                **moment(self.marketing_optin_date, "consent", "fa-check-circle"),
                "title": self.env._("Opted in"),
                "origin": self.marketing_optin_source or "",
                "text": self.marketing_optin_proof or "",
            }
        ]


def moment(at, kind, icon):
    """What all rows of a story have."""
    text = at if isinstance(at, str) else fields.Datetime.to_string(at) if at else ""
    return {"at": text, "kind": kind, "icon": icon, "family": "edge", "tone": ""}


def shown(body):
    """A body for a frame of the page: what it says about the window of a mail program is not for this one."""
    return META.sub("", str(body or ""))


class MarketingScenarioTrace(models.Model):
    _inherit = "marketing.scenario.trace"

    def _story_rows(self):
        rows = []
        # sudo: see marketing_message
        sent = {message["id"]: message for message in self.sudo().mailing_trace_id._marketing_pane_rows()}
        for trace in self:
            row = trace._timeline_row()
            message = sent.get(trace.sudo().mailing_trace_id.id)
            kind = "message" if message else "entry" if trace.event in DOORWAY else "step"
            rows.append(
                {
                    **moment(row["at"], kind, row["icon"]),
                    "family": row["family"],
                    "title": message and message["subject"] or row["step"],
                    "badge": row["status"] or row["outcome"],
                    "tone": row["tone"],
                    "text": "\n".join(
                        filter(None, [row["reason"] if row["reason"] != row["outcome"] else "", row["message"]])
                    ),
                    "origin": trace.scenario_id.name or "",
                    "scenario_id": trace.scenario_id.id,
                    "run_id": trace.enrollment_id.id,
                    "opened_at": row["opened_at"],
                    "clicked_at": row["clicked_at"],
                    "message_id": message and message["id"],
                }
            )
        return rows

    def _why_not(self, live):
        """Why the last message did not go, in one sentence with its remedy; empty: it went, or there was none.

        :param live: runs that go on: a message may be waiting
        """
        labels = dict(self._fields["reason"]._description_selection(self.env))
        remedies = self._remedies()
        parked = live.filtered(lambda run: run.state == "error" and run.step_id._channel())[:1]
        if parked:
            return self.env._(
                "“%(step)s” (%(scenario)s) could not be sent: %(error)s",
                step=parked.step_id.name,
                scenario=parked.scenario_id.name,
                error=parked.error_message or labels["error"],
            )
        waiting = [
            run for run in live if run.state == "running" and run.wait_reason in remedies and run.step_id._channel()
        ]
        if waiting:
            run = waiting[0]
            return self.env._(
                "“%(step)s” (%(scenario)s) waits: %(reason)s. %(remedy)s",
                step=run.step_id.name,
                scenario=run.scenario_id.name,
                reason=labels[run.wait_reason].lower(),
                remedy=remedies[run.wait_reason],
            )
        last = next(
            (
                trace
                for trace in self  # the latest first
                if trace.step_id
                and trace.step_id._channel()
                and (trace.sudo().mailing_trace_id or trace.event == "skipped")
            ),
            None,
        )
        if last and last.event != "skipped":
            return last._why_lost()
        if not last or last.reason not in remedies:
            return ""
        return self.env._(
            "“%(step)s” (%(scenario)s) did not go: %(reason)s. %(remedy)s",
            step=last.step_id.name,
            scenario=last.scenario_id.name,
            reason=labels[last.reason].lower(),
            remedy=remedies[last.reason],
        )

    def _why_lost(self):
        """Why a message that left did not arrive; empty: it did, as far as anybody knows."""
        # sudo: see marketing_message
        message = self.sudo().mailing_trace_id
        if message.trace_status not in ("bounce", "error"):
            return ""
        failures = dict(message._fields["failure_type"]._description_selection(self.env))
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        bounced = message.trace_status == "bounce"
        reason = reasons["bounced"] if bounced else failures.get(message.failure_type) or reasons["error"]
        return self.env._(
            "“%(step)s” (%(scenario)s) did not arrive: %(reason)s. %(remedy)s",
            step=self.step_id.name,
            scenario=self.scenario_id.name,
            reason=reason[:1].lower() + reason[1:],
            remedy=self._remedies()["bounced"]
            if bounced
            else self.env._("Once the cause is mended, “Move” the run back to this step."),
        )

    def _remedies(self):
        """``{reason for which a message does not go: what somebody can do about it}``"""
        theirs = self.env._("Only they can take that back, for example by a form.")
        correct = self.env._("Correct it, then take away the mark that it does not work.")
        return {
            "no_consent": self.env._("Note the opt-in with its source once they have agreed."),
            "refused_email": theirs,
            "refused_sms": theirs,
            "refused_phone": theirs,
            "refused_all": theirs,
            "blacklisted": self.env._("Take the address off the blacklist if they ask for it."),
            "invalid_email": correct,
            "invalid_phone": correct,
            "no_email": self.env._("Enter an email address."),
            "no_phone": self.env._("Enter a phone number."),
            "no_mobile": self.env._("Enter a mobile number."),
            "bounced": self.env._("Ask for another address."),
            "frequency_cap": self.env._("The limit is in the settings."),
            "already_received": self.env._("Another record of this person got it."),
            "outside_window": self.env._("It goes at the next opening; “Run now” does not wait."),
            "suspended": self.env._("Look at the bounces, then resume the sending on the scenario."),
            "expired": self.env._("Its time limit is on the step."),
            "overdue": self.env._("The scenario was inactive when its moment came."),
            "by_hand": self.env._("Somebody skipped it."),
        }


class MarketingScenarioEnrollment(models.Model):
    _inherit = "marketing.scenario.enrollment"

    def _story_plan(self):
        """The next moment of this run, and what can be done with it."""
        row = self._planned_row()
        return {
            "run_id": self.id,
            "state": self.state,
            "scenario_id": self.scenario_id.id,
            "scenario": self.scenario_id.name,
            "at": row["at"] or "",
            "title": row["step"],
            "icon": row["icon"] or "",
            "family": row["family"] or "edge",
            "badge": row["outcome"],
            "tone": row["tone"],
            "text": row["message"] or "",
            "then": row["then"] or "",
            "can_skip": self.can_skip,
        }


class MailingTrace(models.Model):
    _inherit = "mailing.trace"

    def _as_sent(self, record):
        """This message as ``record`` got it; see ``marketing_message``. It runs as superuser."""
        message = {"subject": self._marketing_pane_rows()[0]["subject"], "note": ""}
        step = self.mass_mailing_id.marketing_step_id
        if kept := self._kept_body(record):
            return {**message, "body": shown(kept)}
        anew = self.env._("Odoo does not keep each mail: this is the text of the step as it stands now.")
        if self.trace_type == "mail" and step and step._part("mail_content", record):
            _content, sample = self.env["marketing.scenario.channel.mail"]._sample(step, record)
            return {**message, "body": shown(sample["body"]), "note": anew}
        text = self.mass_mailing_id.body_plaintext if self.trace_type == "sms" else self.mass_mailing_id.body_html
        return {**message, "body": shown(text), "note": anew}

    def _kept_body(self, record):
        """The very text that left, where it is kept: in the queue, or in the chatter (what looks typed, and SMS)."""
        if self.mail_mail_id.body_html:
            return self.mail_mail_id.body_html
        messages = self.env["mail.message"]
        if self.trace_type == "sms":  # noted in the transaction that made it
            theirs = [("model", "=", record._name), ("res_id", "=", record.id), ("message_type", "=", "sms")]
            return messages.search([*theirs, ("create_date", "=", self.create_date)], limit=1).body
        step = self.mass_mailing_id.marketing_step_id
        content = step._part("mail_content", record) if step and self.message_id else None
        if content and content.log_body:
            return messages.search([("message_id", "=", self.message_id)], limit=1).body
        return ""
