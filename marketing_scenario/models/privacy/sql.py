"""Emptying what could name a person.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def forget_texts(cr, enrollment_ids):
    """Empty whatever could name a person in the history of these enrollments (S37)."""
    for statement in (
        "UPDATE marketing_scenario_trace SET message = NULL WHERE message IS NOT NULL AND enrollment_id = ANY(%s)",
        "UPDATE marketing_scenario_enrollment SET error_message = NULL WHERE id = ANY(%s)",
        "UPDATE marketing_webhook_call SET body = NULL, response_text = NULL WHERE enrollment_id = ANY(%s)",
        "UPDATE mailing_trace SET email = NULL, sms_number = NULL, failure_reason = NULL "
        "WHERE marketing_enrollment_id = ANY(%s)",
    ):
        cr.execute(SQL(statement, list(enrollment_ids)))
