"""Which person a record is (S51): the one place that says so.

The key of a person is a text, so that it can stand in an index and be read by people:

* ``account:12`` for an account, a person of its own;
* ``email:lea@example.com`` for a contact with an address, else ``number:+33612345678``, else ``contact:12``. A number
  that is the account's (a switchboard) tells no one apart and does not count;
* a lead is its contact. Without one it has the same key by its own address, else by its number, else ``lead:12``.
  Where only its number is known already, it is the one who has that number.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def _of_partner(partner, employer):
    """The key of a row of res_partner; ``employer``: its account, joined by ``_employer``."""
    return SQL(
        """
        CASE WHEN %(partner)s.is_company THEN 'account:' || %(partner)s.id
             ELSE coalesce('email:' || %(partner)s.email_normalized,
                           'number:' || nullif(%(partner)s.phone_sanitized, %(employer)s.phone_sanitized),
                           'contact:' || %(partner)s.id) END
        """,
        partner=SQL.identifier(partner),
        employer=SQL.identifier(employer),
    )


def _employer(partner, employer):
    return SQL(
        """
        LEFT JOIN res_partner %(employer)s
               ON %(employer)s.id = %(partner)s.commercial_partner_id AND %(employer)s.id <> %(partner)s.id
        """,
        partner=SQL.identifier(partner),
        employer=SQL.identifier(employer),
    )


def _known_by_number():
    """The key of the person who has the number of the lead ``target``, which has no contact.

    Two addresses tell two people apart, so at most one of the two has one. Leans on
    ``res_partner__marketing_number_idx``, ``res_partner__marketing_email_idx`` and the index of Odoo on
    ``crm_lead.phone_sanitized``.
    """
    return SQL(
        """
        LEFT JOIN LATERAL (
            SELECT found.key FROM (
                (SELECT %(key)s AS key, 1 AS rank
                   FROM res_partner same %(employer)s
                  WHERE same.phone_sanitized = target.phone_sanitized AND NOT coalesce(same.is_company, false)
                    AND same_employer.phone_sanitized IS DISTINCT FROM same.phone_sanitized
                    AND (target.email_normalized IS NULL
                         OR same.email_normalized IS NULL AND NOT EXISTS (
                            SELECT FROM res_partner WHERE email_normalized = target.email_normalized))
                  ORDER BY same.id LIMIT 1)
                 UNION ALL
                (SELECT 'email:' || same.email_normalized, 2
                   FROM crm_lead same
                  WHERE same.phone_sanitized = target.phone_sanitized AND same.partner_id IS NULL
                    AND target.email_normalized IS NULL AND same.email_normalized IS NOT NULL
                  ORDER BY same.id LIMIT 1)
            ) found ORDER BY found.rank LIMIT 1
        ) known ON target.partner_id IS NULL
        """,
        key=_of_partner("same", "same_employer"),
        employer=_employer("same", "same_employer"),
    )


#: Per model: the key of a row ``target`` of its table, and what must be joined for it.
PERSON = {
    "res.partner": {"person": _of_partner("target", "employer"), "person_joins": _employer("target", "employer")},
    "crm.lead": {
        "person": SQL(
            """
            CASE WHEN contact.id IS NOT NULL THEN %s
                 ELSE coalesce(known.key, 'email:' || target.email_normalized, 'number:' || target.phone_sanitized,
                               'lead:' || target.id) END
            """,
            _of_partner("contact", "employer"),
        ),
        "person_joins": SQL(
            "LEFT JOIN res_partner contact ON contact.id = target.partner_id %s %s",
            _employer("contact", "employer"),
            _known_by_number(),
        ),
    },
}


def addresses(cr, res_model, ids):
    """Where the persons behind these records get messages: their own addresses and numbers and those of the records
    that are the same person by a link (a lead's contact, a contact's leads).

    :return: ``{record id: [addresses and numbers]}``; records without any are left out
    """
    kin = {
        "res.partner": SQL(
            """
            SELECT id AS asked, email_normalized, phone_sanitized FROM res_partner WHERE id = ANY(%(ids)s)
             UNION ALL
            SELECT partner_id, email_normalized, phone_sanitized FROM crm_lead WHERE partner_id = ANY(%(ids)s)
            """,
            ids=list(ids),
        ),
        "crm.lead": SQL(
            """
            SELECT id AS asked, email_normalized, phone_sanitized FROM crm_lead WHERE id = ANY(%(ids)s)
             UNION ALL
            SELECT lead.id, contact.email_normalized, contact.phone_sanitized
              FROM crm_lead lead JOIN res_partner contact ON contact.id = lead.partner_id
             WHERE lead.id = ANY(%(ids)s)
             UNION ALL
            SELECT lead.id, sister.email_normalized, sister.phone_sanitized
              FROM crm_lead lead JOIN crm_lead sister ON sister.partner_id = lead.partner_id AND sister.id <> lead.id
             WHERE lead.id = ANY(%(ids)s)
            """,
            ids=list(ids),
        ),
    }[res_model]
    cr.execute(
        SQL(
            """
            SELECT kin.asked, array_agg(DISTINCT address.value)
              FROM (%s) kin CROSS JOIN LATERAL (VALUES (email_normalized), (phone_sanitized)) AS address(value)
             WHERE address.value IS NOT NULL
             GROUP BY 1
            """,
            kin,
        )
    )
    return dict(cr.fetchall())


def hold_latches(cr, identities, now):
    """Take the rows of these identities until the transaction ends.

    Two transactions meet on ``marketing_latch_identity_unique``: the later one waits, then fails to
    serialize, also when the other has committed since its snapshot, and begins again on fresh data. In order, so
    that two that hold several do not wait for each other.
    """
    cr.execute(
        SQL(
            """
            INSERT INTO marketing_latch (identity, at, turn)
            SELECT identity, %(now)s, 1 FROM unnest(%(identities)s) AS identity ORDER BY identity
                ON CONFLICT (identity) DO UPDATE SET at = %(now)s, turn = marketing_latch.turn + 1
            """,
            identities=list(identities),
            now=now,
        ),
        log_exceptions=False,
    )


def forget_latches(cr, before):
    """Delete the latches that nobody took since ``before``."""
    cr.execute(SQL("DELETE FROM marketing_latch WHERE at < %s", before))
