from odoo import api, models


class LinkTrackerClick(models.Model):
    _inherit = "link.tracker.click"

    @api.model
    def add_click(self, code, **route_values):
        """Note the click of a scenario's recipient with the address of the link (S14, S24)."""
        click = super().add_click(code, **route_values)
        if click and click.mailing_trace_id:
            click.mailing_trace_id._note_feedback("link_clicked", url=click.link_id.url)
        return click
