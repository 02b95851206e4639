"""S37, the whole class: no text of the database names a person who was erased or deleted.

A word that occurs nowhere else is planted in every text column of every row that hangs on the person, of columns
added later as well, and looked for in the whole database afterwards.
"""

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL

from ..common import ScenarioCase

WORD = "zyxmarker"
PERSON_FIELDS = {"partner_id", "marketing_enrollment_id", "mail_message_id", "mailing_trace_id"}
ODOO_MODELS = {
    "mail.message",
    "mail.mail",
    "mail.activity",
    "mail.tracking.value",
    "sms.sms",
    "mailing.trace",
    "link.tracker.click",
}
# Codes that the addon sets, and random keys: a word there would break what they are for, and no person can be in them.
CODES = {"model", "res_model", "kind", "event", "outcome", "wake_outcome", "message_id", "sms_code"}
# What a marketer writes or a program counts, for all: what of it may name a person is planted by hand (``_broken``).
SETTINGS = {
    "marketing.account.status",
    "marketing.automatism",
    "marketing.automatism.action",
    "marketing.engagement.field",
    "marketing.engagement.point",
    "marketing.engagement.visit",
    "marketing.gallery.scenario",
    "marketing.latch",  # digests, for an hour
    "marketing.phoning.campaign",
    "marketing.report.entry.hour",
    "marketing.report.message.hour",
    "marketing.report.stale",
    "marketing.scenario",
    "marketing.scenario.case",
    "marketing.scenario.editor",
    "marketing.scenario.goal",
    "marketing.scenario.query",
    "marketing.scenario.rule",
    "marketing.scenario.step",
    "marketing.scenario.token",
    "marketing.scenario.variant",
    "marketing.scenario.version",
    "marketing.sender",
    "marketing.simulation.seal",
    "marketing.window",
}
# Campaign parameters and language of a form: figures, no person.
FIGURES = {"utm_source", "utm_medium", "utm_campaign", "lang"}


