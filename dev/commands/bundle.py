"""``python3 dev bundle``: make the libraries in ``static/lib`` from the npm packages pinned in ``dev/node``."""

import json
import re
import subprocess
from pathlib import Path

from toolbox import node_tools, paths
from toolbox.console import DevError, say

ENTRY = paths.TOOL / "node" / "d3.js"
TARGET = paths.ADDON / "static" / "lib" / "d3"
OPTIONS = (
    "--bundle",
    "--format=iife",
    "--global-name=d3",
    "--target=es2020",
    "--charset=utf8",
    "--legal-comments=none",
)


def add_arguments(parser) -> None:
    """Say whether to compare only."""
    parser.add_argument("--check", action="store_true", help="change nothing; exit status 1 when a file differs")


def main(options) -> int:
    """Write the files, or compare them with what would be written."""
    node_tools.ensure()
    differing = [name for name, text in wanted().items() if text != current(name)]
    if options.check:
        say(f"FAILED: {', '.join(differing)} differ (python3 dev bundle)" if differing else "static/lib is as bundled")
        return 1 if differing else 0
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in differing:
        (TARGET / name).write_text(wanted()[name])
    say(f"written: {', '.join(differing) or 'nothing new'}")
    return 0


def current(name: str) -> str:
    """Return the text of a file as it is, or nothing."""
    path = TARGET / name
    return path.read_text() if path.exists() else ""


def wanted() -> dict[str, str]:
    """Return the files of the library by name: the module, and the licenses of all that is in it."""
    packages = bundled_packages()
    versions = ", ".join(f"{package['name']} {package['version']}" for package, _license in packages)
    names = sorted(name.strip() for part in re.findall(r"{(.*?)}", ENTRY.read_text()) for name in part.split(","))
    head = f"/** @odoo-module */\n// {versions}\n// Made by: python3 dev bundle (licenses: LICENSE)\n"
    exports = "".join(f"export const {name} = d3.{name};\n" for name in names)
    licenses = [f"{package['name']} {package['version']}\n\n{text.strip()}\n" for package, text in packages]
    return {"d3.js": head + bundled() + exports, "LICENSE": ("\n" + "-" * 80 + "\n\n").join(licenses)}


def bundled(*options: str) -> str:
    """Return what esbuild makes of the entry file."""
    environment = {**node_tools.environment(), "NODE_PATH": str(node_tools.FOLDER / "node_modules")}
    command = [node_tools.program("esbuild"), str(ENTRY), *OPTIONS, *options]
    # from its own folder: the paths that esbuild writes are the same on each machine
    result = subprocess.run(command, cwd=node_tools.FOLDER, env=environment, capture_output=True, text=True)
    if result.returncode:
        raise DevError(f"esbuild could not bundle {ENTRY.name}", result.stderr)
    return result.stdout


def bundled_packages() -> list[tuple[dict, str]]:
    """Return the packages that came into the bundle, each with the text of its license."""
    folder = node_tools.FOLDER / "node_modules"
    names = sorted(set(re.findall(r"node_modules/(d3-[a-z]+)/", bundled())))
    return [(json.loads((folder / name / "package.json").read_text()), license_text(folder / name)) for name in names]


def license_text(package: Path) -> str:
    """Return a package's license."""
    return next(path for path in sorted(package.iterdir()) if path.name.upper().startswith("LICENSE")).read_text()
