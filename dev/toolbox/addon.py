"""What the tool needs to know about the addon: its manifest and whether its files changed."""

import ast
import hashlib
from collections.abc import Iterator
from pathlib import Path

from toolbox import paths
from toolbox.console import DevError

# Installed beside the addon, as Odoo would do by itself for bridges: they change what the addon meets.
COMPANIONS = ("base_automation", "mass_mailing_crm", "mass_mailing_crm_sms")
# Read from disk while the server runs, or only by tests: a change there needs no update of the database.
NOT_INSTALLED = ("tests", "static", "readme", "__pycache__")
NOT_INSTALLED_SUFFIXES = (".md", ".rst", ".pyc", ".pot")


def manifest() -> dict:
    """Return the addon's manifest."""
    file = paths.ADDON / "__manifest__.py"
    if not file.is_file():
        raise DevError(f"{file} does not exist", "this command needs the addon beside the folder dev.")
    return ast.literal_eval(file.read_text())


def installed_files() -> Iterator[Path]:
    """Yield the files that decide what the installed addon looks like in the database."""
    for path in sorted(paths.ADDON.rglob("*")):
        parts = path.relative_to(paths.ADDON).parts
        hidden = any(part.startswith(".") for part in parts)
        skipped = hidden or set(parts) & set(NOT_INSTALLED) or path.suffix in NOT_INSTALLED_SUFFIXES
        if path.is_file() and not skipped:
            yield path


def fingerprint() -> str:
    """Return a short hash of the addon's installed files."""
    digest = hashlib.sha256()
    for path in installed_files():
        digest.update(f"{path.relative_to(paths.ADDON)}\0".encode())
        digest.update(path.read_bytes())
        digest.update(b"\0")
    return digest.hexdigest()[:12]
