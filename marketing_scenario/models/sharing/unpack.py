"""A scenario from the document of a file: what it would use and make, and the making, with the rights of the user.

Everything is written by the ordinary ways, as if the user had typed it: texts, filters, fields to set and files are
judged there. Nothing that exists is ever changed.
"""

import base64
import binascii
import re
from datetime import timedelta
from urllib.parse import quote

import psycopg2
from markupsafe import escape

from odoo import Command, api, fields, models
from odoo.exceptions import AccessError, UserError

from ...tools import scenario_file
from ...tools.one_line import one_line
from ..channels.addresses import company_line
from ..channels.mailings import MAILING_FIELDS
from ..channels.render import check_text
from ..rules.domain import FILTERS
from .pack import FILE, STEP, defaults, pointed_at

TEXT_TYPES = ("char", "text", "html")
ALONE = {"step": str | int, "record": str, "file": str, "filter": list, "scenario": bool}  # one-word values
IMAGES = re.compile(r"image/(?!svg)[\w.+-]+")  # a drawing can hold a program, and mail programs show none
DAYS = 3660
PROBLEMS = 8  # told at once


class Unpacker:
    """Makes one scenario.

    :param document: as ``scenario_file.read`` gives it
    :param choices: ``{key: record, or empty: leave it out}`` of what is used instead of what a record's name says
    :param answers: ``{key of a question: value}``
    """

    def __init__(self, env, document, choices=None, answers=None):
        self.env = env
        self.document = document
        self.choices = choices or {}
        self.answers = answers or {}
        self.languages = {code for code, _name in env["res.lang"].get_installed()} | {"en_US"}
        self.made = {}  # key → record
        self.files = []  # (row of the definition or None, file)
        self.paths = {}
        self.scenario = env["marketing.scenario"]
        self.problems = []

    # -- looking --------------------------------------------------------------------------------------------------

    def check(self):
        """Sentences on what the document holds that cannot be taken, without making anything."""
        self.problems = []
        scenario = self.document["scenario"]
        self._check_values(self.scenario, scenario["settings"], self._setting_fields(), "scenario.settings")
        self._check_lines(self.scenario, scenario["lines"], "scenario")
        types = dict(self.env[STEP]._fields["step_type"]._description_selection(self.env))
        for node in scenario["steps"]:
            place = scenario_file.in_language(node["values"].get("name"), self.env.lang) or str(node["ref"])
            if node["type"] not in types:
                self._say(
                    self.env._(
                        "Step “%(step)s”: the type “%(type)s” is not known here. Install the module that brings it.",
                        step=place,
                        type=node["type"],
                    )
                )
                continue
            self._check_content(self.env[STEP], node, place)
        for key, entry in self.document["records"].items():
            if entry["model"] not in self.models_used():
                self._say(self.env._("“%(key)s”: a scenario uses no “%(model)s”.", key=key, model=entry["model"]))
            elif entry["values"] or entry["lines"]:
                model = self.env[entry["model"]]
                if not self._is_made(model):
                    self._say(
                        self.env._("“%(key)s”: “%(model)s” are only used by name.", key=key, model=model._description)
                    )
                else:
                    self._check_content(model, entry, key)
        for key in self.document["doors"]:
            if self.document["records"][key]["model"] != "marketing.automatism":
                self._say(self.env._("“%(key)s” is no automation.", key=key))
        for key, file in self.document["files"].items():
            try:
                base64.b64decode(file["data"], validate=True)
            except (binascii.Error, ValueError):
                self._say(self.env._("The file “%(name)s” cannot be read.", name=file["name"] or key))
        return self.problems

    def plan(self):
        """``[{"key", "model", "name", "record": what is there, empty: nothing, "made": whether it would be made}]``"""
        lines = []
        for key, entry in self.document["records"].items():
            model = self.env[entry["model"]]
            found = self.choices[key] if key in self.choices else self._found(entry)
            lines.append(
                {
                    "key": key,
                    "model": entry["model"],
                    "name": scenario_file.in_language(entry["name"], self.env.lang),
                    "record": found,
                    "made": not found and self._is_made(model) and model.has_access("create"),
                }
            )
        return lines

    def calculating(self):
        """Names of the steps whose texts hold more than merge fields: that runs with the rights of who takes them."""
        return [
            scenario_file.in_language(node["values"].get("name"), self.env.lang) or str(node["ref"])
            for node in self.document["scenario"]["steps"]
            if self._calculates(node)
        ]

    def _calculates(self, content):
        rendered = [(name, language) for name, language in self.env[STEP]._rendered_fields().items() if language]
        try:
            for name, language in rendered:
                for text in scenario_file.texts(content["values"].get(name)):
                    for model in MAILING_FIELDS:
                        check_text(self.env, model, text, language)
        except AccessError:
            return True
        return any(self._calculates(line) for lines in content["lines"].values() for line in lines)

    def _say(self, problem):
        if problem not in self.problems:
            self.problems.append(problem)

    @api.model
    def _is_made(self, model):
        return hasattr(model, "_make_shared")

    def models_used(self):
        """Names of the models that the parts of a scenario point at: a file brings rows of no others."""
        known, waiting = set(), [self.scenario, self.env[STEP], self.env["marketing.automatism"]]
        while waiting:
            model = waiting.pop()
            for field in model._fields.values():
                name = field.comodel_name
                if not field.store or not name or name in known:
                    continue
                known.add(name)
                if hasattr(self.env[name], "_shared_fields") or hasattr(self.env[name], "_defined_fields"):
                    waiting.append(self.env[name])
        # filters ask for any record of the targets
        targets = (self.env["res.partner"], self.env["crm.lead"])
        return known | {
            field.comodel_name for model in targets for field in model._fields.values() if field.comodel_name
        }

    def _setting_fields(self):
        return {name: field for name, field in self.scenario._setting_fields().items() if not field.groups}

    def _fields_of(self, model):
        if hasattr(model, "_defined_fields"):
            return {field.name: field for field in model._defined_fields() if not field.groups}
        return model._shared_fields()

    def _lines_of(self, model):
        if hasattr(model, "_line_fields"):
            return {field.name: field for field in model._line_fields()}
        return model._shared_lines()

    def _check_content(self, model, content, place):
        self._check_values(model, content["values"], self._fields_of(model), place)
        self._check_lines(model, content["lines"], place)

    def _check_lines(self, model, content, place):
        known = self._lines_of(model)
        for name, lines in content.items():
            if name not in known:
                self._say(self.env._("%(place)s: there is no field “%(field)s” here.", place=place, field=name))
                continue
            for line in lines:
                self._check_content(self.env[known[name].comodel_name], line, f"{place} › {name}")

    def _check_values(self, model, values, known, place):
        for name, value in values.items():
            field = known.get(name)
            if not field:
                self._say(self.env._("%(place)s: there is no field “%(field)s” here.", place=place, field=name))
            elif not self._fits(field, value, model):
                label = field._description_string(self.env) or name
                self._say(
                    self.env._("%(place)s: “%(field)s” has a value that it cannot have.", place=place, field=label)
                )

    def _fits(self, field, value, model):
        """Whether a value of the file is one of this field."""
        if value is None:
            return True
        if field.type == "many2many":
            return isinstance(value, list) and all(self._fits_reference(field, item) for item in value)
        if field.type in ("many2one", "binary"):
            return self._fits_reference(field, value)
        if field.name in FILTERS.values() and isinstance(value, dict):
            return value.keys() == {"filter"} and isinstance(value["filter"], list) and self._fit_references(value)
        if field.type in TEXT_TYPES:
            return scenario_file.is_text(value) and self._fit_places(value)
        if field.type in ("date", "datetime"):
            return self._fits_date(field, value)
        if field.type == "selection":
            static = isinstance(field.selection, list)
            return isinstance(value, str) and (not static or value in field.get_values(self.env))
        number = (int, float)
        kinds = {"boolean": bool, "integer": int, "float": number, "monetary": number}
        good = isinstance(value, kinds.get(field.type, ())) and (field.type == "boolean" or not isinstance(value, bool))
        return good and (field.type == "boolean" or abs(value) < 2**31)

    def _fits_reference(self, field, value):
        if not isinstance(value, dict) or len(value) != 1:
            return False
        [(kind, key)] = value.items()
        if kind not in ALONE or not isinstance(key, ALONE[kind]):
            return False
        if kind == "step":
            return field.comodel_name == STEP and any(node["ref"] == key for node in self.document["scenario"]["steps"])
        if kind == "scenario":
            return field.comodel_name == "marketing.scenario"
        if kind == "file":
            return key in self.document["files"] and (field.comodel_name == FILE or field.type == "binary")
        if kind != "record" or field.comodel_name == FILE:  # a file of this server is none of a stranger's
            return False
        return self.document["records"].get(key, {}).get("model") == field.comodel_name

    def _fit_references(self, value):
        """Whether the records that a filter names are in the file."""
        if isinstance(value, dict) and value.keys() == {"record"}:
            return value["record"] in self.document["records"]
        if isinstance(value, dict):
            return value.keys() == {"filter"} and self._fit_references(value["filter"])
        return all(map(self._fit_references, value)) if isinstance(value, list) else True

    def _fit_places(self, value):
        """Whether the records and files that a text names are in the file."""
        return all(
            kind not in ("record", "file") or key in self.document[f"{kind}s"]
            for text in scenario_file.texts(value)
            for kind, key in scenario_file.PLACE.findall(text)
        )

    def _fits_date(self, field, value):
        if isinstance(value, dict):
            days = value.get("days", 0)
            fine = value.keys() <= {"answer", "days"} and type(days) is int and abs(days) < DAYS
            return fine and value.get("answer") in self.document["questions"]
        try:
            return isinstance(value, str) and bool(field.from_string(value))
        except ValueError:
            return False

    def _found(self, entry):
        """What is here by the name of an entry, or empty."""
        model = self.env[entry["model"]]
        names = set(filter(None, scenario_file.texts(entry["name"])))
        if not model._rec_name or not model.has_access("read") or not getattr(model, "_shared_found", True):
            return model.browse()
        translated = model._fields[model._rec_name].translate
        for code in sorted(self.languages) if translated else [self.env.lang]:
            domain = [(model._rec_name, "in", list(names))]
            if "company_id" in model._fields:
                domain.append(("company_id", "in", [False, self.env.company.id]))
            if found := model.with_context(lang=code).search(domain, limit=1):
                return found.with_env(self.env)
        return model.browse()

    # -- making ---------------------------------------------------------------------------------------------------

    def make(self, name=None):
        """Make the scenario, a draft.

        :raise UserError: the document holds what cannot be taken; nothing was made
        """
        if problems := self.check():
            raise UserError("\n".join(problems[:PROBLEMS]))
        try:
            with self.env.cr.savepoint():
                return self._create(name)
        except (ValueError, TypeError, KeyError, OverflowError, psycopg2.DataError, psycopg2.IntegrityError) as error:
            text = str(error).strip().splitlines()
            raise UserError(
                self.env._("The file holds what cannot be stored here: %(error)s", error=text[0] if text else "")
            ) from error

    def _create(self, name):
        scenario = self.document["scenario"]
        lang = self.env.lang
        self.scenario = (
            self.env["marketing.scenario"]
            .with_context(marketing_without_start=True)
            .create(
                {
                    "name": name or scenario_file.in_language(scenario["name"], lang),
                    "description": scenario_file.in_language(scenario.get("description", ""), lang),
                }
            )
        )
        doors = set(self.document["doors"])
        for key in self.document["records"]:
            if key not in doors:
                self._record(key)
        fields_ = self._setting_fields()
        settings = self._plain_values(self.scenario, scenario["settings"], fields_)
        steps = [
            {
                "type": node["type"],
                "parent": node["parent"],
                "outcome": node["outcome"],
                **self._node(self.env[STEP], node, node["ref"]),
            }
            for node in scenario["steps"]
        ]
        lines = self._line_nodes(self.scenario, scenario["lines"], "scenario")
        placed = self.scenario._apply({"settings": settings, "lines": lines, "steps": steps})
        for ref, file in self.files:
            if ref in placed:
                file.res_id = placed[ref].id
        for key in self.document["doors"]:
            self._record(key)._open_with(self.scenario)
        return self.scenario.with_context(marketing_without_start=False)

    def _node(self, model, node, ref):
        return {
            "ref": ref,
            "values": self._plain_values(model, node["values"], self._fields_of(model), ref),
            "lines": self._line_nodes(model, node["lines"], ref),
        }

    def _line_nodes(self, model, content, ref):
        lines = self._lines_of(model)
        return {
            name: [
                self._node(self.env[lines[name].comodel_name], line, f"{ref}/{name}/{number}")
                for number, line in enumerate(inner)
            ]
            for name, inner in content.items()
        }

    def _plain_values(self, model, values, known, ref=None):
        """Values as ``_apply`` takes them; what the file does not speak of has its default."""
        plain = defaults(model, known)
        for name, value in values.items():
            plain[name] = self._plain(known[name], value, ref)
        return {name: value for name, value in plain.items() if value not in (None, False, "", [])}

    def _plain(self, field, value, ref):
        if value is None:
            return None
        if field.type == "many2many":
            return [plain for item in value if (plain := self._plain_reference(item, ref))]
        if field.type == "many2one":
            return self._plain_reference(value, ref)
        if field.type == "binary":
            return base64.b64encode(self._content(value["file"]))
        if field.name in FILTERS.values() and isinstance(value, dict):
            return self._filter(value["filter"], self.env[next(m for m, name in FILTERS.items() if name == field.name)])
        if field.type in TEXT_TYPES:
            return self._texts(field, value, ref)
        if field.type in ("date", "datetime") and isinstance(value, dict):
            answer = fields.Date.to_date(self.answers.get(value["answer"]))
            return answer and field.to_string(answer + timedelta(days=value.get("days", 0)))
        if field.type == "selection" and value not in field.get_values(self.env):
            return None  # a report, a field … that is not here: the check says so
        return value

    def _plain_reference(self, value, ref):
        [(kind, key)] = value.items()
        if kind == "step":
            return value
        if kind == "file":
            file = self._attachment(key, ref)
            return {"id": file.id}
        record = self.scenario if kind == "scenario" else self._record(key)
        return {"id": record.id} if record else None

    def _texts(self, field, value, ref):
        if isinstance(value, dict) and field.translate:
            texts = {code: text for code, text in value["languages"].items() if code in self.languages}
            texts.setdefault("en_US", scenario_file.in_language(value, self.env.lang))
            return {"languages": {code: self._text(text, ref, field) for code, text in texts.items()}}
        return self._text(scenario_file.in_language(value, self.env.lang), ref, field)

    def _text(self, text, ref, field):
        quoted = escape if field.type == "html" else str

        def address(match):
            if match[1] == "base":
                return self.scenario.get_base_url()
            if match[1] in ("company", "address", "website"):
                return quoted(self._of_company(match[1]))
            if match[1] == "file":
                return self._attachment(match[2], ref, shown=True)._shared_address()
            record = self._record(match[2])
            if not getattr(record, "_shared_path", None) or not record:
                return "#"
            beginning, name = record._shared_path
            return f"{beginning}{record[name]}"

        return scenario_file.PLACE.sub(address, text)

    def _of_company(self, what):
        company = self.env.company
        if what == "company":
            return company.name
        if what == "website":
            return company.website or self.scenario.get_base_url()
        return company_line(company)

    def _filter(self, domain, records):
        leaves = []
        for leaf in domain:
            if isinstance(leaf, list) and len(leaf) == 3:
                path, operator, value = leaf
                if isinstance(value, list):
                    value = [found for item in value if (found := self._filter_value(item)) is not None]
                else:
                    value = self._filter_value(value)
                if pointed_at(records, path) is not None and value is None:
                    value = False
                leaf = (path, operator, value)
            leaves.append(leaf)
        return repr(leaves)

    def _filter_value(self, value):
        if isinstance(value, dict):
            return self._record(value["record"]).id or None
        return value

    def _record(self, key):
        """The record of a key: chosen, found by its name, or made now; empty when it is missing."""
        if key not in self.made:
            entry = self.document["records"][key]
            model = self.env[entry["model"]]
            self.made[key] = model.browse()  # for what points back at it
            self.made[key] = self.choices[key] if key in self.choices else self._found(entry)
            if not self.made[key] and key not in self.choices and self._is_made(model) and model.has_access("create"):
                self.made[key] = self._make(model, entry)
        return self.made[key]

    def _make(self, model, entry):
        values = self._plain_values(model, entry["values"], self._fields_of(model))
        name = self._texts(model._fields[model._rec_name], entry["name"], None)
        record = model._make_shared(
            {**self._to_write(model, {**values, model._rec_name: name}), **self._lines(model, entry["lines"])}
        )
        self._translate(record, {**entry["values"], model._rec_name: entry["name"]})
        for name, lines in entry["lines"].items():
            for row, line in zip(record[name], lines, strict=True):
                self._translate(row, line["values"])
        return record

    def _to_write(self, model, values):
        """Plain values for ``create``: texts in the user's language, the others follow."""
        vals = {}
        for name, value in values.items():
            field = model._fields[name]
            if isinstance(value, dict) and "languages" in value:
                value = scenario_file.in_language(value, "en_US")
            elif field.type == "many2many":
                value = [Command.set([item["id"] for item in value])]
            elif field.type == "many2one":
                value = value["id"]
            vals[name] = value
        return vals

    def _lines(self, model, lines):
        known = self._lines_of(model)
        commands = {}
        for name in known:
            inner = self.env[known[name].comodel_name]
            rows = [
                self._to_write(inner, self._plain_values(inner, line["values"], self._fields_of(inner)))
                for line in lines.get(name, ())
            ]
            commands[name] = [Command.clear(), *map(Command.create, rows)]
        return commands

    def _translate(self, record, values):
        for name, value in values.items():
            field = record._fields[name]
            if not (field.translate and isinstance(value, dict) and "languages" in value):
                continue
            texts = self._texts(field, value, None)["languages"]
            if not callable(field.translate):
                record.update_field_translations(name, texts)
                continue
            english = field._get_stored_translations(record)["en_US"]
            terms = field.get_trans_terms(english)
            for code, text in texts.items():
                found = field.get_trans_terms(text)
                if code != "en_US" and len(found) == len(terms):
                    record.update_field_translations(name, {code: dict(zip(terms, found, strict=True))})

    def _content(self, key):
        return base64.b64decode(self.document["files"][key]["data"])

    def _attachment(self, key, ref, shown=False):
        """The file of a key, made now.

        :param shown: it is an image of a text
        """
        file = self.document["files"][key]
        if shown and not IMAGES.fullmatch(file["mimetype"]):
            raise UserError(self.env._("“%(name)s” stands in a text, but is no image.", name=file["name"]))
        known = (key, ref)
        if known not in self.paths:
            self.paths[known] = self.env[FILE].create(
                {
                    "name": one_line(file["name"]),
                    "raw": self._content(key),
                    "mimetype": file["mimetype"],
                    "res_model": STEP,
                }
            )
            self.files.append((ref, self.paths[known]))
        return self.paths[known]


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def _shared_address(self):
        """The address by which a text shows this image to everyone who gets it."""
        token = self.generate_access_token()[0]
        return f"/web/image/{self.id}/{quote(self.name, safe='')}?access_token={token}"


class MarketingScenario(models.Model):
    _inherit = "marketing.scenario"

    @api.model
    def _unpack(self, document, name=None, choices=None, answers=None):
        """A new scenario, a draft, from the document of a file.

        :raise UserError: it cannot be taken; nothing was made
        """
        self.check_access("create")
        return Unpacker(self.env, document, choices, answers).make(name)
