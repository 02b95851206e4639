"""Calls as facts about a person. No function here runs a statement."""

from odoo.tools import SQL


def calls_as_facts(column):
    """Sub-select ``(id, at)``: calls made to the records of this column.

    Leans on ``marketing_phoning_call__done_idx`` and on the indexes of the columns.
    """
    return SQL(
        "SELECT %(column)s AS id, done_at AS at FROM marketing_phoning_call"
        " WHERE %(column)s IS NOT NULL AND done_at IS NOT NULL",
        column=SQL.identifier(column),
    )
