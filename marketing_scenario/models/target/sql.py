"""Tags in bulk, and what tells the two target tables apart.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL

# What differs between the two target tables; nothing else of them is known here.
TARGETS = {
    "res.partner": {
        "table": SQL.identifier("res_partner"),
        "column": SQL.identifier("partner_id"),
        "kind": SQL("CASE WHEN target.is_company THEN 'account' ELSE 'contact' END"),
        "gone": SQL("NOT target.active"),
    },
    "crm.lead": {
        "table": SQL.identifier("crm_lead"),
        "column": SQL.identifier("lead_id"),
        "kind": SQL("'lead'"),
        # Odoo archives a lead when it is lost; it can be won back
        "gone": SQL("NOT target.active AND target.won_status IS DISTINCT FROM 'lost'"),
    },
}


def is_among(column, query):
    """Condition: ``query`` gives the record to which ``column`` points. Leans on the primary key, row by row.

    :param query: Odoo's query object, of this call alone
    """
    if query.is_empty():
        return SQL("FALSE")
    if not query.where_clause:  # all records
        return SQL("%s IS NOT NULL", column)
    query.add_where(SQL("%s = %s", SQL.identifier(query.table, "id"), column))
    return SQL("EXISTS %s", query.subselect("1"))


def has_automation_rules(cr, model):
    """Whether one of Odoo's Automation Rules (addon ``base_automation``) looks at records of this model."""
    cr.execute(
        SQL(
            """
            SELECT EXISTS (SELECT FROM base_automation rule
                             JOIN ir_model model ON model.id = rule.model_id
                            WHERE rule.active AND model.model = %s)
            """,
            model,
        )
    )
    return cr.fetchone()[0]


def link_many2many(cr, field, record_ids, linked_id):
    """Link records to one record of a many2many field, as the ORM would, in one statement.

    :return: ids of the records that were not linked before
    """
    cr.execute(
        SQL(
            """
            INSERT INTO %(relation)s (%(column1)s, %(column2)s)
            SELECT record.id, %(linked_id)s FROM unnest(%(ids)s) AS record(id)
                ON CONFLICT DO NOTHING
            RETURNING %(column1)s
            """,
            relation=SQL.identifier(field.relation),
            column1=SQL.identifier(field.column1),
            column2=SQL.identifier(field.column2),
            linked_id=linked_id,
            ids=list(record_ids),
        )
    )
    return [row[0] for row in cr.fetchall()]


def unlink_many2many(cr, field, record_ids, linked_id):
    """Counterpart of ``link_many2many``; returns the ids of the records that were linked before."""
    cr.execute(
        SQL(
            "DELETE FROM %s WHERE %s = %s AND %s = ANY(%s) RETURNING %s",
            SQL.identifier(field.relation),
            SQL.identifier(field.column2),
            linked_id,
            SQL.identifier(field.column1),
            list(record_ids),
            SQL.identifier(field.column1),
        )
    )
    return [row[0] for row in cr.fetchall()]
