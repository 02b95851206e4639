"""The file that carries a scenario into another database: its shape, and the upgrade of older ones.

::

    {"format": "marketing_scenario", "version": 1,
     "scenario": {"name", "description", "settings": {field: value}, "lines": {field: [rows]},
                  "steps": [{"ref", "type", "parent": ref or null, "outcome", "values": {field: value},
                             "lines": {field: [{"ref", "values", "lines"}]}}]},
     "records": {key: {"model", "name", "values", "lines", "ask": question, "needed": whether it must be answered}},
     "doors": [keys of the automations that send people in],
     "files": {key: {"name", "mimetype", "data": base64}},
     "questions": {key: {"type": "date", "label": text}},
     "about": {"summary": text}}

A field that has its default value is left out, so a file does not speak of fields that came later. A text is a string
or ``{"languages": {code: string}}``. Other values: ``{"step": ref}``, ``{"record": key}``, ``{"file": key}``,
``{"filter": domain}``, ``{"scenario": true}``, ``{"answer": key, "days": n}``, and lists of these. In texts the
addresses of records, of files and of the server are written ``scenario-file:/record/KEY``, ``/file/KEY`` and ``/base``;
``/company`` (its name), ``/address`` (name and address) and ``/website`` are those of the company that takes it in.
"""

import json
import re

FORMAT = "marketing_scenario"
VERSION = 1
UPGRADES = {}  # {version: function that makes a document of this version one of the next}
MAX_DEPTH = 30
MAX_PARTS = 2000  # steps, records, files, questions: of each
PLACE = re.compile(r"scenario-file:/(base|company|address|website|record|file)(?:/([\w.-]+))?")
SHAPES = {"records": dict, "doors": list, "files": dict, "questions": dict, "about": dict}
PARTS = {"scenario", "format", "version", *SHAPES}


class Refused(Exception):
    """A file that is not taken; ``code`` says why, ``details`` what the sentence needs."""

    def __init__(self, code, **details):
        super().__init__(code, details)
        self.code = code
        self.details = details


