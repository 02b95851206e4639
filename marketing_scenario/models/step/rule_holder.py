from odoo import api, fields, models


class MarketingScenarioRuleHolder(models.AbstractModel):
    """What has rules combined with AND or OR: an IF step, a case of a Switch, a goal. Needs ``rule_ids``."""

    _name = "marketing.scenario.rule.holder"
    _description = "Holder of scenario rules"
    _inherit = ["marketing.linked"]

    rule_combine = fields.Selection(
        [("all", "all of these hold"), ("any", "one of these holds")],
        string="Is true when",
        default="all",
        required=True,
    )

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = super()._get_view(view_id, view_type, **options)
        self._put_row_forms(arch, **options)
        return arch, view

    @api.model
    def _put_row_forms(self, arch, **options):
        """The form of a holder holds the one of its rows, rules above all: they are edited in place, as sentences."""
        for node in arch.xpath("//field[@widget='scenario_sentences'][not(*)]"):
            rows = self.env[self._fields[node.get("name")].comodel_name]
            node.append(rows._get_view(view_type="form", **options)[0])

    def _match_rules(self, enrollments):
        """The enrollments for which the rules of this holder hold now, together; none without rules."""
        return self._judge_rules(enrollments)[0]

    def _judge_rules(self, enrollments, waiting=False, patient=False):
        """The enrollments for which the rules of this holder hold, together, and those of whom nobody can say it yet.

        :param waiting: time is left in which it may still happen: what a rule denies is judged at the end only
        :param patient: a message that has not left yet may be waited for
        :return: ``(holds, open)``; both empty without rules
        """
        self.ensure_one()
        nobody = enrollments.browse()
        if not self.rule_ids:
            return nobody, nobody
        every = self.rule_combine == "all"
        holds, still_open = (enrollments, nobody) if every else (nobody, nobody)
        for rule in self.rule_ids:
            if every:
                asked = holds | still_open if still_open else holds
            else:
                asked = enrollments - holds
            if not asked:
                break
            matched, unsure = rule._judge(asked, waiting, patient)
            if every:
                if unsure or still_open:
                    still_open = (still_open & (matched | unsure)) | (holds & unsure)
                    matched &= holds
                holds = matched
            else:
                holds |= matched
                still_open = (still_open | unsure) - holds
        return holds, still_open

    def _rule_events(self, waiting):
        """Kinds of event that may decide the rules: all when the condition waits, else of messages still to leave."""
        key = "events" if waiting else "settles"
        return tuple(dict.fromkeys(kind for rule in self.rule_ids for kind in rule._describe().get(key, ())))

    def _rules_read_path(self, rules):
        """Whether one of these rules asks the path: the traces of the batch are written before it is asked."""
        return any(rule._describe().get("reads_path") for rule in rules)

    def _rules_summary(self):
        joint = self.env._(" and ") if self.rule_combine == "all" else self.env._(" or ")
        return joint.join(rule.summary or "" for rule in self.rule_ids)