class PrivacyCase(ScenarioCase):
    def _person(self):
        """A contact and its lead who walked through a scenario with a row of every kind: ``[contact, lead]``."""
        contact = self._make_contact(f"{WORD} Person", f"{WORD}@example.com", phone="+33612345678")
        lead = self._make_lead(f"{WORD} wants a mill", partner_id=contact.id, email_from=contact.email)
        for record in (contact, lead):
            self._history(record)
        return [contact, lead]

    def _history(self, record):
        column = record._marketing_column
        scenario = self._make_scenario(
            ("activity", {"activity_type_id": self.env.ref("mail.mail_activity_data_call").id}, "call"),
            ("score", {"score_points": 5}, "points"),
            ("pause", {"pause_days": 1}, "wait"),
        )
        run = self._enroll(scenario, record)
        self.run_due()
        step = run.step_id
        mailing = self.env["mailing.mailing"].create(
            {
                "subject": "News",
                "name": "News",
                "mailing_model_id": self.env["ir.model"]._get_id(record._name),
                "marketing_step_id": step.id,
            }
        )
        message = record._message_log(body="note")
        record.with_context(tracking_disable=False).message_post(
            body=WORD,
            tracking_value_ids=[
                Command.create({"field_id": self.env["ir.model.fields"]._get(record._name, "phone").id})
            ],
        )
        mail = self.env["mail.mail"].create(
            {"model": record._name, "res_id": record.id, "mailing_id": mailing.id, "email_to": record.marketing_email}
        )
        sms = self.env["sms.sms"].create({"mail_message_id": message.id, "number": "+33612345678", "body": "x"})
        about = {"model": record._name, "res_id": record.id, "mass_mailing_id": mailing.id}
        about["marketing_enrollment_id"] = run.id
        traces = self.env["mailing.trace"].create(
            [
                {**about, "mail_mail_id": mail.id, "email": record.marketing_email},
                {**about, "trace_type": "sms", "sms_id_int": sms.id, "sms_number": "+33612345678"},
            ]
        )
        address = record.email_normalized.replace("@", "%40")
        link = self.env["link.tracker"].create(
            {"url": f"https://example.com/{record.id}?who={address}", "mass_mailing_id": mailing.id, "title": "own"}
        )
        shared = self.env["link.tracker"].create(
            {"url": f"https://example.com/{record.id}", "mass_mailing_id": mailing.id, "title": "all"}
        )
        self.env["link.tracker.click"].create(
            [{"link_id": each.id, "mailing_trace_id": traces[0].id} for each in (link, shared)]
        )
        self.env["marketing.document.link"].create(
            {
                "token_hash": f"hash {record}",
                "step_id": step.id,
                "mailing_trace_id": traces[0].id,
                column: record.id,
                "company_id": self.env.company.id,
                "report_name": "Offer",
            }
        )
        self.env["marketing.webhook.call"].create(
            {
                "step_id": step.id,
                "enrollment_id": run.id,
                "delivery": str(record),
                "url": "https://example.com",
                "next_try_at": self.now,
            }
        )
        campaign = self.env["marketing.phoning.campaign"].create({"name": "Calls"})
        self.env["marketing.phoning.call"].create({"campaign_id": campaign.id, column: record.id})
        self.env["marketing.scenario.refusal"].create(
            {"scenario_id": scenario.id, column: record.id, "reason": "scenario_inactive", "at": self.now}
        )
        self.env["marketing.automatism.event"].create(
            {"kind": "tag_added", "res_model": record._name, "res_id": record.id, "at": self.now, "state": "error"}
        )
        self._broken(record, scenario)
        self.env["marketing.automatism.log"].create(
            {
                "automatism_id": self.env["marketing.automatism"].search([], limit=1).id,
                "res_model": record._name,
                "res_id": record.id,
                "at": self.now,
                "outcome": "fired",
            }
        )

        # ids and figures only: it stays, with a run that names nobody any more
        self.env["marketing.scenario.conversion"].create(
            {"enrollment_id": run.id, "scenario_id": scenario.id, "company_id": self.env.company.id, "at": self.now}
        )

    def _broken(self, record, scenario):
        """What went wrong with this record, told where no link to it exists."""
        error = f"A merge field fails on “{record.display_name}”"
        self.env["marketing.automatism"].create({"name": f"For {record._name}", "event_type": "lead_won"}).write(
            {"last_error": error}
        )
        query = self.env["marketing.scenario.query"].create({"name": "Query", "scenario_id": scenario.id})
        query.error_message = error
        self.env["marketing.scenario.query.match"].create(
            {"query_id": query.id, "res_id": record.id, "enrollment_id": record.marketing_enrollment_ids[:1].id}
        )

    def _submissions(self, contact, lead):
        point = self.env["marketing.engagement.point"].create({"name": "Form"})
        file = {"name": f"{WORD}.pdf", "raw": b"a plan", "res_model": "crm.lead", "res_id": lead.id}
        about = {"partner_id": contact.id, "lead_id": lead.id, "attachment_ids": [Command.create(file)]}
        self.env["marketing.engagement.submission"].create(
            [
                {"point_id": point.id, "at": self.now, **about},
                {"point_id": point.id, "at": self.now, "state": "spam", "email": f"{WORD}@example.com"},
            ]
        )
        self.env["mail.mail"].create({"subject": "Please confirm", "email_to": f"{WORD}@example.com"})

    def _plant(self, person):
        """Write the word into all texts of all rows that hang on the person, each with its field and row.

        :return: ``{model: ids of these rows}`` of all models that can hang on a person
        """
        self.env.flush_all()
        rows = {records._name: set(records.ids) for records in person}
        models = [self.env[name] for name in sorted({*self._own_models(), *ODOO_MODELS})]
        linked = set()
        for _round in range(3):
            for model in models:
                if conditions := list(self._conditions(model, rows)):
                    linked.add(model._name)
                    self.env.cr.execute(
                        SQL("SELECT id FROM %s WHERE %s", SQL.identifier(model._table), SQL(" OR ").join(conditions))
                    )
                    rows.setdefault(model._name, set()).update(row[0] for row in self.env.cr.fetchall())
        for model in models:
            self._fill(model, rows.get(model._name))
        self.env.invalidate_all()
        return {name: rows.get(name, set()) for name in linked}

    def _own_models(self):
        """The names of the addon's models that keep rows."""
        return {
            name
            for name, model in self.env.items()
            if name.startswith("marketing.") and model._auto and not model._abstract and not model._transient
        }

    def _conditions(self, model, rows):
        """SQL conditions under which a row of ``model`` hangs on one of ``rows``.

        Of ours by any link, of Odoo's by those that say whom a row is about.
        """
        for name, field in model._fields.items():
            if field.type == "many2one" and field.store and not field.inherited and field.comodel_name in rows:
                if model._name not in ODOO_MODELS or name in PERSON_FIELDS:
                    yield SQL("%s = ANY(%s)", SQL.identifier(name), list(rows[field.comodel_name]))
        for name in ("model", "res_model"):
            if name in model._fields and "res_id" in model._fields and model._fields["res_id"].store:
                if not model._fields["res_id"].inherited and model._fields[name].column_type:
                    for target in ("res.partner", "crm.lead"):
                        yield SQL(
                            "(%s = %s AND res_id = ANY(%s))", SQL.identifier(name), target, list(rows.get(target, ()))
                        )

    def _texts(self, model):
        """``{name: field}`` of the texts in which something about a person may stand."""
        return {
            name: field
            for name, field in model._fields.items()
            if field.store and field.column_type and field.type in ("char", "text", "html", "json")
            if not (field.inherited or field.translate or name in CODES | FIGURES)
        }

    def _fill(self, model, ids):
        for name, field in self._texts(model).items() if ids else ():
            value = SQL("%s || id", f"{WORD} {name} ")
            if field.column_type[0] == "jsonb":
                value = SQL("jsonb_build_object('answer', %s)", value)
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET %s = %s WHERE id = ANY(%s)",
                    SQL.identifier(model._table),
                    SQL.identifier(name),
                    value,
                    list(ids),
                )
            )

    def _found(self, *minus):
        """``{table.column: rows}`` of all texts of the database that hold the word.

        :param minus: tables that may
        """
        self.env.flush_all()
        cr = self.env.cr
        cr.execute(
            """
            SELECT columns.table_name, columns.column_name
              FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
             WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
               AND (data_type IN ('text', 'character varying', 'json', 'jsonb', 'bytea') OR data_type = 'ARRAY')
            """
        )
        columns = {}
        for table, column in cr.fetchall():
            if table not in minus:
                columns.setdefault(table, []).append(column)
        found = {}
        for table, names in columns.items():
            counts = SQL(", ").join(
                SQL("count(*) FILTER (WHERE strpos(lower(%s::text), %s) > 0)", SQL.identifier(name), WORD)
                for name in names
            )
            cr.execute(SQL("SELECT %s FROM %s", counts, SQL.identifier(table)))
            found |= {f"{table}.{name}": n for name, n in zip(names, cr.fetchone(), strict=True) if n}
        return found


