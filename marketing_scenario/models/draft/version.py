"""Versions of a scenario: each activation and each publication, with what changed and a way back (S54)."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...tools import definition
from .. import clock

COMPARED = "marketing_compared_version"  # context: the older version that this one is compared with
EVENTS = [("activated", "Activated"), ("published", "Published"), ("direct", "Changed by a program")]


class MarketingScenarioVersion(models.Model):
    """A scenario as it was from one moment on. Rows are added, never changed."""

    _name = "marketing.scenario.version"
    _description = "Version of a scenario"
    _order = "scenario_id, number desc"
    _rec_name = "number"
    _log_access = False

    scenario_id = fields.Many2one("marketing.scenario", required=True, index=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="scenario_id.company_id")
    number = fields.Integer("Version", required=True, readonly=True)
    event = fields.Selection(EVENTS, "How", required=True, readonly=True)
    at = fields.Datetime("Since", required=True, readonly=True)
    user_id = fields.Many2one("res.users", "By", ondelete="set null", readonly=True)
    note = fields.Char("Why", readonly=True)
    definition = fields.Json(required=True, readonly=True)
    noted_changes = fields.Json(readonly=True)  # against the version before; told in words when it is read
    what = fields.Char("What changed", compute="_compute_what")
    other_id = fields.Many2one("marketing.scenario.version", "Compared with", compute="_compute_other_id")
    differences = fields.Json(compute="_compute_differences")

    _number_unique = models.UniqueIndex("(scenario_id, number)", "This version exists already.")

    @api.depends("number")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for version in self:
            version.display_name = self.env._("Version %(number)s", number=version.number)

    @api.depends("noted_changes")
    @api.depends_context("lang")
    def _compute_what(self):
        for version in self:
            if version.noted_changes is None or version.noted_changes is False:
                version.what = self.env._("The first version that was kept")
                continue
            texts = [words["text"] for words in version.scenario_id._in_words(version.noted_changes)]
            version.what = "; ".join(texts) or self.env._("Nothing")

    @api.depends("scenario_id", "number")
    @api.depends_context(COMPARED)
    def _compute_other_id(self):
        """The one that was chosen (``action_compare``), else the one before."""
        chosen = self.browse(self.env.context.get(COMPARED) or ())
        for version in self:
            version.other_id = chosen or self.search(
                [("scenario_id", "=", version.scenario_id.id), ("number", "<", version.number)], limit=1
            )

    @api.depends("other_id")
    @api.depends_context("lang")
    def _compute_differences(self):
        for version in self:
            changes = definition.compare((version.other_id or version).definition, version.definition)
            version.differences = version.scenario_id._in_words(changes)

    def action_compare(self):
        """Two versions: what is different in the newer one.

        :raise UserError: not two of one scenario are chosen
        """
        self.check_access("read")
        if len(self) != 2 or len(self.scenario_id) != 1:
            raise UserError(self.env._("Choose two versions of a scenario."))
        older, newer = self.sorted("number")
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": newer.id,
            "views": [(False, "form")],
            "context": {COMPARED: older.id},
        }

    def action_restore(self):
        """Make a draft of changes that leads back to this version; it is published in the ordinary way.

        :raise UserError: there are unpublished changes
        """
        self.ensure_one()
        scenario = self.scenario_id
        scenario.check_access("write")
        if scenario.draft_id and scenario.draft_id._changes():
            raise UserError(
                self.env._("There are unpublished changes. Publish or discard them first, then restore this version.")
            )
        draft = scenario._open_draft()
        # with the rights of the user: what it brings back is judged as if they typed it
        draft._apply(self.definition)
        return draft._action_form()


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    version_ids = fields.One2many("marketing.scenario.version", "scenario_id", "Versions")
    version_count = fields.Integer("Number of versions", compute="_compute_version_count")

    @api.depends("version_ids")
    def _compute_version_count(self):
        counts = dict(
            # sudo: a figure only
            self.env["marketing.scenario.version"]
            .sudo()
            ._read_group([("scenario_id", "in", self.ids)], ["scenario_id"], ["__count"])
        )
        for scenario in self:
            scenario.version_count = counts.get(scenario._origin, 0)

    def action_activate(self):
        before = {scenario: scenario.state for scenario in self}
        result = super().action_activate()
        for scenario, state in before.items():
            if state != "active" and scenario.state == "active":
                scenario._note_version("activated")
        return result

    def _note_version(self, event, note=False):
        """Keep the scenario as it stands as a version."""
        self.ensure_one()
        versions = self.env["marketing.scenario.version"].sudo()  # sudo: versions are written by the addon only
        last = versions.search([("scenario_id", "=", self.id)], limit=1)
        now = self._definition()
        version = versions.create(
            {
                "scenario_id": self.id,
                "number": last.number + 1,
                "event": event,
                "at": clock.now(self.env),
                "user_id": self.env.uid,
                "note": note,
                "definition": now,
                "noted_changes": definition.compare(last.definition, now) if last else None,
            }
        )
        if event != "activated":  # a change of the state tells itself
            told = self.env._("Version %(number)s: %(what)s", number=version.number, what=version.what)
            self._message_log(body=f"{told} – {note}" if note else told)
        return version

    def action_versions(self):
        """Stat button: the versions of this scenario."""
        self.ensure_one()
        scenario = self.original_id or self
        action = self.env["ir.actions.act_window"]._for_xml_id("marketing_scenario.marketing_scenario_version_action")
        return {**action, "domain": [("scenario_id", "=", scenario.id)], "display_name": scenario.name}
