"""A scenario as the document of a file (``tools/scenario_file.py``): nothing in it is known by an id."""

import ast
import base64
import re

from odoo import models

from ...tools import scenario_file
from ..rules.domain import FILTERS

STEP = "marketing.scenario.step"
FILE = "ir.attachment"
ADDRESS = re.compile(r"/web/(?:image|content)/(\d+)(?:-\w+)?(?:/[^\"'?\s<>)]*)?(?:\?[^\"'\s<>)]*)?")


def defaults(model, fields):
    """``{name: value}`` of a new row of a model, as they stand in a file; only plain values."""
    plain = [
        name
        for name, field in fields.items()
        if field.type in ("char", "text", "boolean", "integer", "float", "selection")
    ]
    # what a row is called counts its neighbours: no default for a file
    return {name: value for name, value in model.default_get(plain).items() if name != model._rec_name}


class Packer:
    """Collects what a scenario is made of."""

    def __init__(self, scenario):
        self.env = scenario.env
        # sudo: complete, as versions are; who may share a scenario is asked by the callers
        self.scenario = scenario.sudo()
        self.keys = {}  # (model, id) → key
        self.records = {}
        self.file_keys = {}
        self.files = {}
        self.refs = {}
        self.paths = {
            model._shared_path[0]: model for model in self.env.values() if getattr(model, "_shared_path", None)
        }

    def document(self):
        scenario = self.scenario
        steps = scenario.step_ids.sorted("position")
        self.refs = {step.id: number for number, step in enumerate(steps, 1)}
        fields = scenario._setting_fields()
        doors = scenario._shared_doors()
        document = {
            "format": scenario_file.FORMAT,
            "version": scenario_file.VERSION,
            "scenario": {
                "name": scenario.name,
                "description": scenario.description or "",
                "settings": self._values(scenario, {name: f for name, f in fields.items() if not f.groups}),
                "steps": [self._step(step) for step in steps],
                **self._content(scenario, {}),
            },
            "doors": [self._key(door) for door in doors],
        }
        return {**document, "records": self.records, "files": self.files}

    def _step(self, step):
        place = {
            "ref": self.refs[step.id],
            "type": step.step_type,
            "parent": self.refs.get(step.parent_id.id),
            "outcome": step.outcome,
        }
        return {**place, **self._content(step, {field.name: field for field in step._defined_fields()})}

    def _content(self, part, fields, lines=None):
        """Values and lines of a row, without what is empty."""
        values = self._values(part, {name: field for name, field in fields.items() if not field.groups})
        if lines is None:
            lines = {field.name: field for field in part._line_fields()} if hasattr(part, "_line_fields") else {}
        inner = {name: [self._line(line) for line in part[name]] for name in lines if part[name]}
        return {key: content for key, content in (("values", values), ("lines", inner)) if content}

    def _line(self, line):
        if hasattr(line, "_defined_fields"):
            return self._content(line, {field.name: field for field in line._defined_fields()})
        return self._content(line, line._shared_fields(), line._shared_lines())

    def _values(self, part, fields):
        known = defaults(part.browse().with_env(self.env), fields)
        values = {name: self._value(part, field) for name, field in fields.items()}
        return {name: value for name, value in values.items() if (value or None) != (known.get(name) or None)}

    def _value(self, part, field):
        """The value of a field as a file holds it; None: empty."""
        value = part[field.name]
        if field.type == "many2one":
            return self._reference(value) if value else None
        if field.type == "many2many":
            return [self._reference(record) for record in value] or None
        if field.type == "binary":
            return self._stored_file(part, field) if value else None
        if field.name in FILTERS.values() and value:
            return self._filter(value, next(model for model, name in FILTERS.items() if name == field.name))
        if not value:
            return None
        if field.translate:
            texts = field._get_stored_translations(part) or {}
            return {"languages": {code: self._text(text) for code, text in sorted(texts.items()) if text}}
        if field.type in ("char", "text", "html"):
            return self._text(str(value))
        return field.to_string(value) if field.type in ("date", "datetime") else value

    # -- what it points at ----------------------------------------------------------------------------------------

    def _reference(self, record):
        if record._name == STEP and record.id in self.refs:
            return {"step": self.refs[record.id]}
        if record == self.scenario:
            return {"scenario": True}
        if record._name == FILE:
            return {"file": self._file(record)}
        return {"record": self._key(record)}

    def _key(self, record):
        """The key of a record, which is taken into the file by it."""
        key = (record._name, record.id)
        if key not in self.keys:
            number = sum(model == record._name for model, _id in self.keys) + 1
            self.keys[key] = f"{record._name}-{number}"
            self.records[self.keys[key]] = {}  # its place, before what it points at
            self.records[self.keys[key]] = self._entry(record)
        return self.keys[key]

    def _entry(self, record):
        record = record.sudo()  # sudo: what something is called, for who sees the scenario that uses it
        field = record._fields[record._rec_name]
        entry = {"model": record._name, "name": self._value(record, field) or record.display_name}
        if hasattr(record, "_shared_fields") and record.with_env(self.env).has_access("read"):
            entry |= self._content(record, record._shared_fields(), record._shared_lines())
        return entry

    def _filter(self, text, model):
        """A filter, with the records in it by their names; one that calculates stays as it is written."""
        try:
            domain = ast.literal_eval(text)
        except (ValueError, SyntaxError):
            return text
        if not isinstance(domain, list) or not domain:
            return text
        return {"filter": [self._leaf(leaf, self.env[model]) for leaf in domain]}

    def _leaf(self, leaf, records):
        if not isinstance(leaf, list | tuple) or len(leaf) != 3:
            return leaf
        path, operator, value = leaf
        comodel = pointed_at(records, path)
        if comodel is not None and operator in ("=", "!=", "in", "not in", "child_of", "parent_of"):
            ids = value if isinstance(value, list | tuple) else [value]
            if ids and all(type(item) is int for item in ids):
                # sudo: see _entry
                found = [self._reference(record) for record in comodel.sudo().browse(ids).exists()]
                return [path, operator, found if isinstance(value, list | tuple) else next(iter(found), False)]
        return [path, operator, list(value) if isinstance(value, tuple) else value]

    # -- texts and files ------------------------------------------------------------------------------------------

    def _text(self, text):
        """A text, with the addresses of this server in it written for any server."""
        base = self.scenario.get_base_url()
        if base:
            text = text.replace(f"{base}/", "scenario-file:/base/")
        text = ADDRESS.sub(self._file_address, text)
        for prefix, model in self.paths.items():
            pattern = re.compile(re.escape(prefix) + r"([A-Za-z0-9-]+)")
            text = pattern.sub(lambda match, model=model: self._record_address(match, model), text)
        return text

    def _record_address(self, match, model):
        record = model.search([(model._shared_path[1], "=", match[1])], limit=1)
        return f"scenario-file:/record/{self._key(record)}" if record else match[0]

    def _file_address(self, match):
        file = self.env[FILE].browse(int(match[1])).exists()._filtered_access("read")
        return f"scenario-file:/file/{self._file(file)}" if file.raw else match[0]

    def _file(self, attachment):
        # sudo: files of a step go with it, as they go with its mails
        file = attachment.sudo()
        return self._add_file(file.id, file.name, file.mimetype, file.raw or b"")

    def _stored_file(self, part, field):
        content = base64.b64decode(part.with_context(bin_size=False)[field.name])
        return {"file": self._add_file((part._name, part.id, field.name), field.name, "", content)}

    def _add_file(self, identity, name, mimetype, content):
        if identity not in self.file_keys:
            key = self.file_keys[identity] = f"file-{len(self.files) + 1}"
            data = base64.b64encode(content).decode()
            self.files[key] = {"name": name, "mimetype": mimetype or "", "data": data}
        return self.file_keys[identity]


def pointed_at(records, path):
    """The records that a path of a filter leads to, empty; None when it leads to a value."""
    for name in str(path).split("."):
        field = records._fields.get(name) if records is not None else None
        if not field:
            return None
        if name == "id":
            continue
        records = records.env[field.comodel_name] if field.comodel_name else None
    return records


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    def _packed(self):
        """This scenario as the document of a file."""
        self.ensure_one()
        return Packer(self).document()

    def _shared_doors(self):
        """The automations that send people into this scenario and go with it."""
        # sudo: see Packer; those of another company are not this scenario's
        actions = self.env["marketing.automatism.action"].sudo()
        doors = actions.search([("scenario_id", "=", self.id), ("kind", "=", "enroll")]).automatism_id
        return doors.with_context(active_test=False).sorted(lambda door: (door.sequence, door.name, door.id))
