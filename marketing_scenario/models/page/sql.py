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


def coming(cr, scenario_ids, now, until, zone, messages):
    """``[(day in a time zone, people whose moment it is, messages among what they do then)]``; late ones count today.

    A message counts where it is what comes next: the person stands on it, or waits for nothing but the moment that
    leads to it. What conditions lead to nobody knows yet.

    :param messages: step types that send a message
    """
    cr.execute(
        SQL(
            """
            SELECT (greatest(run.next_run_at, %(now)s) AT TIME ZONE 'UTC' AT TIME ZONE %(zone)s)::date AS day,
                   count(*),
                   count(*) FILTER (WHERE step.step_type = ANY(%(messages)s) OR next.step_type = ANY(%(messages)s))
              FROM marketing_scenario_enrollment run
              JOIN marketing_scenario_step step ON step.id = run.step_id
         LEFT JOIN marketing_scenario_step next ON next.parent_id = step.id AND next.outcome = run.wake_outcome
             WHERE run.state = 'running' AND run.scenario_id = ANY(%(scenarios)s) AND run.next_run_at < %(until)s
             GROUP BY 1
            """,
            now=now,
            zone=zone,
            messages=messages,
            scenarios=list(scenario_ids),
            until=until,
        )
    )
    return cr.fetchall()
