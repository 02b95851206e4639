"""Which tests to run: pytest-like arguments turned into Odoo's test tags."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from toolbox import paths
from toolbox.console import DevError

ALL = f"/{paths.ADDON_NAME}"
WORDS = re.compile(r"\(|\)|[\w./:-]+")


class Test(NamedTuple):
    """One test method as written in a file."""

    file: Path
    class_name: str
    method: str

    @property
    def tag(self) -> str:
        """The tag that selects this test alone."""
        return f"{file_tag(self.file)}:{self.class_name}.{self.method}"


def tags(selected_paths: list[str], expression: str | None) -> str:
    """Return the value of ``--test-tags`` for paths (``tests/test_x.py::Class::method``) and a ``-k`` expression."""
    if expression:
        tests = [test for test in written_tests(selected_paths) if matches(expression, test)]
        if not tests:
            raise DevError(f"no test matches -k '{expression}'")
        return ",".join(test.tag for test in tests)
    return ",".join(path_tag(path) for path in selected_paths) or ALL


def path_tag(argument: str) -> str:
    """Return the tags for a file, folder, class or method."""
    name, *inside = argument.split("::")
    path = find(name)
    if path.is_dir():
        return ",".join(file_tag(file) for file in test_files(path))
    return file_tag(path) + (f":{inside[0]}" if inside else "") + (f".{inside[1]}" if len(inside) > 1 else "")


def find(name: str) -> Path:
    """Return a test file or folder named from here, from the repository or from the addon."""
    for base in (Path.cwd(), paths.ROOT, paths.ADDON, paths.ADDON / "tests"):
        path = (base / name).resolve()
        if path.exists() and path.is_relative_to(paths.ADDON):
            return path
    raise DevError(
        f"there is no test file {name}", "for example: python3 dev test tests/test_scenario.py::TestScenario"
    )


def file_tag(file: Path) -> str:
    """Return the tag of a whole test file."""
    return f"/{file.relative_to(paths.ROOT)}"


def test_files(folder: Path | None = None) -> list[Path]:
    """Return the test files below a folder, by default all of the addon's."""
    return sorted((folder or paths.ADDON / "tests").rglob("test_*.py"))


def written_tests(selected_paths: list[str]) -> Iterator[Test]:
    """Yield the tests in the given files, by default in all."""
    chosen = [find(name.split("::")[0]) for name in selected_paths] or [paths.ADDON / "tests"]
    for path in chosen:
        for file in test_files(path) if path.is_dir() else [path]:
            yield from tests_in(file)


def tests_in(file: Path) -> Iterator[Test]:
    """Yield the tests written in a file."""
    for node in ast.parse(file.read_text(), str(file)).body:
        if isinstance(node, ast.ClassDef):
            for member in node.body:
                if isinstance(member, ast.FunctionDef) and member.name.startswith("test"):
                    yield Test(file, node.name, member.name)


def matches(expression: str, test: Test) -> bool:
    """Tell whether a test's names fit an expression of words, ``and``, ``or``, ``not`` and parentheses."""
    names = f"{test.file.name}::{test.class_name}::{test.method}".lower()
    parts = [
        word if word in ("and", "or", "not", "(", ")") else str(word.lower() in names)
        for word in WORDS.findall(expression)
    ]
    try:
        # Only True, False, and, or, not and parentheses can stand here.
        return bool(eval(" ".join(parts), {}))
    except SyntaxError as error:
        raise DevError(f"-k '{expression}' cannot be read", "write for example: -k 'pause and not window'") from error
