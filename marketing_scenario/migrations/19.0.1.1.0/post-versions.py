"""Scenarios that run already: what they do now is their first version."""

from odoo import SUPERUSER_ID, api


def migrate(cr, version):
    """Keep the active and inactive scenarios as they stand."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    for scenario in env["marketing.scenario"].search([("state", "!=", "draft")]):
        if not scenario.version_ids:
            scenario._note_version("activated")
