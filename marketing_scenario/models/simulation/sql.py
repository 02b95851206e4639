"""Statements of the dry run. Functions take a cursor and plain values."""

from datetime import datetime
from typing import NamedTuple

from odoo.tools import SQL

from ..dry import home_of
from ..person.sql import PERSON

RUNS = "marketing_scenario_enrollment"
# table → (fill factor, indexes) of the one that takes a crowd's rows, see ``apart.py``. No index on what a move changes
# and room beside each run: then it moves within its page.
APART = {
    RUNS: (
        10,
        (
            "UNIQUE INDEX ON %s (id)",
            "UNIQUE INDEX ON %s (scenario_id, person_key) WHERE state IN ('running', 'paused', 'error')",
            "INDEX ON %s (person_key, scenario_id)",
            "UNIQUE INDEX ON %s (partner_id, scenario_id, run_number)",
            "UNIQUE INDEX ON %s (lead_id, scenario_id, run_number)",
        ),
    ),
    "marketing_scenario_trace": (100, ("INDEX ON %s (enrollment_id)",)),
    "mailing_trace": (
        70,
        (
            "UNIQUE INDEX ON %s (id)",
            "INDEX ON %s (marketing_enrollment_id)",
            "INDEX ON %s (email, create_date)",
            "INDEX ON %s (sms_number, create_date) WHERE sms_number IS NOT NULL",
        ),
    ),
}


def seal(cr):
    """From here on this transaction, or the savepoint it is in, can only be rolled back: see ``seal.py``."""
    cr.execute("INSERT INTO marketing_simulation_seal (never) VALUES (-1)")


def make_deferrable(cr, tables):
    """Let a transaction put off the foreign keys of these tables, and those that lead to them; until it asks, they are
    checked at once as before."""
    cr.execute(
        SQL(
            """
            SELECT class.relname, fk.conname
              FROM pg_constraint fk JOIN pg_class class ON class.oid = fk.conrelid
             WHERE fk.contype = 'f' AND NOT fk.condeferrable
               AND (fk.conrelid = ANY(%(tables)s::regclass[]) OR fk.confrelid = ANY(%(tables)s::regclass[]))
             ORDER BY 1, 2
            """,
            tables=list(tables),
        )
    )
    for table, name in cr.fetchall():
        cr.execute(
            SQL(
                "ALTER TABLE %s ALTER CONSTRAINT %s DEFERRABLE INITIALLY IMMEDIATE",
                SQL.identifier(table),
                SQL.identifier(name),
            )
        )


def work_for_many(cr):
    """Speed for a crowd, until the savepoint of the dry run is rolled back.

    Rows of this transaction are in no statistics: what looks like an empty table to the planner is full of them. And
    PostgreSQL checks all foreign keys of such a row at each UPDATE, whether they change or not: they wait for a commit
    that never comes.
    """
    cr.execute("SET LOCAL enable_seqscan = off")
    # where it has no index to take instead, a plan now looks so dear that PostgreSQL would compile it first
    cr.execute("SET LOCAL jit = off")
    cr.execute("SET CONSTRAINTS ALL DEFERRED")


def has_immediate_keys(cr):
    """Whether a foreign key to one of the tables ``APART`` cannot wait: it would not find the rows that are apart."""
    cr.execute(
        SQL(
            """
            SELECT EXISTS (SELECT FROM pg_constraint
                            WHERE contype = 'f' AND NOT condeferrable AND confrelid = ANY(%s::regclass[]))
            """,
            list(APART),
        )
    )
    return cr.fetchone()[0]


def use_memory(cr, amount):
    """Keep so much of temporary tables in memory; a connection that has had some keeps what it had then.

    :raise InvalidParameterValue: that was another amount
    """
    cr.execute(SQL("SET LOCAL temp_buffers = %s", amount), log_exceptions=False)