def read(content, limit):
    """The document of a file, upgraded and of the right shape.

    :param content: bytes of the file
    :param limit: size in bytes that it may have
    :raise Refused: it is none
    """
    if len(content) > limit:
        raise Refused("too_large", size=limit // 2**20)
    try:
        text = content.decode("utf-8-sig")
        document = json.loads(text, parse_constant=_no_number)
    except RecursionError as error:
        raise Refused("too_deep", depth=MAX_DEPTH) from error
    except ValueError as error:
        raise Refused("not_json") from error
    return checked(document)


def checked(document):
    """As ``read``, of what was parsed already."""
    _look_into(document)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused("other_file")
    version = document.get("version")
    if type(version) is not int or version < min((*UPGRADES, VERSION)):
        raise Refused("shape", place="version")
    if version > VERSION:
        raise Refused("newer", version=version)
    while version < VERSION:
        document = UPGRADES[version](document)
        version += 1
    document = {name: kind() for name, kind in SHAPES.items()} | document | {"version": VERSION}
    _check_shape(document)
    return document


def write(document):
    """The file of a document: bytes, the same for the same document."""
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode()


def texts(value):
    """All texts of a value, those of each language."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [text for item in value.values() for text in texts(item)]
    if isinstance(value, list):
        return [text for item in value for text in texts(item)]
    return []


def in_language(value, lang, fallback="en_US"):
    """A text in one language: the one asked for, else English, else any."""
    if not isinstance(value, dict):
        return value
    texts_ = value["languages"]
    return next((texts_[code] for code in (lang, fallback, *texts_) if texts_.get(code)), "")


def _no_number(name):
    raise ValueError(name)


def _look_into(document):
    """Depth and characters, without recursion: the file is a stranger's."""
    waiting = [(document, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise Refused("too_deep", depth=MAX_DEPTH)
        if isinstance(value, str):
            _check_characters(value)
        elif isinstance(value, dict):
            for name in value:
                _check_characters(name)
            waiting += [(item, depth + 1) for item in value.values()]
        elif isinstance(value, list):
            waiting += [(item, depth + 1) for item in value]


def _check_characters(text):
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise Refused("characters", text=ascii(text[:40])) from error
    if "\0" in text:
        raise Refused("characters", text=ascii(text[:40]))


def _check_shape(document):
    _need(document.keys() <= PARTS, ", ".join(sorted(document.keys() - PARTS)))
    for name, kind in SHAPES.items():
        _need(isinstance(document[name], kind) and len(document[name]) <= MAX_PARTS, name)
    scenario = document.get("scenario")
    _need(isinstance(scenario, dict), "scenario")
    _need(scenario.keys() <= {"name", "description", "settings", "steps", "lines"}, "scenario")
    _need(is_text(scenario.get("name")) and texts(scenario["name"]), "scenario.name")
    _need(is_text(scenario.get("description", "")), "scenario.description")
    _need(isinstance(scenario.setdefault("settings", {}), dict), "scenario.settings")
    _check_steps(scenario.get("steps"))
    _check_lines(scenario, "scenario")
    for key, entry in document["records"].items():
        _check_record(key, entry)
    for key in document["doors"]:
        _need(isinstance(key, str) and key in document["records"], "doors")
    for key, entry in document["files"].items():
        _need(isinstance(entry, dict) and entry.keys() == {"name", "mimetype", "data"}, f"files.{key}")
        _need(all(isinstance(item, str) for item in entry.values()), f"files.{key}")
    for key, question in document["questions"].items():
        _need(isinstance(question, dict) and question.keys() == {"type", "label"}, f"questions.{key}")
        _need(question["type"] == "date" and is_text(question["label"]), f"questions.{key}")
    _need(is_text(document["about"].get("summary", "")), "about.summary")


def _check_record(key, entry):
    place = f"records.{key}"
    _need(isinstance(entry, dict) and entry.keys() <= {"model", "name", "values", "lines", "ask", "needed"}, place)
    _need(isinstance(entry.get("model"), str) and is_text(entry.get("name")), place)
    _need(is_text(entry.get("ask", "")) and type(entry.get("needed", False)) is bool, place)
    _check_content(entry, place)


def _check_steps(steps):
    _need(isinstance(steps, list) and 0 < len(steps) <= MAX_PARTS, "scenario.steps")
    known, taken = set(), set()
    for number, node in enumerate(steps):
        place = f"scenario.steps[{number}]"
        _need(isinstance(node, dict), place)
        _need(node.keys() <= {"ref", "type", "parent", "outcome", "values", "lines"}, place)
        ref, parent = node.setdefault("ref", f"step-{number}"), node.setdefault("parent", None)
        node.setdefault("outcome", "next")
        _need(type(ref) in (int, str) and ref not in known, f"{place}.ref")
        _need(isinstance(node.get("type"), str), f"{place}.type")
        # one beginning, and each step behind the one it hangs on: no circle is possible
        _need(parent is None if not known else type(parent) in (int, str) and parent in known, f"{place}.parent")
        _need(isinstance(node["outcome"], str) and (parent, node["outcome"]) not in taken, f"{place}.outcome")
        known.add(ref)
        taken.add((parent, node["outcome"]))
        _check_content(node, place)


def _check_content(node, place):
    _need(isinstance(node.setdefault("values", {}), dict), f"{place}.values")
    _check_lines(node, place)


def _check_lines(node, place):
    _need(isinstance(node.setdefault("lines", {}), dict), f"{place}.lines")
    for name, lines in node["lines"].items():
        _need(isinstance(lines, list) and len(lines) <= MAX_PARTS, f"{place}.{name}")
        for number, line in enumerate(lines):
            _need(isinstance(line, dict) and line.keys() <= {"values", "lines"}, f"{place}.{name}[{number}]")
            _check_content(line, f"{place}.{name}[{number}]")


def is_text(value):
    """Whether a value is a text: a string, or one in several languages."""
    if isinstance(value, dict):
        languages = value.get("languages")
        return value.keys() == {"languages"} and isinstance(languages, dict) and _all_texts(languages.values())
    return isinstance(value, str)


def _all_texts(values):
    return all(isinstance(value, str) for value in values)


def _need(holds, place):
    if not holds:
        raise Refused("shape", place=place)
