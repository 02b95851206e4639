"""A scenario as plain data, and back: what versions keep, what a draft is made of and published by (S41, S54).

The data are described in ``tools/definition.py``. Which fields belong to it is read from the models: all that is
stored and copied, and references to steps of the same tree. No step type is named: what a type adds is in it.
"""

from odoo import fields, models
from odoo.fields import Command

from ...tools import definition
from ..channels.languages import active_languages, in_languages
from ..step.replace import REPLACING

# places in the tree and owners: told by the shape of the definition itself
SHAPE = {"scenario_id", "parent_id", "outcome", "step_type", "step_id", "case_id", "goal_id", "original_id", "active"}
SHAPE |= {"id", *models.LOG_ACCESS_COLUMNS}
# what a scenario is called, to whom it belongs, and what is noted about it: changed at once, in no draft
DIRECT = {"name", "description", "user_id", "company_id"}
STEP = "marketing.scenario.step"


class MarketingScenarioLines(models.AbstractModel):
    """What has rows that belong to a definition: a scenario its goals, a step its rules and cases, a goal its rules."""

    _name = "marketing.scenario.lines"
    _description = "Rows of a scenario's definition"

    def _line_fields(self):
        """The one2many fields whose rows belong to it."""
        return [field for field in self._fields.values() if field.type == "one2many" and field.copy]

    def _line_parts(self):
        """``{(model, ref)}`` of the rows."""
        found = set()
        for field in self._line_fields():
            found |= self[field.name]._parts() if self[field.name] else set()
        return found

    def _line_nodes(self, refs):
        """``{field: [row as data]}``; see ``_node``."""
        return {
            field.name: [line._node(refs) for line in self[field.name]]
            for field in self._line_fields()
            if self[field.name]
        }

    def _settle_lines(self, node, refs, originals, made):
        """Make the rows like those of ``node``; see ``_settle``."""
        for field in self._line_fields():
            known = {line._ref(): line for line in self[field.name]}
            for inner in node["lines"].get(field.name, ()):
                line = known.get(inner["ref"])
                if not line:
                    model = self.env[field.comodel_name]
                    values = {**model._values_of(inner["values"]), **model._stamp(inner, originals)}
                    line = model.create({**values, field.inverse_name: self.id})
                line._settle(inner, refs, originals, made)

    def _refer_lines(self, node, made):
        for field in self._line_fields():
            for inner in node["lines"].get(field.name, ()):
                made[field.comodel_name, inner["ref"]]._refer(inner, made)

    def _drop_lines(self, node, made):
        """Delete the rows that ``node`` does not have."""
        for field in self._line_fields():
            wanted = self.env[field.comodel_name]
            for inner in node["lines"].get(field.name, ()):
                line = made[field.comodel_name, inner["ref"]]
                line._drop_lines(inner, made)
                wanted |= line
            (self[field.name] - wanted).unlink()


