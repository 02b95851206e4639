"""The runs of a target are found by the index that keeps their numbers unique: it takes the name of the narrow one
beside it, which goes."""


def migrate(cr, version):
    """Drop the one, rename the other."""
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__partner_id_index")
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__lead_id_index")
    cr.execute(
        "ALTER INDEX IF EXISTS marketing_scenario_enrollment_partner_run_unique"
        " RENAME TO marketing_scenario_enrollment__partner_id_index"
    )
    cr.execute(
        "ALTER INDEX IF EXISTS marketing_scenario_enrollment_lead_run_unique"
        " RENAME TO marketing_scenario_enrollment__lead_id_index"
    )
