"""A scenario explains itself (S60): what happens to whom, when and on which legal ground, for a colleague or a lawyer.

It asks every other room; the page is ``report/explanation.xml``.
"""

from odoo import models
from odoo.tools import format_datetime

from ...tools.words import quoted


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    def _sentence(self):
        """This step in one sentence, as its type describes it."""
        if not self.summary:
            return self.type_label
        return self.env._("%(type)s: %(summary)s", type=self.type_label, summary=self.summary)


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _explained(self):
        """``[(heading, [sentences])]`` of all that is no step."""
        self.ensure_one()
        return [
            (self.env._("Who enters"), self._explained_people()),
            (self.env._("How they enter"), self._explained_doors()),
            (self.env._("When"), self._explained_times()),
            (self.env._("On which legal ground"), self._explained_consent()),
            (self.env._("How they leave"), self._explained_ends()),
            *([(self.env._("What it is for"), self._explained_goals())] if self.goal_ids else []),
        ]

    def _explained_steps(self):
        """``[{"depth", "way", "name", "sentence", "note", "family", "icon"}]`` in reading order."""
        return [
            {
                "depth": step.depth,
                "way": step.outcome_label,
                "name": step.name,
                "sentence": step._sentence(),
                "note": step.note,
                "family": step.family,
                "icon": step.icon,
            }
            for step in self.step_ids.sorted("position")
        ]

    def _label_of(self, name):
        """The value of a selection field as people read it."""
        return dict(self._fields[name]._description_selection(self.env))[self[name]]

    def _explained_people(self):
        whom = (
            self.env._("%(kinds)s of %(company)s.", kinds=self._label_of("target_kinds"), company=self.company_id.name)
            if self.company_id
            else self.env._("%(kinds)s of all companies.", kinds=self._label_of("target_kinds"))
        )
        again = {
            "never": self.env._("Each person enters once."),
            "finished": self.env._("A person may enter again once the earlier run is over."),
            "after_days": self.env._(
                "A person may enter again %(count)s days after the last entry.", count=self.reentry_days
            ),
        }[self.reentry]
        others = (
            self.env._("They may be in other scenarios at the same time.")
            if self.allow_other_scenarios
            else self.env._("Who is in another scenario is rejected.")
        )
        held = self.env._(
            "%(percent)s %% of them, chosen by lot, are held out: they get nothing, and are compared with the others.",
            percent=self.control_percent,
        )
        one = self.env._("A contact and its leads are one person: only one of them walks the scenario at a time.")
        owner = self.env._("%(owner)s answers for the scenario; it runs with their rights.", owner=self.user_id.name)
        return [whom, again, others, *([held] if self.control_percent else []), one, owner]

    def _explained_doors(self):
        """Who sends people in; names only, of which nobody is told more than that they exist."""
        everywhere = self.sudo().env  # sudo: names of what leads in here, for all who may read the scenario
        mine = (self.original_id or self).ids
        sentences = [
            self.env._("Query “%(name)s”: all who begin to match enter.", name=query.name)
            for query in everywhere["marketing.scenario.query"].search([("scenario_id", "in", mine)])
        ]
        automations = everywhere["marketing.automatism"].search([("action_ids.scenario_id", "in", mine)])
        sentences += [
            self.env._("Automation “%(name)s”: %(sentence)s", name=automation.name, sentence=automation.sentence)
            for automation in automations
        ]
        actions = everywhere["ir.actions.server"].search([("marketing_scenario_id", "in", mine)])
        sentences += [self.env._("Server action “%(name)s”.", name=action.name) for action in actions]
        addresses = everywhere["marketing.scenario.token"].search([("scenario_ids", "in", mine)])
        sentences += [
            self.env._("Another program, by the address “%(name)s”.", name=address.name) for address in addresses
        ]
        launching = everywhere["marketing.scenario.step"].search(
            [("scenario_launched_id", "in", mine), ("scenario_id.original_id", "=", False)]
        )
        sentences += [
            self.env._("Scenario “%(name)s”, by its step “%(step)s”.", name=step.scenario_id.name, step=step.name)
            for step in launching
        ]
        return [*sentences, self.env._("By hand, by users who may change the record.")]

    def _explained_times(self):
        sentences = []
        if self.date_start:
            sentences.append(self.env._("It begins on %(date)s.", date=format_datetime(self.env, self.date_start)))
        if self.date_end:
            sentences.append(self.env._("Nobody enters after %(date)s.", date=format_datetime(self.env, self.date_end)))
        channels = self._explained_channels()
        if channels:
            windows = self.step_ids.window_id | self.window_id
            names = ", ".join(quoted(self.env, window.name) for window in windows)
            sentences.append(
                self.env._(
                    "Messages leave within the window %(windows)s, in the time zone of the person.", windows=names
                )
                if names
                else self.env._("Messages leave within the company's window, in the time zone of the person.")
            )
        if "sms" in channels:
            sentences.append(self.env._("SMS leave within the legal hours of the country of the number."))
        return sentences or [self.env._("At any time.")]

    def _explained_channels(self):
        return {step._channel() for step in self.step_ids} - {None}

    def _explained_consent(self):
        if not self._explained_channels():
            return [self.env._("No message is sent.")]
        company = self.company_id or self.env.company
        sentences = [
            self.env._(
                "Consent: a message goes only to a person who opted in. Date, source and proof of the opt-in are kept."
            ),
            self.env._(
                "Opt-outs, blacklists and invalid addresses are looked up when a message is made and again right "
                "before it leaves. Each refusal is kept with its reason."
            ),
            self.env._("Each message says how to opt out; emails by one click."),
        ]
        if company.marketing_cap_count:
            sentences.append(
                self.env._(
                    "Nobody gets more than %(count)s messages in %(days)s days.",
                    count=company.marketing_cap_count,
                    days=company.marketing_cap_days,
                )
            )
        return sentences

    def _explained_ends(self):
        sentences = [self.env._("At an End step.")]
        if self._explained_channels():
            sentences.append(
                self.env._("When a message may not go: %(what)s.", what=self._label_of("on_refused").lower())
            )
            if self.leave_on_unsubscribe:
                sentences.append(self.env._("By opting out."))
        if self.leave_on_lead_closed:
            sentences.append(self.env._("A lead leaves when it is won, lost or archived."))
        return [*sentences, self.env._("By hand, by users who may change the record; or when the record is deleted.")]

    def _explained_goals(self):
        return [goal._sentence() for goal in self.goal_ids]
