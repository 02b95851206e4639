"""``python3 dev lint``: the style of Python, JavaScript, XML and style sheets.

ruff checks and formats Python, pylint-odoo knows Odoo's own traps, prettier formats the rest and eslint checks
JavaScript.
"""

import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from toolbox import node_tools, paths, python_env
from toolbox.console import say
from toolbox.preparation import prepare

SKIPPED_FOLDERS = {".git", ".dev", "lib", "node_modules", "build", "dist"}
FORMATTED = (".js", ".cjs", ".xml", ".css", ".scss")
SCRIPTS = (".js", ".cjs")


def add_arguments(parser) -> None:
    """Say whether to repair."""
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired")


def main(options) -> int:
    """Run every check, also after one has failed."""
    prepare()
    node_tools.ensure()
    failed = [name for name, check in checks(options.fix).items() if not passes(name, check)]
    say(
        f"FAILED: {', '.join(failed)} (python3 dev lint --fix repairs what it can)"
        if failed
        else "everything is in style"
    )
    return 1 if failed else 0


def checks(fix: bool) -> dict[str, Callable[[], int]]:
    """Return the checks by name; each returns an exit status."""
    formatted, scripts = list(files(FORMATTED)), list(files(SCRIPTS))
    return {
        "ruff check": lambda: python_tool("ruff", "check", "--quiet", *(["--fix"] if fix else []), paths.ROOT),
        "ruff format": lambda: python_tool("ruff", "format", "--quiet", *([] if fix else ["--diff"]), paths.ROOT),
        "pylint-odoo": pylint_odoo,
        "prettier": lambda: node_tools.run(
            "prettier", ["--log-level=warn", "--write" if fix else "--check", *formatted]
        ),
        "eslint": lambda: node_tools.run("eslint", [*(["--fix"] if fix else []), *scripts]),
    }


def passes(name: str, check: Callable[[], int]) -> bool:
    """Run one check and tell how it went."""
    since = time.monotonic()
    good = check() == 0
    say(f"    {name}: {'good' if good else 'FAILED'} ({time.monotonic() - since:.1f} s)")
    return good


def python_tool(name: str, *arguments) -> int:
    """Run a program of the Python environment from the repository's folder."""
    return subprocess.run([python_env.VENV / "bin" / name, *arguments], cwd=paths.ROOT).returncode


def pylint_odoo() -> int:
    """Check the addon, if it is there: pylint complains about a folder without a manifest."""
    if not (paths.ADDON / "__manifest__.py").exists():
        return 0
    return python_tool("pylint", "--rcfile", paths.ROOT / ".pylintrc", paths.ADDON)


def files(suffixes: Iterable[str]) -> Iterable[Path]:
    """Yield the repository's files of a kind, less what others wrote."""
    for path in sorted(paths.ROOT.rglob("*")):
        parts = path.relative_to(paths.ROOT).parts
        if path.suffix in suffixes and path.is_file() and not SKIPPED_FOLDERS & set(parts):
            yield path.relative_to(paths.ROOT)
