"""``python3 dev lint``: the style of Python, JavaScript, XML and style sheets.

ruff checks and formats Python, pylint-odoo knows Odoo's own traps, prettier formats the rest and eslint checks
JavaScript. What is bundled into ``static/lib`` is compared with its packages.
"""

import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from toolbox import node_tools, paths, python_env
from toolbox.console import say
from toolbox.preparation import prepare

SKIPPED_FOLDERS = {".git", ".dev", "lib", "node_modules", "build", "dist"}
FORMATTED = (".js", ".cjs", ".xml", ".css", ".scss")
SCRIPTS = (".js", ".cjs")

Check = Callable[[], subprocess.CompletedProcess]


def add_arguments(parser) -> None:
    """Say whether to repair."""
    parser.add_argument("--fix", action="store_true", help="repair what can be repaired")


def main(options) -> int:
    """Run every check, also after one has failed."""
    prepare()
    node_tools.ensure()
    # Repairs touch the same files one after the other; mere checks share the cores, the longest first.
    with ThreadPoolExecutor(max_workers=1 if options.fix else 2) as pool:
        running = {name: pool.submit(timed, check) for name, check in checks(options.fix).items()}
        failed = [name for name, result in running.items() if not passed(name, *result.result())]
    say(
        f"FAILED: {', '.join(failed)} (python3 dev lint --fix repairs what it can)"
        if failed
        else "everything is in style"
    )
    return 1 if failed else 0


def checks(fix: bool) -> dict[str, Check]:
    """Return the checks by name."""
    formatted, scripts = list(files(FORMATTED)), list(files(SCRIPTS))
    repair = ["--fix"] if fix else []
    # pylint complains about a folder without a manifest.
    addon = [paths.ADDON_NAME] if (paths.ADDON / "__manifest__.py").exists() else []
    wanted = {
        "pylint-odoo": addon and [python_tool("pylint"), "--rcfile", paths.ROOT / ".pylintrc", *addon],
        "ruff format": [python_tool("ruff"), "format", "--quiet", *([] if fix else ["--diff"]), "."],
        "ruff check": [python_tool("ruff"), "check", "--quiet", "--output-format=concise", *repair, "."],
        "prettier": formatted
        and [node_tools.program("prettier"), "--log-level=warn", "--write" if fix else "--check", *formatted],
        "eslint": scripts and [node_tools.program("eslint"), *repair, *scripts],
        "bundle": [sys.executable, paths.TOOL, "bundle", *([] if fix else ["--check"])],
    }
    return {name: partial(run_check, command) for name, command in wanted.items() if command}


def python_tool(name: str) -> Path:
    """Return a program of the Python environment."""
    return python_env.VENV / "bin" / name


def run_check(command: list) -> subprocess.CompletedProcess:
    """Run a check from the repository's folder, where its settings are."""
    return subprocess.run(
        command,
        cwd=paths.ROOT,
        env=node_tools.environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def timed(check: Check) -> tuple[subprocess.CompletedProcess, float]:
    """Run a check and measure how long it takes."""
    since = time.monotonic()
    return check(), time.monotonic() - since


def passed(name: str, result: subprocess.CompletedProcess, seconds: float) -> bool:
    """Show what a check has to say and tell whether it is content."""
    print(result.stdout, end="", flush=True)
    say(f"    {name}: {'FAILED' if result.returncode else 'good'} ({seconds:.1f} s)")
    return result.returncode == 0


def files(suffixes: Iterable[str]) -> Iterable[Path]:
    """Yield the repository's files of a kind, less what others wrote."""
    for path in sorted(paths.ROOT.rglob("*")):
        parts = path.relative_to(paths.ROOT).parts
        if path.suffix in suffixes and path.is_file() and not SKIPPED_FOLDERS & set(parts):
            yield path.relative_to(paths.ROOT)
