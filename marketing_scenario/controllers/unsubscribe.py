from odoo import http
from odoo.http import request

from odoo.addons.mass_mailing.controllers.main import MassMailController


class ScenarioUnsubscribeController(MassMailController):
    """Unsubscriptions through a scenario's mail: Odoo checks the signed link and blacklists; we tell the scenarios."""

    def _mailing_unsubscribe_from_document(self, mailing, document_id, email, hash_token):
        response = super()._mailing_unsubscribe_from_document(mailing, document_id, email, hash_token)
        mailing._marketing_unsubscribe(document_id, email)
        return response

    @http.route()
    def mail_blocklist_add(self, mailing_id=None, document_id=None, email=None, hash_token=None):
        done = super().mail_blocklist_add(
            mailing_id=mailing_id, document_id=document_id, email=email, hash_token=hash_token
        )
        if done is True and mailing_id:
            address, _token = self._fetch_user_information(email, hash_token)
            self._scenario_mailing(mailing_id)._marketing_unsubscribe(document_id, address)
        return done

    @http.route()
    def mail_blocklist_remove(self, mailing_id=None, document_id=None, email=None, hash_token=None):
        done = super().mail_blocklist_remove(
            mailing_id=mailing_id, document_id=document_id, email=email, hash_token=hash_token
        )
        if done is True and mailing_id:
            address, _token = self._fetch_user_information(email, hash_token)
            self._scenario_mailing(mailing_id)._marketing_resubscribe(document_id, address)
        return done

    def _scenario_mailing(self, mailing_id):
        # sudo: the public page acts for the owner of the signed link, which the parent has checked
        return request.env["mailing.mailing"].sudo().browse(int(mailing_id))