class MarketingScenarioPart(models.AbstractModel):
    """What a definition is made of. A part of a draft remembers which part of the published scenario it stands for."""

    _name = "marketing.scenario.part"
    _description = "Part of a scenario"
    _inherit = ["marketing.scenario.lines"]

    # no foreign key: when the original goes, the part is a new one all the same
    original_id = fields.Integer(copy=False, readonly=True)

    def _ref(self):
        return self.original_id or self.id

    def _defined_fields(self):
        """The fields that say what this part does."""
        return [
            field
            for field in self._fields.values()
            if field.store
            and field.name not in SHAPE
            and not field.related
            and (field.copy and field.type != "one2many" or names_step(field))
        ]

    def _parts(self):
        """``{(model, ref)}`` of these parts and their lines."""
        return {(part._name, part._ref()) for part in self} | self._line_parts()

    def _node(self, refs):
        """This part as data.

        :param refs: ``{step id: ref}`` of the whole tree
        """
        values = {field.name: self._plain(field, refs) for field in self._defined_fields()}
        return {
            "ref": self._ref(),
            "values": {name: value for name, value in values.items() if value},
            "lines": self._line_nodes(refs),
        }

    def _plain(self, field, refs):
        """The value of a field as JSON; the names of records are for people."""
        value = self[field.name]
        if not value:  # of most fields
            return None
        if field.type == "many2one":
            if field.comodel_name == STEP and value.id in refs:
                return {"step": refs[value.id]}
            return {"id": value.id, "name": value.display_name}
        if field.type == "many2many":
            return [{"id": record.id, "name": record.display_name} for record in value]
        if field.translate:
            return definition.in_all_languages(
                {code: str(text or "") for code, text in in_languages(self, field.name).items()}
            )
        if field.type in ("date", "datetime"):
            return field.to_string(value)
        return str(value) if field.type == "html" else value

    def _values_of(self, values):
        """Data back as values to write, references to steps left out; what is gone meanwhile is left empty."""
        vals = {}
        for field in self._defined_fields():
            value = values.get(field.name)
            if isinstance(value, dict) and "languages" in value:
                vals[field.name] = value["languages"].get(self.env.lang or "en_US") or next(
                    iter(value["languages"].values()), False
                )
            elif field.type == "many2one":
                if not (value and "step" in value):
                    record = self.env[field.comodel_name].browse(value["id"] if value else ())
                    vals[field.name] = record.exists().id
            elif field.type == "many2many":
                records = self.env[field.comodel_name].browse([item["id"] for item in value or ()])
                vals[field.name] = [Command.set(records.exists().ids)]
            else:
                vals[field.name] = value or False
        return vals

    def _stamp(self, node, originals):
        """What ties a new part to the part of the published scenario that it stands for."""
        return {"original_id": node["ref"]} if (self._name, node["ref"]) in originals else {}

    def _settle(self, node, refs, originals, made):
        """Make this part like ``node``, its lines too; lines that are not in it stay until ``_drop_lines``.

        :param made: collects ``{(model, ref): record}``
        """
        made[self._name, node["ref"]] = self
        now = self._node(refs)["values"]
        changed = {
            name: value
            for name, value in self._values_of(node["values"]).items()
            if not definition.same(now.get(name), node["values"].get(name))
        }
        if changed:
            self.write(changed)
        self._settle_lines(node, refs, originals, made)

    def _refer(self, node, made):
        """Second pass, when all steps are there: references to steps, and texts in several languages."""
        for field in self._defined_fields():
            value = node["values"].get(field.name)
            if isinstance(value, dict) and "step" in value:
                target = made.get((STEP, value["step"]), self.env[STEP])
                if self[field.name] != target:
                    self[field.name] = target
            elif field.translate and not definition.same(value, self._plain(field, {})):
                texts = value["languages"] if isinstance(value, dict) else {"en_US": value}
                fallback = texts.get("en_US") or next(iter(texts.values()), "")
                # not by writing, which corrects a text in all languages in which it says the same
                self.update_field_translations(
                    field.name, {code: texts.get(code) or fallback for code in active_languages(self.env)}
                )
        self._refer_lines(node, made)


def names_step(field):
    return field.type == "many2one" and field.comodel_name == STEP and field.name not in SHAPE and field.store


class MarketingScenarioStep(models.Model):
    _name = "marketing.scenario.step"
    _inherit = ["marketing.scenario.step", "marketing.scenario.part"]


class MarketingScenarioCase(models.Model):
    _name = "marketing.scenario.case"
    _inherit = ["marketing.scenario.case", "marketing.scenario.part"]


class MarketingScenarioVariant(models.Model):
    _name = "marketing.scenario.variant"
    _inherit = ["marketing.scenario.variant", "marketing.scenario.part"]


class MarketingScenarioRule(models.Model):
    _name = "marketing.scenario.rule"
    _inherit = ["marketing.scenario.rule", "marketing.scenario.part"]


class MarketingScenarioGoal(models.Model):
    _name = "marketing.scenario.goal"
    _inherit = ["marketing.scenario.goal", "marketing.scenario.part"]


