"""Simulation of one record, as a dry run (S39; Koban R63–R66)."""

from datetime import timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Datetime

from .. import clock
from .walk import LONGEST, Walk
from .world import dry_world

MOST_DEEDS = 500


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_simulate(self):
        """Open the simulation of this scenario."""
        self.ensure_one()
        return {
            "type": "ir.actions.client",
            "tag": "marketing_scenario.simulation",
            "name": self.env._("Simulation of “%(scenario)s”", scenario=self.name),
            "params": {"scenario_id": self.id},
        }

    def simulate(self, res_model, res_id, deeds=(), start=False, lang=False, really=False):
        """Let one record walk this scenario, in any state, as a dry run: nothing is sent, and nothing stays written.

        The walk begins anew at each call: a further deed is asked for by all deeds so far and that one.

        :param res_model: ``res.partner`` or ``crm.lead``
        :param res_id: id of a record that the user may change; 0: an example person, opted in, with mail and mobile
        :param deeds: list of what happens, in order: ``{"do": "execute"}``, ``{"do": "take", "outcome": code}``,
            ``{"do": "play", "rule": id}``, ``{"do": "wait", "days": number}``, ``{"do": "until", "moment": text}``,
            ``{"do": "happen", "event": kind, "of": which one}`` (see ``Walk.told``), ``{"do": "finish"}``
        :param start: moment at which the walk begins, naive UTC; False: now
        :param lang: code of the example person's language
        :param really: the messages that the last deed comes to are really sent to the record, now; all else stays dry
        :return: dict, see ``walk.Walk.told``; with ``really`` also ``sent``: ``[{"step", "to", "error"}]``
        :raise UserError: not one scenario, unknown record, deed or moment; sending to the example person
        """
        self._check_one_asked()
        self.check_access("write")
        record = self._simulated_record(res_model, res_id)
        deeds = self._checked_deeds(deeds)
        if really and not record:
            raise UserError(self.env._("Nothing can be sent to the example person. Choose a record."))
        with dry_world(self.env, self._moment_asked(start) if start else clock.now(self.env)) as env:
            scenario = env["marketing.scenario"].browse(self.id)
            walker = env[res_model].browse(record.id) if record else scenario._example_person(res_model, lang)
            walk = Walk(env, scenario, walker)
            known = set(walk.messages)
            for deed in deeds:
                known = set(walk.messages)
                self._do(walk, deed)
            told = walk.told()
            step_ids = walk.steps_of([message for message in walk.messages if message not in known])
        if really:
            told["sent"] = self._really_send(record, self.env["marketing.scenario.step"].browse(step_ids))
        return told

    def _simulated_record(self, res_model, res_id):
        """:raise UserError: no such record
        :raise AccessError: the user may not change it, and so could not send it into a scenario
        """
        record = self._records_asked(res_model, [] if res_id == 0 else [res_id])
        if not record:
            return record
        record = record.exists()
        if not record:
            raise UserError(self.env._("The record to simulate with does not exist any more. Choose another."))
        record.check_access("write")
        return record

    @api.model
    def _checked_deeds(self, deeds):
        """:raise UserError: names the deed that is wrong"""
        known = {"execute": (), "take": ("outcome",), "play": ("rule",), "wait": ("days",), "until": ("moment",)}
        known |= {"finish": (), "happen": ("event", "of")}
        if not isinstance(deeds, list | tuple) or len(deeds) > MOST_DEEDS:
            raise UserError(self.env._("deeds: a list of at most %(count)s is expected.", count=MOST_DEEDS))
        for deed in deeds:
            wanted = known.get(deed.get("do")) if isinstance(deed, dict) else None
            if wanted is None or any(name not in deed for name in wanted):
                raise UserError(self.env._("deeds: “%(deed)s” is not one of the deeds of a simulation.", deed=deed))
        return deeds

    @api.model
    def _moment_asked(self, text):
        """As ``_moment_read``, and not too far ahead."""
        moment = self._moment_read(text)
        if moment > clock.now(self.env) + LONGEST:
            raise UserError(self.env._("A simulation cannot look further ahead than three years."))
        return moment

    @api.model
    def _moment_read(self, text):
        """:raise UserError: no date and time"""
        try:
            moment = Datetime.to_datetime(text)
        except ValueError:
            moment = None
        if not moment:
            raise UserError(self.env._("“%(text)s” is no date and time. Write 2026-12-31 08:00:00.", text=text))
        return moment

    def _do(self, walk, deed):
        kind = deed["do"]
        if kind == "execute":
            walk.go_on()
        elif kind == "finish":
            walk.finish()
        elif kind == "take":
            if deed["outcome"] not in walk.run().step_id._outcome_codes():
                raise UserError(self.env._("The step has no way out “%(outcome)s”.", outcome=deed["outcome"]))
            walk.go_on(deed["outcome"])
        elif kind == "play":
            rule = walk.rules().filtered(lambda rule: rule.id == deed["rule"] and rule._is_playable())
            if not rule:
                raise UserError(self.env._("The scenario has no such rule. Begin the simulation again."))
            walk.play(rule)
        elif kind == "happen":
            walk.happen(deed["event"], deed["of"])
        elif kind == "wait":
            if type(deed["days"]) not in (int, float) or not 0 < deed["days"] <= LONGEST.days:
                raise UserError(self.env._("days: a number of days between 0 and %(most)s.", most=LONGEST.days))
            walk.let_time_pass(clock.now(walk.env) + timedelta(days=deed["days"]))
        else:
            walk.let_time_pass(self._moment_asked(deed["moment"]))

    def _example_person(self, res_model, lang):
        """A person who exists in this dry run only: opted in, with mail and mobile."""
        values = {
            "email": "camille.exemple@example.com",
            "phone": "+33 6 39 98 12 34",
            "marketing_optin": True,
            "user_id": self.user_id.id,
            "company_id": self.company_id.id,
        }
        languages = dict(self.env["res.lang"].get_installed())
        partner = {"lang": lang if lang in languages else False, "name": "Camille Exemple"}
        if res_model == "res.partner":
            is_company = "contact" not in self._kinds() and "account" in self._kinds()
            return self.env["res.partner"].create({**values, **partner, "is_company": is_company})
        contact = self.env["res.partner"].create({**values, **partner})
        return self.env["crm.lead"].create(
            {
                "name": self.env._("Example"),
                "type": "lead",
                "partner_id": contact.id,
                "marketing_optin": True,
                "user_id": self.user_id.id,
                "company_id": self.company_id.id,
            }
        )