def copy_runs(cr, partner_ids, lead_ids):
    """Have the name of the table of runs mean, in this transaction, a temporary one with copies of the runs of these
    people, whatever record of theirs walks.

    :return: the schema in which the real one is
    """
    cr.execute("SELECT current_schema()")
    (schema,) = cr.fetchone()
    fill, indexes = APART[RUNS]
    names = {"runs": SQL.identifier(RUNS), "real": SQL.identifier(schema, RUNS)}
    cr.execute(
        SQL(
            "CREATE TEMP TABLE %(runs)s (LIKE %(real)s INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
            " WITH (fillfactor = %(fill)s)",
            **names,
            fill=fill,
        ),
        log_exceptions=False,
    )
    cr.execute(
        SQL(
            """
            WITH partner AS MATERIALIZED (
                SELECT unnest(%(partners)s::int[]) AS id
                 UNION SELECT partner_id FROM crm_lead WHERE id = ANY(%(leads)s)
            ), lead AS MATERIALIZED (
                SELECT unnest(%(leads)s::int[]) AS id
                 UNION SELECT id FROM crm_lead WHERE partner_id IN (SELECT id FROM partner)
            ), person AS MATERIALIZED (
                SELECT (%(partner_key)s)::varchar AS key FROM res_partner target %(partner_joins)s
                 WHERE target.id IN (SELECT id FROM partner)
                 UNION
                SELECT (%(lead_key)s)::varchar FROM crm_lead target %(lead_joins)s
                 WHERE target.id IN (SELECT id FROM lead)
            ), theirs AS MATERIALIZED (
                SELECT id FROM %(real)s WHERE partner_id IN (SELECT id FROM partner)
                 UNION SELECT id FROM %(real)s WHERE lead_id IN (SELECT id FROM lead)
                 UNION SELECT id FROM %(real)s WHERE person_key IN (SELECT key FROM person)
            )
            INSERT INTO %(runs)s SELECT run.* FROM %(real)s run JOIN theirs ON theirs.id = run.id
            """,
            **names,
            partners=list(partner_ids),
            leads=list(lead_ids),
            partner_key=PERSON["res.partner"]["person"],
            partner_joins=PERSON["res.partner"]["person_joins"],
            lead_key=PERSON["crm.lead"]["person"],
            lead_joins=PERSON["crm.lead"]["person_joins"],
        )
    )
    for index in indexes:
        cr.execute(SQL("CREATE %s", SQL(index, names["runs"])))
    return schema


def set_apart(cr, patience):
    """Make the tables that take a crowd's traces and messages.

    :param patience: how long to wait for those who have one of the real tables to themselves
    :return: ``{table: the one that takes its new rows}``
    :raise LockNotAvailable: one of them needs it longer
    """
    names = {table: f"{table}_apart" for table in APART if table != RUNS}
    cr.execute(SQL("SET LOCAL lock_timeout = %s", patience))
    for table, apart in names.items():
        fill, indexes = APART[table]
        name = SQL.identifier(apart)
        cr.execute(
            SQL("CREATE TEMP TABLE %s () INHERITS (%s) WITH (fillfactor = %s)", name, SQL.identifier(table), fill),
            log_exceptions=False,
        )
        for index in indexes:
            cr.execute(SQL("CREATE %s", SQL(index, name)))
    cr.execute("SET LOCAL lock_timeout TO DEFAULT")
    return names


def hold_runs(cr, schema, column, record_ids):
    """Have the engine pass over the real runs of records on which the dry run writes: it would wait for these.

    Whom it is at work on already is left alone, so that this waits for nobody.
    """
    cr.execute(
        SQL(
            "SELECT FROM %s WHERE %s = ANY(%s) AND state = 'running' FOR NO KEY UPDATE SKIP LOCKED",
            SQL.identifier(schema, RUNS),
            SQL.identifier(column),
            list(record_ids),
        )
    )


def counts_deletions(cr):
    """Whether PostgreSQL is set to count what ``deletions`` asks."""
    cr.execute("SELECT current_setting('track_counts')::boolean")
    return cr.fetchone()[0]


def deletions(cr):
    """How many rows this transaction has deleted so far of what lies apart, and of what such rows refer to."""
    cr.execute(
        SQL(
            """
            SELECT coalesce(sum(pg_stat_get_xact_tuples_deleted(id)), 0)
              FROM (SELECT confrelid AS id FROM pg_constraint
                     WHERE contype = 'f' AND conrelid IN (SELECT to_regclass(%(schema)s || '.' || name)
                                                            FROM unnest(%(real)s) AS name)
                     UNION SELECT unnest(%(own)s::regclass[])) AS told
            """,
            schema=cr.schema,
            real=list(APART),
            own=list(cr.apart.values()),
        )
    )
    return cr.fetchone()[0]


def claim_these(cr, enrollment_ids):
    """What the engine's claim returns, for these runs of the transaction's own: nothing is locked, nothing is due."""
    return _claimed(cr, SQL("id = ANY(%s)", list(enrollment_ids)))


