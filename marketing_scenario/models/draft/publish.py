"""A draft of changes takes effect: in one transaction, on the steps that people walk (S41, S54)."""

from odoo import models
from odoo.exceptions import UserError

FATES = ("next", "step", "out")


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def action_publish(self):
        """Button *Publish*: check as before an activation, then ask once about the people inside (S40)."""
        self.ensure_one()
        self._check_is_draft()
        if any(issue["level"] == "error" for issue in self._check_issues()):
            return self.action_check()
        dialog = self.env["marketing.scenario.publish"].create({"draft_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Publish the changes of “%(name)s”", name=self.name),
            "res_model": dialog._name,
            "res_id": dialog.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _publish(self, fates=None, recalculated=None, again=None, note=False):
        """Make the published scenario like this draft, which is gone then.

        :param fates: ``{published step that goes: ("next" | "step" | "out", step of this draft)}``; who stands on
            another one that goes takes the next step
        :param recalculated: published steps whose waits are counted anew
        :param again: published message steps that those who would come to them again get again
        :return: the published scenario
        :raise UserError: the check finds errors, or nothing has changed
        """
        self._check_is_draft()
        original = self.original_id
        original.check_access("write")
        (original | self)._claim_trees()
        self._raise_issues()
        # the effect as it is now, not as it was when somebody looked
        effect = self._effect()
        targets = self._fate_targets(effect["removed"], fates or {})
        authors = {step._ref(): step for step in self.step_ids}
        # sudo: what is in the draft was judged when it was typed, with the rights of who typed it
        published = original.sudo().with_context(marketing_publishing=True)
        steps = published._apply(self._definition(), lambda _going, placed: self._evacuate(effect, targets, placed))
        for ref, step in steps.items():
            step._keep_author_of(authors[ref])
            step._take_files_of(authors[ref])
        if original.state == "active":
            published._raise_issues()
        # sudo: see _evacuate
        runs = self.env["marketing.scenario.enrollment"].sudo()
        counted = {step.id for step in recalculated or () if step in effect["waits"]}
        if counted:
            self.env.flush_all()
            runs._recalculate([("step_id", "in", list(counted))])
        for step in again or ():
            effect["again"].get(step, runs).sudo()._trace("again", step=step)
        original.with_context(marketing_publishing=True)._note_version("published", note)
        self.sudo().unlink()
        self.env.flush_all()
        if original.state == "active":
            # what its steps wait for is cached, and those who wait look again
            self.env.registry.clear_cache()
            original.sudo()._look_again()
            self.env["marketing.scenario.engine"]._wake()
        return original

    def _fate_targets(self, removed, fates):
        """``{published step that goes: ref of the step on which its people go on, or None: they leave}``"""
        targets = {}
        following = self._next_for(removed) if removed else {}
        for step in removed:
            fate, target = fates.get(step, ("next", None))
            if fate not in FATES:
                raise UserError(self.env._("Choose what becomes of the people on “%(step)s”.", step=step.name))
            if fate == "next":
                target = following[step]
            elif fate == "step" and (not target or target.scenario_id != self):
                raise UserError(self.env._("Choose the step on which the people of “%(step)s” go on.", step=step.name))
            targets[step] = target._ref() if fate != "out" and target else None
        return targets

    def _evacuate(self, effect, targets, placed):
        """Nobody is orphaned: those who stand on steps that go are put on their new step, or leave (S41)."""
        for step, people in effect["removed"].items():
            # sudo: who publishes decides for all who are inside, as the check before told them
            people = people.sudo()
            if ref := targets[step]:
                people._trace("moved", "by_hand", message=placed[ref].name)
                people._put_on(placed[ref])
            else:
                people._stop("by_hand")


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _take_files_of(self, source):
        """Files put into a text of those steps belong to this one from now on, or they would go with them."""
        # sudo: files of the texts that are kept
        files = self.env["ir.attachment"].sudo()
        files.search([("res_model", "=", self._name), ("res_id", "in", source.ids)]).write({"res_id": self.id})
