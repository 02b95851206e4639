"""Prettier and ESLint, installed with the machine's npm from the lock file beside package.json."""

import hashlib
import os
import shutil
from pathlib import Path

from toolbox import paths
from toolbox.console import DevError, run_logged, step
from toolbox.locks import built_folder, exclusive

DESCRIPTION = paths.TOOL / "node"
FOLDER = paths.WORK / "node"
MARKER = FOLDER / ".done"
FILES = ("package.json", "package-lock.json")


def ensure() -> None:
    """Install the packages unless these very ones are there."""
    wanted = hashlib.sha256(b"".join((DESCRIPTION / name).read_bytes() for name in FILES)).hexdigest()
    if MARKER.exists() and MARKER.read_text() == wanted:
        return
    if not shutil.which("npm"):
        raise DevError(
            "npm is missing: JavaScript and XML cannot be checked",
            "install Node.js 18.18 or newer with npm, then repeat.",
        )
    with exclusive("node"), built_folder(FOLDER) as folder:
        step("installing prettier, eslint and what is bundled")
        for name in FILES:
            shutil.copy(DESCRIPTION / name, folder)
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
        run_logged(
            command, paths.LOGS / "npm.log", "npm ci", "check the network and npm's settings, then repeat.", cwd=folder
        )
        (folder / ".done").write_text(wanted)


def program(name: str) -> Path:
    """Return one of the installed programs."""
    return FOLDER / "node_modules" / ".bin" / name


def environment() -> dict[str, str]:
    """Return the environment in which settings at the repository's root find the packages."""
    return {**os.environ, "NODE_PATH": str(FOLDER / "node_modules")}
