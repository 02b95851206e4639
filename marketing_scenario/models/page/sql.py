"""Figures of the scenarios page."""

from odoo.tools import SQL


def last_moments(cr, scenario_ids):
    """``{scenario id: moment of its last trace}``; those without one are left out.

    One look at the end of ``marketing_scenario_trace__scenario_idx`` for each scenario, however many traces there are.
    """
    cr.execute(
        SQL(
            """
            SELECT id, (SELECT max(at) FROM marketing_scenario_trace WHERE scenario_id = asked.id)
              FROM unnest(%s::int[]) AS asked (id)
            """,
            list(scenario_ids),
        )
    )
    return {scenario_id: at for scenario_id, at in cr.fetchall() if at}
