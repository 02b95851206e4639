"""The walls of the house (readme/DEVELOP.md): what may know what, read from the code itself."""

import ast
import re
from pathlib import Path

from odoo.tests import BaseCase, TransactionCase, tagged

from ...models.enrollment.reasons import REASONS

ADDON = Path(__file__).parents[2]
MODELS = ADDON / "models"
# Where the types live; each file may name its own.
OPEN_SETS = {
    "step_type": MODELS / "steps",
    "kind": MODELS / "rules",  # the fields of a form have a kind of their own: see FORMS
    "event_type": MODELS / "automatism" / "events",
}
FOUNDATIONS = ("clock", "conflicts", "dry", "notice")  # below all rooms
FORMS = (MODELS / "engagement", ADDON / "controllers")


def modules(*folders):
    """Yield ``(path, syntax tree)`` of the Python files below folders of the addon."""
    for folder in folders:
        for path in sorted((ADDON / folder).rglob("*.py")):
            yield path, ast.parse(path.read_text(), str(path))


def floors():
    """Return the rooms in the order of ``models/__init__.py``."""
    return re.findall(r"^from \. import (\w+)$", (MODELS / "__init__.py").read_text(), re.M)


def room_of(parts):
    """Return the room that a dotted path below the addon lies in, or None."""
    return parts[1] if len(parts) > 1 and parts[0] == "models" and parts[1] not in FOUNDATIONS else None


@tagged("post_install", "-at_install")
class TestArchitecture(BaseCase):
    def test_each_room_is_a_floor(self):
        folders = {path.name for path in MODELS.iterdir() if path.is_dir() and path.name != "__pycache__"}
        self.assertEqual(folders, set(floors()))

    def test_imports_go_down_only(self):
        order = {room: number for number, room in enumerate(floors())}
        upward = []
        for path, tree in modules("models", "tools"):
            here = path.relative_to(ADDON).with_suffix("").parts
            own = room_of(here)
            for node in ast.walk(tree):
                if not isinstance(node, ast.ImportFrom) or not node.level or path.name == "__init__.py":
                    continue
                base = (*here[: -node.level], *(node.module or "").split("."))
                for alias in node.names:
                    other = room_of([part for part in (*base, alias.name) if part])
                    if other and (own is None or order[other] > order[own]):
                        upward.append(f"{'/'.join(here)} imports {other}")
        self.assertFalse(upward)

    def test_sql_stands_in_the_sql_file_of_its_room(self):
        found = []
        for path, tree in modules("models", "wizards", "controllers", "demo", "report"):
            # dry.py is a cursor: it hands statements on and has none of its own
            for node in ast.walk(tree) if path.name not in ("sql.py", "dry.py") else ():
                called = node.func if isinstance(node, ast.Call) else None
                name = getattr(called, "attr", getattr(called, "id", None))
                if name in ("execute", "execute_query", "execute_values", "executemany", "mogrify") or name == "SQL":
                    found.append(f"{path.relative_to(ADDON)}:{node.lineno}")
        self.assertFalse(found)

    def test_an_sql_file_imports_no_records(self):
        for path, tree in modules("models"):
            if path.name == "sql.py":
                with self.subTest(path.parent.name):
                    names = {
                        alias.name
                        for node in ast.walk(tree)
                        if isinstance(node, ast.ImportFrom)
                        for alias in node.names
                    }
                    self.assertFalse(names & {"models", "api", "fields"})

    def test_each_reason_has_a_writer_that_can_be_found(self):
        written = {
            node.value
            for path, tree in modules("models", "wizards")
            if path.name != "reasons.py"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        written |= set(re.findall(r"'(\w+)'", " ".join(path.read_text() for path in MODELS.rglob("sql.py"))))
        self.assertFalse({code for code, _sentence in REASONS} - written)

    def test_one_clock(self):
        found = []
        for path, tree in modules("models", "wizards", "controllers"):
            for node in ast.walk(tree) if path.name != "clock.py" else ():
                if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                    if ast.unparse(node.value) in (
                        "datetime",
                        "datetime.datetime",
                        "fields.Datetime",
                        "date",
                        "fields.Date",
                    ):
                        found.append(f"{path.relative_to(ADDON)}:{node.lineno}")
        self.assertFalse(found)

    def test_jobs_of_the_night_begin_again(self):
        """One that meets a user is no error (``conflicts.nightly``)."""
        found = [
            f"{path.relative_to(ADDON)}:{node.lineno}"
            for path, tree in modules("models")
            for node in ast.walk(tree)
            if path.name != "conflicts.py" and isinstance(node, ast.Attribute) and node.attr == "autovacuum"
        ]
        self.assertFalse(found)


@tagged("post_install", "-at_install")
class TestOpenSets(TransactionCase):
    """A step type, a rule kind and a kind of event are named in their own file only: anyone may add one."""

    def codes(self):
        """``{field: its codes}`` as the registry has them now."""
        return {
            "step_type": set(dict(self.env["marketing.scenario.step"]._fields["step_type"].selection)),
            "kind": set(dict(self.env["marketing.scenario.rule"]._fields["kind"].selection)),
            "event_type": set(dict(self.env["marketing.automatism"]._fields["event_type"].selection)),
        }

    def test_python_names_no_type(self):
        codes = self.codes()
        found = []
        for path, tree in modules("models", "wizards", "controllers"):
            for field, values in codes.items():
                if OPEN_SETS[field] in path.parents or field == "kind" and set(FORMS) & set(path.parents):
                    continue
                found += [
                    f"{path.relative_to(ADDON)}:{line} {field} {value}"
                    for line, value in named(tree, field)
                    if value in values
                ]
        self.assertFalse(found)

    def test_javascript_names_no_step_type(self):
        types = self.codes()["step_type"]
        found = []
        for path in sorted((ADDON / "static" / "src").rglob("*.js")) + sorted(
            (ADDON / "static" / "src").rglob("*.xml")
        ):
            for quoted in re.findall(r"step_type\s*[!=]==?\s*['\"](\w+)['\"]", path.read_text()):
                if quoted in types:
                    found.append(f"{path.relative_to(ADDON)}: {quoted}")
        self.assertFalse(found)

    def test_buttons_are_pressed_in_the_language_of_the_user(self):
        """The web client sends the context that it is given here, and no other: the server would answer in English."""
        found = []
        for path in sorted((ADDON / "static" / "src").rglob("*.js")):
            for pressed in re.findall(r"doActionButton\(\{(.*?)\n +\}\)", path.read_text(), re.S):
                if not re.search(r"context: [^{]|context: \{ ?\.\.\.", pressed):
                    found.append(str(path.relative_to(ADDON)))
        self.assertFalse(found)


def named(tree, field):
    """Yield ``(line, value)`` wherever code holds ``field`` against a constant: a comparison, a domain, a dict."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(getattr(side, "attr", getattr(side, "id", None)) == field for side in sides):
                yield from constants(sides)
        elif isinstance(node, ast.Tuple) and len(node.elts) == 3 and is_text(node.elts[0], field):
            yield from constants(node.elts[2:])
        elif (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", "") == "Domain"
            and node.args
            and is_text(node.args[0], field)
        ):
            yield from constants(node.args[2:])
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if key is not None and is_text(key, field):
                    yield from constants([value])


def is_text(node, text):
    """Tell whether a node is this constant, alone or as the end of a path."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.split(".")[-1] == text


def constants(nodes):
    """Yield ``(line, text)`` of the texts in these expressions."""
    for node in nodes:
        for inner in ast.walk(node):
            if isinstance(inner, ast.Constant) and isinstance(inner.value, str):
                yield inner.lineno, inner.value
