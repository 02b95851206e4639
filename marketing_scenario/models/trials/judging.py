"""What the versions of a message brought, and which of them is shown to be better (S58).

The method is that of ``tools/proportions.py``: looked at when each version has reached 100, 200, 400 … people. The
winner is used for all that follows, and the owner is told once.
"""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.misc import formatLang

from ...tools import proportions
from .. import clock
from . import sql

RIPE = timedelta(days=1)  # a message counts when its reader has had this time
COUNTED = ("sent", "opens", "machine_opens", "clicks", "answers")  # as the statement counts them


class MarketingScenarioStep(models.Model):
    _inherit = "marketing.scenario.step"

    trial_measure = fields.Selection(
        [("clicks", "Clicks"), ("answers", "Answers"), ("opens", "Opens")],
        "Better is what brings more",
        help="Mail programs that open each mail by themselves are left out of the opens as far as they can be told; "
        "clicks and answers tell more.",
    )
    trial_since = fields.Datetime("Tested since", copy=False, readonly=True)
    trial_look = fields.Integer("Looks so far", copy=False, readonly=True)
    trial_decided_at = fields.Datetime("Decided on", copy=False, readonly=True)
    trial_winner_id = fields.Many2one(
        "marketing.scenario.variant",
        "Winner",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="Once decided, empty is the original.",
    )
    trial_report = fields.Html("Figures of the test", compute="_compute_trial_report", sanitize=False)
    trial_is_over = fields.Boolean("Test decided", compute="_compute_trial_report")

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & {"trial_measure", *self._rendered_fields()}:
            self._begin_trial()
        return result

    def _begin_trial(self):
        """What is compared has changed: what was counted of it counts no more."""
        tried = self.filtered(lambda step: step.variant_ids or step.trial_since)
        if tried:
            now = clock.now(self.env)
            # no setting of the step, and so written beside what a draft or a version holds
            tried.write({"trial_since": now, "trial_look": 0, "trial_decided_at": False, "trial_winner_id": False})
        for step in tried.filtered(lambda step: step.variant_ids and not step.trial_measure):
            step.trial_measure = step._measured()

    def _tried(self):
        """Hook: the step on which people are, of which this one is a copy."""
        return self

    # -- figures --------------------------------------------------------------------------------------------------

    def _trial_figures(self):
        """What each version brought: list of ``{"variant", "sent", "opens", "machine_opens", "clicks", "answers",
        …}``, people each.

        Messages count when they left since the test began and at least a day ago, until it was decided.
        """
        holders = [self, *self.variant_ids]
        until = (self.trial_decided_at or clock.now(self.env)) - RIPE
        since = self.trial_since or until
        mailings = [holder.email_mailing_id | holder.email_lead_mailing_id for holder in holders]
        self.env.flush_all()
        found = sql.reactions(self.env.cr, [group.ids for group in mailings], since, until)
        figures = []
        for number, (holder, group) in enumerate(zip(holders, mailings, strict=True)):
            variant = holder if holder != self else self.variant_ids.browse()
            share = variant.share if variant else self._original_share()
            counts = dict(zip(COUNTED, found.get(number, (0,) * len(COUNTED)), strict=True))
            figures.append({"variant": variant, "share": share, "mailings": group, **counts})
        self._add_reactions(figures, since, until)
        return figures

    def _add_reactions(self, figures, since, until):
        """Hook: another code of ``trial_measure`` adds its count of people to each version, under its code.

        :param figures: as ``_trial_figures`` returns them; ``mailings`` are the version's own
        :param since, until: when their messages left
        """

    # -- judgment -------------------------------------------------------------------------------------------------

    @api.model
    def _cron_judge(self):
        """Look at each test that has become large enough since the last look."""
        running = self.search(
            [("variant_ids", "!=", False), ("trial_decided_at", "=", False), ("scenario_id.state", "=", "active")]
        )
        for step in running:
            step._judge_trial()

    def _judge_trial(self):
        """Look at the figures if it is time for a look, and use the winner if there is one."""
        figures = [version for version in self._trial_figures() if version["share"]]
        look = proportions.look_of(min((version["sent"] for version in figures), default=0))
        if look <= self.trial_look or len(figures) < 2:
            return
        self.trial_look = look
        winner = proportions.best([(version[self._measured()], version["sent"]) for version in figures], look)
        if winner is not None:
            self._tell_winner(figures, figures[winner], look)
            self._use(figures[winner]["variant"])

    def _use(self, variant):
        """Send ``variant`` (empty: the original) to all from now on."""
        self.write({"trial_winner_id": variant.id, "trial_decided_at": clock.now(self.env)})

    def _use_by_hand(self, variant):
        """As ``_use``, for somebody who decides; a draft decides on the step that people are on.

        :raise UserError: the variant is in a draft only
        """
        self.check_access("write")
        step, tried = self._tried(), variant._tried()
        if not step or variant and not tried:
            raise UserError(self.env._("Nobody gets “%(name)s” yet. Publish the changes first.", name=variant.name))
        step.check_access("write")
        step._use(tried)
        return True

    def action_use_original(self):
        """Send the original to all from now on, whatever the figures say."""
        self.ensure_one()
        return self._use_by_hand(self.variant_ids.browse())

    def action_test_again(self):
        """Draw lots among all versions again; the figures begin anew."""
        self.ensure_one()
        self.check_access("write")
        step = self._tried()
        step.check_access("write")
        step._begin_trial()
        return True

    def action_share_evenly(self):
        """Give all versions the same share; what is left over goes to the original."""
        self.ensure_one()
        self.check_access("write")
        self.variant_ids.share = 100 // (len(self.variant_ids) + 1)
        return True

    def _tell_winner(self, figures, winner, look):
        """Tell the owner, in their language, which version is used from now on and why."""
        scenario = self.scenario_id
        language = scenario.user_id.lang
        step = self.with_context(lang=language) if language else self
        rows = step._trial_rows(figures, look, winner)
        scenario.message_post(
            subject=step.env._("The test of “%(step)s” is decided", step=self.name),
            body=step.env["ir.qweb"]._render(
                "marketing_scenario.trial_decided",
                {"sentence": step._decision_in_words(winner["variant"]), "rows": rows},
            ),
            partner_ids=scenario.user_id.partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )

    # -- in words -------------------------------------------------------------------------------------------------

    def _version_name(self, variant):
        return variant.name or self.env._("Original")

    def _decision_in_words(self, winner):
        return self.env._("“%(version)s” is used for all.", version=self._version_name(winner))

    def _measured(self):
        return self.trial_measure or "clicks"

    def _measure(self):
        return dict(self._fields["trial_measure"]._description_selection(self.env))[self._measured()]

    def _percent(self, share):
        return f"{formatLang(self.env, share * 100, digits=1)}\N{NO-BREAK SPACE}%"

    def _trial_rows(self, figures, look, leader):
        """The figures as people read them.

        :param leader: the version with which the others are compared
        """
        measure = self._measured()
        confidence = proportions.confidence_of(max(look, 1), max(2, len([v for v in figures if v["share"]])))
        rows = []
        for version in figures:
            count, sent = version[measure], version["sent"]
            row = {**version, "name": self._version_name(version["variant"]), "rate": "", "behind": ""}
            row["machine_opens_in_words"] = self.env._("+ %(count)s by a machine only", count=version["machine_opens"])
            if sent:
                row["rate"] = self.env._(
                    "%(measure)s: %(rate)s (%(range)s)",
                    measure=self._measure(),
                    rate=self._percent(count / sent),
                    range=" – ".join(self._percent(limit) for limit in proportions.wilson(count, sent)),
                )
            if sent and leader["sent"] and version is not leader:
                low, high = proportions.newcombe(leader[measure], leader["sent"], count, sent, confidence)
                difference = leader[measure] / leader["sent"] - count / sent
                row["behind"] = self.env._(
                    "%(leader)s has %(difference)s points more (%(low)s to %(high)s)",
                    leader=self._version_name(leader["variant"]),
                    difference=formatLang(self.env, difference * 100, digits=1),
                    low=formatLang(self.env, low * 100, digits=1),
                    high=formatLang(self.env, high * 100, digits=1),
                )
            rows.append(row)
        return rows

    @api.depends_context("lang")
    def _compute_trial_report(self):
        for step in self:
            tried = step._tried()
            step.trial_is_over = bool(tried.trial_decided_at)
            step.trial_report = tried._render_trial() if tried.variant_ids else False

    def _render_trial(self):
        # sudo: figures only; a user sees the same as the manager
        step = self.sudo()
        figures = step._trial_figures()
        measure = step._measured()
        leader = max(figures, key=lambda version: version[measure] / version["sent"] if version["sent"] else -1)
        decided = next_look = ""
        if step.trial_decided_at:
            look = step.trial_look
            decided = step._decision_in_words(step.trial_winner_id)
        else:
            look = step.trial_look + 1
            next_look = self.env._(
                "Looked at when each version has %(count)s people: a range above zero decides then.",
                count=proportions.size_of(look),
            )
        return self.env["ir.qweb"]._render(
            "marketing_scenario.trial_report",
            {
                "rows": step._trial_rows(figures, look, leader),
                "decided": decided,
                "next_look": next_look,
            },
        )