def claim_due(cr, enrollment_ids, after_id, now):
    """As ``claim_these``, for those of a crowd that are due.

    :param enrollment_ids: runs that existed before the dry run and are part of it
    :param after_id: all runs with a greater id belong to it too: they were begun in this transaction
    """
    return _claimed(cr, SQL("%s AND next_run_at <= %s", _crowd(enrollment_ids, after_id), now))


def _claimed(cr, which):
    cr.execute(
        SQL(
            """
            SELECT id, step_id, wake_outcome, attempts, wait_until, is_late,
                   num_nonnulls(partner_id, lead_id) > 0 AS has_target
              FROM marketing_scenario_enrollment
             WHERE %s AND state = 'running'
             ORDER BY next_run_at, id
            """,
            which,
        )
    )
    return cr.fetchall()


def next_due(cr, enrollment_ids, after_id):
    """Earliest moment at which a run of the crowd goes on, or None."""
    cr.execute(
        SQL(
            "SELECT min(next_run_at) FROM marketing_scenario_enrollment WHERE %s AND state = 'running'",
            _crowd(enrollment_ids, after_id),
        )
    )
    return cr.fetchone()[0]


def last_id(cr, table):
    """The greatest id of a table that this transaction can see; 0 when it is empty."""
    cr.execute(SQL("SELECT coalesce(max(id), 0) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def waiting_for_cap(cr, enrollment_ids, after_id):
    """Ids of those of the crowd whose message waits because they got enough of them lately."""
    cr.execute(
        SQL(
            "SELECT id FROM marketing_scenario_enrollment WHERE %s AND wait_reason = 'frequency_cap'",
            _crowd(enrollment_ids, after_id),
        )
    )
    return {row[0] for row in cr.fetchall()}


class Whose(NamedTuple):
    """What is counted: runs with all that happened to them, or what a dry run did."""

    run_ids: tuple  # known before
    after_run: int | None = None  # a dry run: later ones belong to it too, and it did what came after these ids
    after_trace: int = 0
    after_message: int = 0

    def runs(self):
        """Condition on the runs."""
        if self.after_run is None:
            return SQL("id = ANY(%s::int[])", list(self.run_ids))
        return _crowd(self.run_ids, self.after_run)

    def traces(self):
        """Condition on their traces."""
        if self.after_run is None:
            return SQL("enrollment_id = ANY(%s::int[])", list(self.run_ids))
        return SQL("id > %s", self.after_trace)

    def messages(self):
        """Condition on their messages."""
        if self.after_run is None:
            return SQL("marketing_enrollment_id = ANY(%s::int[])", list(self.run_ids))
        return SQL("id > %s", self.after_message)


def passages(cr, whose, most):
    """What happened on each step: ``[(step_id, event, outcome, reason, count, ids of so many runs at most)]``."""
    cr.execute(
        SQL(
            """
            SELECT step_id, event, outcome, reason, count(*), (array_agg(enrollment_id))[1:%s]
              FROM marketing_scenario_trace WHERE %s
             GROUP BY step_id, event, outcome, reason
            """,
            most,
            whose.traces(),
        )
    )
    return cr.fetchall()


def places(cr, whose, most):
    """Where they stand: ``[(step_id, state, end_reason, count, ids of so many runs at most)]``."""
    cr.execute(
        SQL(
            """
            SELECT step_id, state, end_reason, count(*), (array_agg(id))[1:%s]
              FROM marketing_scenario_enrollment WHERE %s
             GROUP BY step_id, state, end_reason
            """,
            most,
            whose.runs(),
        )
    )
    return cr.fetchall()


def targets_of(cr, run_ids):
    """``{run id: (model, id of its record)}``, of those whose record is there."""
    cr.execute(
        SQL(
            "SELECT id, partner_id, lead_id FROM marketing_scenario_enrollment"
            " WHERE id = ANY(%s::int[]) AND num_nonnulls(partner_id, lead_id) > 0",
            list(run_ids),
        )
    )
    return {row[0]: ("res.partner", row[1]) if row[1] else ("crm.lead", row[2]) for row in cr.fetchall()}


def messages(cr, whose):
    """Their messages that were sent: ``[(hour, trace_type, count)]``, hours in naive UTC."""
    cr.execute(
        SQL(
            """
            SELECT date_trunc('hour', sent_datetime), trace_type, count(*)
              FROM mailing_trace WHERE %s AND sent_datetime IS NOT NULL GROUP BY 1, 2 ORDER BY 1
            """,
            whose.messages(),
        )
    )
    return cr.fetchall()


def reached(cr, whose):
    """How many got a message."""
    cr.execute(SQL("SELECT count(DISTINCT marketing_enrollment_id) FROM mailing_trace WHERE %s", whose.messages()))
    return cr.fetchone()[0]


def ways(cr, whose):
    """Which way each went: ``{run id: [step and way out, in order]}``; a wait that timed out went the way of “no”."""
    cr.execute(
        SQL(
            """
            SELECT enrollment_id, array_agg(step_id || ' ' || CASE outcome WHEN 'timeout' THEN 'no' ELSE outcome END
                                            ORDER BY id)
              FROM marketing_scenario_trace WHERE %s AND outcome IS NOT NULL GROUP BY 1
            """,
            whose.traces(),
        )
    )
    return dict(cr.fetchall())


def count_messages(cr, trace_type, model, mailing_id, rows, now):
    """Note messages as sent, without composing them.

    :param rows: ``[(enrollment id, record id, address or number)]``
    :return: ``{enrollment id: mailing.trace id}``
    """
    enrollment_ids, record_ids, addresses = (list(column) for column in zip(*rows, strict=True))
    address = SQL.identifier("email" if trace_type == "mail" else "sms_number")
    cr.execute(
        SQL(
            """
            INSERT INTO %(table)s (trace_type, model, res_id, mass_mailing_id, campaign_id, %(address)s,
                                   marketing_enrollment_id, trace_status, sent_datetime, create_date, write_date)
            SELECT %(trace_type)s, %(model)s, message.record_id, mailing.id, mailing.campaign_id, message.address,
                   message.enrollment_id, 'sent', %(now)s, %(now)s, %(now)s
              FROM unnest(%(enrollments)s, %(records)s, %(addresses)s) AS message(enrollment_id, record_id, address)
             CROSS JOIN mailing_mailing mailing WHERE mailing.id = %(mailing)s
            RETURNING marketing_enrollment_id, id
            """,
            table=home_of(cr, "mailing_trace"),
            address=address,
            trace_type=trace_type,
            model=model,
            now=now,
            enrollments=enrollment_ids,
            records=record_ids,
            addresses=addresses,
            mailing=mailing_id,
        )
    )
    return dict(cr.fetchall())


class NewMessage(NamedTuple):
    """A message that was counted."""

    id: int  # of its mailing trace
    model: str
    res_id: int
    step_id: int
    enrollment_id: int


def new_messages(cr, after_trace_id, types=("mail",)):
    """The messages counted since a mailing trace, in order."""
    cr.execute(
        SQL(
            """
            SELECT trace.id, trace.model, trace.res_id, mailing.marketing_step_id, trace.marketing_enrollment_id
              FROM mailing_trace trace JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
             WHERE trace.id > %s AND trace.trace_type = ANY(%s) ORDER BY trace.id
            """,
            after_trace_id,
            list(types),
        )
    )
    return [NewMessage(*row) for row in cr.fetchall()]


# -- the past, for a back-test ---------------------------------------------------------------------------------------


class RealMessage(NamedTuple):
    """A message that a run really got, and what became of it."""

    id: int
    enrollment_id: int
    step_id: int
    trace_type: str
    sent: datetime
    opened: datetime | None
    clicked: datetime | None
    replied: datetime | None
    bounced: bool
    by_machine: bool  # nobody else opened it


def real_messages(cr, run_ids):
    """The messages of these runs that left, in order."""
    cr.execute(
        SQL(
            """
            SELECT trace.id, trace.marketing_enrollment_id, mailing.marketing_step_id, trace.trace_type,
                   trace.sent_datetime, trace.open_datetime, trace.links_click_datetime, trace.reply_datetime,
                   trace.trace_status = 'bounce', trace.marketing_opened_by_machine IS TRUE
              FROM mailing_trace trace JOIN mailing_mailing mailing ON mailing.id = trace.mass_mailing_id
             WHERE trace.marketing_enrollment_id = ANY(%s) AND trace.sent_datetime IS NOT NULL ORDER BY trace.id
            """,
            list(run_ids),
        )
    )
    return [RealMessage(*row) for row in cr.fetchall()]


def real_clicks(cr, trace_ids):
    """``{mailing trace id: [(moment, address of the link, its label)]}``."""
    cr.execute(
        SQL(
            """
            SELECT click.mailing_trace_id, click.create_date, link.url, link.label
              FROM link_tracker_click click JOIN link_tracker link ON link.id = click.link_id
             WHERE click.mailing_trace_id = ANY(%s) ORDER BY click.id
            """,
            list(trace_ids),
        )
    )
    found = {}
    for trace_id, *click_told in cr.fetchall():
        found.setdefault(trace_id, []).append(tuple(click_told))
    return found


def take_back_runs(cr, run_ids, others):
    """As if these runs had not begun: no path, no message, nothing they wait for.

    :param others: ids of the messages of these people that other scenarios and mailings sent later: they count for
        nothing until then
    """
    ids = list(run_ids)
    cr.execute(SQL("DELETE FROM marketing_scenario_trace WHERE enrollment_id = ANY(%s)", ids))
    cr.execute(SQL("DELETE FROM marketing_scenario_conversion WHERE enrollment_id = ANY(%s)", ids))
    cr.execute(
        SQL(
            """
            UPDATE mailing_trace SET marketing_enrollment_id = NULL, email = NULL, sms_number = NULL,
                                     trace_status = 'cancel'
             WHERE marketing_enrollment_id = ANY(%s)
            """,
            ids,
        )
    )
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment
               SET state = 'stopped', step_id = NULL, next_run_at = NULL, wake_outcome = NULL, wait_until = NULL,
                   wait_from = NULL, wait_reason = NULL, is_late = NULL, attempts = 0, error_message = NULL,
                   error_stack = NULL, end_reason = NULL, ended_at = NULL, paused_at = NULL
             WHERE id = ANY(%s)
            """,
            ids,
        )
    )
    set_values(cr, "mailing_trace", "trace_status", dict.fromkeys(others, "cancel"))


def begin_runs(cr, run_ids, step_id, now):
    """These runs begin on a step, but for those whose person is inside already.

    :return: ids of those that began
    """
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_enrollment run
               SET state = 'running', step_id = %(step)s, next_run_at = %(now)s
             WHERE id = ANY(%(ids)s) AND NOT EXISTS (
                   SELECT 1 FROM marketing_scenario_enrollment other
                    WHERE other.scenario_id = run.scenario_id AND other.person_key = run.person_key
                      AND other.id <> run.id AND other.state IN ('running', 'paused', 'error'))
            RETURNING id
            """,
            step=step_id,
            now=now,
            ids=list(run_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def people_of(cr, run_ids):
    """``[(run id, id of the contact or None, id of the lead or None)]``, with the contact of a lead."""
    cr.execute(
        SQL(
            """
            SELECT run.id, coalesce(run.partner_id, lead.partner_id), run.lead_id
              FROM marketing_scenario_enrollment run LEFT JOIN crm_lead lead ON lead.id = run.lead_id
             WHERE run.id = ANY(%s)
            """,
            list(run_ids),
        )
    )
    return cr.fetchall()


def set_values(cr, table, column, values):
    """Set one column of some rows: ``{id: value}``."""
    if values:
        cr.execute(
            SQL(
                "UPDATE %s AS told SET %s = CAST(known.value AS %s) FROM unnest(%s, %s) AS known(id, value)"
                " WHERE told.id = known.id",
                SQL.identifier(table),
                SQL.identifier(column),
                SQL("boolean" if isinstance(next(iter(values.values())), bool) else "varchar"),
                list(values),
                list(values.values()),
            )
        )


def add_points(cr, table, points):
    """Change scores by so many points: ``{record id: points}``."""
    cr.execute(
        SQL(
            """
            UPDATE %s AS told SET marketing_own_score = coalesce(told.marketing_own_score, 0) + known.points
              FROM unnest(%s, %s) AS known(id, points) WHERE told.id = known.id
            """,
            SQL.identifier(table),
            list(points),
            list(points.values()),
        )
    )


def forms_filled(cr, partner_ids, lead_ids, since):
    """``[(id, moment, state, contact, lead)]`` of the forms that these people have filled since."""
    return _told_of(
        cr,
        """
        SELECT told.id, told.at, told.state, coalesce(told.partner_id, lead.partner_id), told.lead_id
          FROM marketing_engagement_submission told LEFT JOIN crm_lead lead ON lead.id = told.lead_id
         WHERE told.at > %(since)s AND told.state IN ('done', 'to_confirm')
           AND (told.partner_id = ANY(%(partners)s) OR lead.partner_id = ANY(%(partners)s)
                OR told.lead_id = ANY(%(leads)s))
        """,
        partner_ids,
        lead_ids,
        since,
    )


def opportunities_won(cr, partner_ids, lead_ids, since):
    """As ``forms_filled``: opportunities that were won."""
    return _told_of(
        cr,
        """
        SELECT id, coalesce(date_closed, create_date), won_status, partner_id, id FROM crm_lead
         WHERE won_status = 'won' AND coalesce(date_closed, create_date) > %(since)s
           AND (partner_id = ANY(%(partners)s) OR id = ANY(%(leads)s))
        """,
        partner_ids,
        lead_ids,
        since,
    )


def opportunities_made(cr, partner_ids, lead_ids, since):
    """As ``forms_filled``: opportunities that were created, or that leads became."""
    return _told_of(
        cr,
        """
        SELECT id, coalesce(date_conversion, create_date), type, partner_id, id FROM crm_lead
         WHERE type = 'opportunity' AND coalesce(date_conversion, create_date) > %(since)s
           AND (partner_id = ANY(%(partners)s) OR id = ANY(%(leads)s))
        """,
        partner_ids,
        lead_ids,
        since,
    )


def activities_done(cr, partner_ids, lead_ids, since):
    """As ``forms_filled``: activities that were done."""
    return _told_of(
        cr,
        """
        SELECT id, marketing_done_at, active, CASE res_model WHEN 'res.partner' THEN res_id END,
               CASE res_model WHEN 'crm.lead' THEN res_id END
          FROM mail_activity
         WHERE marketing_done_at > %(since)s AND NOT active
           AND (res_model = 'res.partner' AND res_id = ANY(%(partners)s)
                OR res_model = 'crm.lead' AND res_id = ANY(%(leads)s))
        """,
        partner_ids,
        lead_ids,
        since,
    )


def points_given(cr, partner_ids, lead_ids, since):
    """As ``forms_filled``, with ``(points, source)`` instead of the state."""
    return _told_of(
        cr,
        """
        SELECT id, at, ARRAY[points::varchar, source], partner_id, lead_id FROM marketing_score_line
         WHERE at > %(since)s AND (partner_id = ANY(%(partners)s) OR lead_id = ANY(%(leads)s)) ORDER BY at, id
        """,
        partner_ids,
        lead_ids,
        since,
    )


def runs_elsewhere(cr, partner_ids, lead_ids, since, scenario_id):
    """Runs of these people in other scenarios that began or ended since:
    ``[(id, began, ended or None, state, contact, lead)]``.
    """
    cr.execute(
        SQL(
            """
            SELECT id, entered_at, ended_at, state, partner_id, lead_id FROM marketing_scenario_enrollment
             WHERE scenario_id <> %(scenario)s AND state <> 'control'
               AND (entered_at > %(since)s OR ended_at > %(since)s)
               AND (partner_id = ANY(%(partners)s) OR lead_id = ANY(%(leads)s))
             ORDER BY id
            """,
            scenario=scenario_id,
            since=since,
            partners=list(partner_ids),
            leads=list(lead_ids),
        )
    )
    return cr.fetchall()


def tags_given(cr, partner_ids, lead_ids, since):
    """What tag steps did to these people since: ``[(scenario id, moment, step id, contact, lead)]``, in order."""
    cr.execute(
        SQL(
            """
            SELECT run.scenario_id, trace.at, trace.step_id, coalesce(run.partner_id, lead.partner_id), run.lead_id
              FROM marketing_scenario_enrollment run
              LEFT JOIN crm_lead lead ON lead.id = run.lead_id
              JOIN marketing_scenario_trace trace ON trace.enrollment_id = run.id
              JOIN marketing_scenario_step step ON step.id = trace.step_id
             WHERE (run.partner_id = ANY(%(partners)s) OR run.lead_id = ANY(%(leads)s))
               AND step.step_type = 'tag' AND trace.outcome IS NOT NULL AND trace.event IS NULL AND trace.at > %(since)s
             ORDER BY trace.at, trace.id
            """,
            since=since,
            partners=list(partner_ids),
            leads=list(lead_ids),
        )
    )
    return cr.fetchall()


def blacklisted(cr, table, column, addresses, since):
    """``[(id, moment)]`` of these addresses or numbers that came onto a blacklist of Odoo since."""
    cr.execute(
        SQL(
            "SELECT id, create_date FROM %s WHERE active AND create_date > %s AND %s = ANY(%s)",
            SQL.identifier(table),
            since,
            SQL.identifier(column),
            list(addresses),
        )
    )
    return cr.fetchall()


def messages_elsewhere(cr, addresses, since, run_ids):
    """``[(id, moment, status)]`` of what these addresses and numbers got since by other scenarios and mailings."""
    cr.execute(
        SQL(
            """
            SELECT id, create_date, trace_status FROM mailing_trace
             WHERE (email = ANY(%(addresses)s) OR sms_number = ANY(%(addresses)s)) AND create_date > %(since)s
               AND (marketing_enrollment_id IS NULL OR marketing_enrollment_id <> ALL(%(runs)s))
            """,
            addresses=list(addresses),
            since=since,
            runs=list(run_ids),
        )
    )
    return cr.fetchall()


def _told_of(cr, query, partner_ids, lead_ids, since):
    cr.execute(SQL(query, since=since, partners=list(partner_ids), leads=list(lead_ids)))
    return cr.fetchall()


# -- what people do --------------------------------------------------------------------------------------------------

REACTIONS = {
    "opened": "trace_status = 'open', open_datetime = coalesce(open_datetime, %s)",
    "fetched": "trace_status = 'open', open_datetime = coalesce(open_datetime, %s), marketing_opened_by_machine = TRUE",
    "clicked": "links_click_datetime = coalesce(links_click_datetime, %s)",
    "replied": "trace_status = 'reply', reply_datetime = coalesce(reply_datetime, %s)",
    "bounced": "trace_status = 'bounce', write_date = %s",
}


def react(cr, kind, trace_ids, now):
    """Note that these mails were opened, clicked or answered; return the ids of their runs."""
    changed = SQL(REACTIONS[kind], now)
    ids = list(trace_ids)
    cr.execute(SQL("UPDATE mailing_trace SET %s WHERE id = ANY(%s) RETURNING marketing_enrollment_id", changed, ids))
    return [row[0] for row in cr.fetchall() if row[0]]


def click(cr, clicks, now):
    """Note which link was clicked: ``[(link id, mailing trace id)]``."""
    link_ids, trace_ids = (list(column) for column in zip(*clicks, strict=True))
    cr.execute(
        SQL(
            """
            INSERT INTO link_tracker_click (link_id, mailing_trace_id, mass_mailing_id, campaign_id, create_date)
            SELECT click.link_id, trace.id, trace.mass_mailing_id, trace.campaign_id, %s
              FROM unnest(%s, %s) AS click(link_id, trace_id) JOIN mailing_trace trace ON trace.id = click.trace_id
            """,
            now,
            link_ids,
            trace_ids,
        )
    )


def mailings_of(cr, trace_ids):
    """``{mailing trace id: mailing id}``."""
    cr.execute(SQL("SELECT id, mass_mailing_id FROM mailing_trace WHERE id = ANY(%s)", list(trace_ids)))
    return dict(cr.fetchall())


def reactions(cr, scenario_id=None):
    """How many mails were sent, opened by people, clicked and answered so far, of one scenario or of all."""
    cr.execute(
        SQL(
            """
            SELECT count(*), count(*) FILTER (WHERE trace.open_datetime IS NOT NULL
                                                AND trace.marketing_opened_by_machine IS NOT TRUE),
                   count(*) FILTER (WHERE trace.links_click_datetime IS NOT NULL),
                   count(*) FILTER (WHERE trace.reply_datetime IS NOT NULL)
              FROM mailing_mailing mailing
              JOIN marketing_scenario_step step ON step.id = mailing.marketing_step_id
              JOIN mailing_trace trace ON trace.mass_mailing_id = mailing.id
             WHERE trace.trace_type = 'mail' AND trace.sent_datetime IS NOT NULL
               AND (%(scenario)s::int IS NULL OR step.scenario_id = %(scenario)s)
            """,
            scenario=scenario_id,
        )
    )
    return dict(zip(("sent", "opened", "clicked", "replied"), cr.fetchone(), strict=True))


def _crowd(enrollment_ids, after_id):
    if not enrollment_ids:
        return SQL("id > %s", after_id)
    return SQL("(id > %s OR id = ANY(%s::int[]))", after_id, list(enrollment_ids))
