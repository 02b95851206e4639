"""One index on scenario, state and row replaces the one on the scenario alone."""


def migrate(cr, version):
    """Drop the index that Odoo keeps though no field asks for it any more."""
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__scenario_id_index")
