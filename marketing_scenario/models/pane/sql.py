from odoo.tools import SQL


def is_last_of_step(alias):
    """Condition on a trace: its run has no later one of this step. Leans on the index of ``enrollment_id``."""
    return SQL(
        """
        NOT EXISTS (SELECT FROM marketing_scenario_trace later
                     WHERE later.enrollment_id = %(enrollment)s AND later.step_id = %(step)s AND later.id > %(id)s)
        """,
        enrollment=SQL.identifier(alias, "enrollment_id"),
        step=SQL.identifier(alias, "step_id"),
        id=SQL.identifier(alias, "id"),
    )
