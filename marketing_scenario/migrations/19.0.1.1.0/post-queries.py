"""A dynamic query takes out only those who entered by it: who that is, is remembered from now on."""


def migrate(cr, version):
    """Fill the memory of queries from the live runs that came by that door."""
    cr.execute(
        """
        UPDATE marketing_scenario_query_match known
           SET enrollment_id = enrollment.id
          FROM marketing_scenario_query query, marketing_scenario_enrollment enrollment
         WHERE known.query_id = query.id
           AND enrollment.scenario_id = query.scenario_id
           AND enrollment.door = 'query'
           AND enrollment.state IN ('running', 'paused', 'error')
           AND known.res_id = CASE query.model_name
                              WHEN 'crm.lead' THEN enrollment.lead_id ELSE enrollment.partner_id END
        """
    )
