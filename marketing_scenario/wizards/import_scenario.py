"""A scenario from a file or from the gallery: what it will use and make, the few questions, then it is there."""

import base64
from contextlib import suppress

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..models.sharing.unpack import PROBLEMS, Unpacker
from ..tools import scenario_file


class MarketingScenarioImport(models.TransientModel):
    _name = "marketing.scenario.import"
    _description = "Scenario from a file"

    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    card = fields.Char(help="Key of the card of the gallery; empty: the file.")
    name = fields.Char("Name of the new scenario")
    summary = fields.Text(compute="_compute_summary")
    question_ids = fields.One2many("marketing.scenario.import.line", "import_id", domain=[("asked", "=", True)])
    line_ids = fields.One2many("marketing.scenario.import.line", "import_id", domain=[("asked", "=", False)])
    has_dates = fields.Boolean(compute="_compute_has_dates")
    is_read = fields.Boolean(readonly=True)
    problem = fields.Text(readonly=True, help="Why the file was not taken.")
    calculating = fields.Char("Steps that calculate", compute="_compute_calculating")
    is_trusted = fields.Boolean("I trust who wrote it")

    @api.depends("card")
    @api.depends_context("lang")
    def _compute_summary(self):
        for wizard in self:
            document = wizard._document() if wizard.card else {"about": {}}
            wizard.summary = scenario_file.in_language(document["about"].get("summary", ""), self.env.lang)

    @api.depends("is_read", "file", "card")
    @api.depends_context("lang")
    def _compute_calculating(self):
        """Of the document as it is now: a card may have been changed since it was read."""
        self.calculating = ""
        for wizard in self.filtered("is_read"):
            with suppress(UserError):  # what cannot be read is told when it is taken
                wizard.calculating = ", ".join(Unpacker(wizard.env, wizard._document()).calculating())

    @api.depends("question_ids.res_model")
    def _compute_has_dates(self):
        for wizard in self:
            wizard.has_dates = not all(wizard.question_ids.mapped("res_model"))

    def action_read(self):
        """Button *Read the file*: show what it holds, or why it cannot be taken."""
        self.ensure_one()
        return self._or_problem(self._read) or self._action_open()

    def action_import(self):
        """Make the scenario, and open it; or say what is missing or cannot be taken: then nothing was made."""
        self.ensure_one()
        return self._or_problem(self._make) or self._action_open()

    def _or_problem(self, work):
        """What ``work`` gives; its refusal is told in this dialog, not in another one on top."""
        self.problem = False
        try:
            with self.env.cr.savepoint():
                return work()
        except UserError as error:
            self.problem = str(error)

    def _read(self):
        if not self.file:
            raise UserError(self.env._("Choose the file first."))
        self._look()

    def _make(self):
        self.invalidate_recordset(["calculating"])
        if self.calculating and not self.is_trusted:
            raise UserError(self.env._("Say first whether you trust who wrote the file."))
        lines = self.question_ids | self.line_ids
        if missing := [line.label for line in lines if line._lacks_answer()]:
            raise UserError(self.env._("Answer first: %(questions)s", questions=" ".join(missing)))
        document = self._document()
        choices = {line.key: record for line in lines if (record := line._choice(document)) is not None}
        answers = {line.key: line.date for line in lines if not line.res_model}
        scenario = self.env["marketing.scenario"]._unpack(document, self.name, choices, answers)
        return scenario._action_form(main=True)

    def _document(self):
        scenarios = self.env["marketing.scenario"]
        if self.card:
            return scenarios._gallery_document(self.card)
        return scenarios._read_file(base64.b64decode(self.with_context(bin_size=False).file or b""))

    def _look(self):
        """Fill the lines from the document."""
        document = self._document()
        unpacker = Unpacker(self.env, document)
        if problems := unpacker.check():
            raise UserError("\n".join(problems[:PROBLEMS]))
        lang = self.env.lang
        rows = [
            {"key": key, "asked": True, "needed": True, "label": scenario_file.in_language(question["label"], lang)}
            for key, question in document["questions"].items()
        ]
        rows += [self._row(line, document["records"][line["key"]]) for line in unpacker.plan()]
        (self.question_ids | self.line_ids).unlink()
        self.env["marketing.scenario.import.line"].create([{"import_id": self.id, **row} for row in rows])
        self.write(
            {
                "is_read": True,
                "name": scenario_file.in_language(document["scenario"]["name"], lang),
            }
        )

    def _row(self, line, entry):
        model = self.env[line["model"]]
        asked = scenario_file.in_language(entry.get("ask", ""), self.env.lang)
        record = line["record"]
        if asked and not record and hasattr(model, "_shared_proposal"):
            record = model._shared_proposal()
        return {
            "key": line["key"],
            "asked": bool(asked),
            "needed": entry.get("needed", False),
            "label": asked,
            "res_model": line["model"],
            "name": line["name"],
            "res_id": record.id,
            "fate": "used" if line["record"] else "made" if line["made"] else "missing",
        }

    def _action_open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New scenario from the gallery")
            if self.card
            else self.env._("New scenario from a file"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }


class MarketingScenarioImportLine(models.TransientModel):
    _name = "marketing.scenario.import.line"
    _description = "What a scenario from a file uses"
    _order = "fate, id"

    import_id = fields.Many2one("marketing.scenario.import", required=True, ondelete="cascade", index=True)
    key = fields.Char(required=True, readonly=True)
    asked = fields.Boolean(readonly=True)
    needed = fields.Boolean(readonly=True)
    label = fields.Char("Question", readonly=True)
    res_model = fields.Char(readonly=True, help="Empty: the question is about a date.")
    kind = fields.Char(compute="_compute_kind")
    name = fields.Char(readonly=True)
    fate = fields.Selection(
        [("made", "is made"), ("missing", "is not here: left empty"), ("used", "is here: used")], "What happens"
    )
    res_id = fields.Many2oneReference("Choice", model_field="res_model")
    date = fields.Date()

    @api.depends("res_model")
    @api.depends_context("lang")
    def _compute_kind(self):
        names = self.env["marketing.scenario"]._shared_kinds()
        for line in self:
            line.kind = names.get(line.res_model, line.res_model)

    def _lacks_answer(self):
        return self.needed and not (self.res_id if self.res_model else self.date)

    def _choice(self, document):
        """The record that the user chose instead of what would be found or made; None: no other."""
        if not self.res_model or not self.asked:
            return None
        # the model is the file's, not the client's
        record = self.env[document["records"][self.key]["model"]].browse(self.res_id or ())
        if record:
            record.check_access("read")
            return record.exists()
        return None if self.fate == "made" else record