@tagged("post_install", "-at_install")
class TestNothingIsLeft(PrivacyCase):
    def _planted(self):
        person = self._person()
        self._submissions(*person)
        rows = self._plant(person)
        self.assertFalse(
            [model for model, ids in rows.items() if not ids],
            "Rows of these models hang on a person: give the person of this test one, and say how it is forgotten.",
        )
        self.assertEqual(
            self._own_models() - rows.keys(), SETTINGS, "Does a model hang on a person, or is it a setting for all?"
        )
        self.assertGreater(len(self._found("res_partner", "crm_lead")), 30)
        return person

    def _found_beside_records(self):
        """The CRM's own fields stay, and so does the key of the runs, which follows them when they are emptied."""
        left = self._found("res_partner", "crm_lead")
        left.pop("marketing_scenario_enrollment.person_key", None)
        return left

    def test_an_erased_contact_leaves_nothing_beside_the_fields_of_its_records(self):
        contact, lead = self._planted()
        runs = contact.marketing_enrollment_ids | lead.marketing_enrollment_ids
        contact.action_marketing_erase()
        self.assertEqual(self._found_beside_records(), {})
        self.assertEqual(set(runs.mapped("end_reason")), {"erased"})
        self.assertEqual(len(runs.trace_ids.exists()), len(runs.trace_ids))
        self.assertTrue(runs.trace_ids)

    def test_a_lead_is_erased_with_its_contact(self):
        _contact, lead = self._planted()
        lead.action_marketing_erase()
        self.assertEqual(self._found_beside_records(), {})

    def test_what_marketing_kept_in_the_fields_of_the_record_goes_too(self):
        contact, lead = self._planted()
        for record in (contact, lead):
            record.write({"marketing_optin_source": WORD, "marketing_optin_proof": WORD})
        contact.action_marketing_erase()
        for record in (contact, lead):
            kept = [record[name] for name in record._fields if name.startswith("marketing_optin")]
            self.assertFalse(any(kept))
            self.assertEqual(record.marketing_score, 0)
            self.assertEqual(record._blocked("email"), {record.id: "refused_all"})

    def test_deleted_people_leave_nothing_at_all(self):
        contact, lead = self._planted()
        lead.unlink()
        contact.unlink()
        self.assertEqual(self._found(), {})

    def test_nothing_of_others_goes_with_an_erased_person(self):
        _contact, _lead = self._planted()
        other = self._make_contact("Léa Other", "lea.other@example.com", phone="+33612345679")
        self._history(other)
        before = self._rows_of(other)
        _contact.action_marketing_erase()
        self.assertEqual(self._rows_of(other), before)
        self.assertEqual(other.marketing_enrollment_ids.state, "running")

    def _rows_of(self, record):
        self.env.invalidate_all()
        mine = [(record._marketing_column, "=", record.id)]
        about = [("model", "=", record._name), ("res_id", "=", record.id)]
        models = ("marketing.score.line", "marketing.phoning.call", "marketing.document.link")
        return (
            [self.env[model].search_count(mine) for model in models],
            self.env["mail.message"].search_count(about),
            self.env["mailing.trace"].search(about).mapped("email"),
            self.env["sms.sms"].search_count([("mail_message_id.res_id", "=", record.id)]),
            record.marketing_enrollment_ids.trace_ids.mapped("message"),
        )

    def test_a_merged_contact_takes_its_messages_along(self):
        source, target = self._make_contact("Twin", "twin@example.com"), self._make_contact("Twin", "twin@example.com")
        self._history(source)
        traces = self.env["mailing.trace"].search([("model", "=", "res.partner"), ("res_id", "=", source.id)])
        addresses = traces.mapped("email")
        self.assertIn("twin@example.com", addresses)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source + target).ids, target)
        self.assertFalse(source.exists())
        self.assertEqual(set(traces.mapped("res_id")), {target.id})
        self.assertEqual(traces.mapped("email"), addresses)