class MarketingScenario(models.Model):
    _name = "marketing.scenario"
    _inherit = ["marketing.scenario", "marketing.scenario.lines"]

    def _definition(self):
        """This scenario as data: see ``tools/definition.py``."""
        self.ensure_one()
        scenario = self.sudo()  # sudo: complete, addresses for managers included; the callers decide who may see it
        settings = {name: scenario._setting(field) for name, field in self._setting_fields().items()}
        steps = scenario.step_ids.sorted("position")
        refs = {step.id: step._ref() for step in steps}
        return {
            "settings": {name: value for name, value in settings.items() if value},
            "lines": scenario._line_nodes(refs),
            "steps": [
                {
                    "type": step.step_type,
                    "parent": refs.get(step.parent_id.id),
                    "outcome": step.outcome,
                    **step._node(refs),
                }
                for step in steps
            ],
        }

    def _setting_fields(self):
        """``{name: field}`` of the settings that a draft holds."""
        return {
            name: field
            for name, field in self._fields.items()
            if field.store and field.copy and not field.related and name not in DIRECT | SHAPE
            if field.type not in ("one2many", "many2many", "many2one_reference")
        }

    def _setting(self, field):
        value = self[field.name]
        if field.type == "many2one":
            return {"id": value.id, "name": value.display_name} if value else None
        return field.to_string(value) if field.type in ("date", "datetime") and value else value or None

    def _apply(self, wanted, evacuate=None, made=None):
        """Make this scenario like ``wanted``: steps that both have are kept, with all that hangs on their ids.

        :param wanted: a definition
        :param evacuate: called with the steps that go and ``{ref: step}`` of those that stay, before they go
        :param made: a dict that collects ``{(model, ref): record}`` of all parts
        :return: ``{ref: step}``
        """
        self.ensure_one()
        self._claim_trees()
        wanted = {"lines": {}, **wanted}  # versions of before there were goals have none
        self._apply_settings(wanted["settings"])
        # every place is free for a moment, then each step is put on its own; looked at once, at the end
        steps = self.step_ids.with_context(marketing_moving=True)
        known = {step._ref(): step for step in steps if step.parent_id}
        nodes = {node["ref"]: node for node in wanted["steps"]}
        if start := steps.filtered(lambda step: not step.parent_id):
            known[next(ref for ref, node in nodes.items() if node["parent"] is None)] = start
        going = steps.filtered(lambda step: step.parent_id and step._ref() not in nodes)
        original = self.original_id
        originals = original.step_ids._parts() | original._line_parts() if original else set()
        for step in steps.filtered("parent_id"):
            node = nodes.get(step._ref())
            if not node or (node["parent"], node["outcome"]) != (step.parent_id._ref(), step.outcome):
                step._step_aside()
        placed = self._create_missing(wanted["steps"], known, originals)
        refs = {step.id: ref for ref, step in placed.items()} | {step.id: step._ref() for step in going}
        made = {} if made is None else made
        for ref, node in nodes.items():
            step, parent = placed[ref], placed.get(node["parent"])
            if step.step_type != node["type"]:
                step.with_context(marketing_replacing=REPLACING).write({"step_type": node["type"]})
            step._settle(node, refs, originals, made)
            if parent and (step.parent_id, step.outcome) != (parent, node["outcome"]):
                step.write({"parent_id": parent.id, "outcome": node["outcome"]})
        self._settle_lines(wanted, refs, originals, made)
        for ref, node in nodes.items():
            placed[ref]._refer(node, made)
        self._refer_lines(wanted, made)
        self.env.flush_all()
        self.invalidate_recordset(["step_ids", "start_step_id"])
        self._drop_lines(wanted, made)
        if going:
            if evacuate:
                evacuate(going, placed)
            going.with_context(marketing_editing=True).unlink()
        for ref, node in nodes.items():
            placed[ref]._drop_lines(node, made)
        self._number_steps()
        steps = self.step_ids.with_context(marketing_moving=False)
        steps._check_place()
        return {ref: step.with_env(self.env) for ref, step in placed.items()}

    def _apply_settings(self, settings):
        fields_ = self._setting_fields()
        changed = {}
        for name, field in fields_.items():
            if definition.same(self._setting(field), settings.get(name)):
                continue
            value = settings.get(name)
            if field.type == "many2one":
                value = self.env[field.comodel_name].browse(value["id"] if value else ()).exists().id
            changed[name] = value or False
        if changed:
            self.write(changed)

    def _create_missing(self, nodes, known, originals):
        """``{ref: step}`` of all nodes; those that are not there are created, beside the tree for the moment."""
        model = self.env[STEP].with_context(marketing_moving=True)
        placed = {node["ref"]: known[node["ref"]] for node in nodes if node["ref"] in known}
        values = {
            node["ref"]: {
                **model._values_of(node["values"]),
                **model._stamp(node, originals),
                "scenario_id": self.id,
                "step_type": node["type"],
            }
            for node in nodes
            if node["ref"] not in known
        }
        root = next(node["ref"] for node in nodes if node["parent"] is None)
        if root in values:
            placed[root] = model.create(values.pop(root))
        aside = [{**vals, "parent_id": placed[root].id, "outcome": f"~{ref}"} for ref, vals in values.items()]
        placed |= zip(values, model.create(aside), strict=True)
        return placed
