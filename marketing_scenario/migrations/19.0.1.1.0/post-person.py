"""Runs say who they are about; two live runs of one person in one scenario become one."""

from odoo import SUPERUSER_ID, api

BATCH = 50_000


def migrate(cr, version):
    """Fill the keys of persons, a bounded number at a time; drop the indexes that the one on persons replaces."""
    runs = api.Environment(cr, SUPERUSER_ID, {})["marketing.scenario.enrollment"]
    last = 0
    while True:
        cr.execute("SELECT id FROM marketing_scenario_enrollment WHERE id > %s ORDER BY id LIMIT %s", [last, BATCH])
        ids = [row[0] for row in cr.fetchall()]
        if not ids:
            break
        runs._renew_persons(ids)
        last = ids[-1]
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__partner_live_unique")
    cr.execute("DROP INDEX IF EXISTS marketing_scenario_enrollment__lead_live_unique")
