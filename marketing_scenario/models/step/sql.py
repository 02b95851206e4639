"""The reading order of trees.

Functions take a cursor and plain values, no records: callers flush the ORM before and invalidate after.
"""

from odoo.tools import SQL


def number(cr, places):
    """Give steps their rank in reading order and their depth. That is no change of a step: nobody wrote to it.

    :param places: ``{step id: (position, depth)}``
    """
    cr.execute(
        SQL(
            """
            UPDATE marketing_scenario_step step
               SET position = place.position, depth = place.depth
              FROM unnest(%s, %s, %s) AS place(id, position, depth)
             WHERE step.id = place.id
            """,
            list(places),
            [position for position, _depth in places.values()],
            [depth for _position, depth in places.values()],
        )
    )
