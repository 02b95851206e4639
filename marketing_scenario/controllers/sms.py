from odoo import http
from odoo.http import request

from odoo.addons.mass_mailing_sms.controllers.main import MailingSMSController


class ScenarioSmsController(MailingSMSController):
    """Opt-out page of Odoo's SMS: it blacklists the number; we tell the scenarios."""

    def _check_trace(self, mailing_id, trace_code):
        request.update_context(active_test=False)  # the mailings of scenarios are archived
        return super()._check_trace(mailing_id, trace_code)

    @http.route()
    def blacklist_number(self, mailing_id, trace_code, **post):
        response = super().blacklist_number(mailing_id, trace_code, **post)
        number = post.get("sms_number", "").strip()
        traces = self._check_trace(mailing_id, trace_code).get("trace")
        trace = traces.filtered(lambda trace: number and trace.sms_number == number)[:1] if traces else traces
        # the parent blacklists only a number that goes with the code
        if trace and not trace.mass_mailing_id.contact_list_ids:
            # sudo: the public page acts for the owner of the number, proved by the code
            request.env["mailing.mailing"].sudo().browse(mailing_id)._marketing_sms_stop(trace)
        return response
