"""Where everything is kept. All that the tool makes lies in ``.dev`` beside ``dev``."""

import os
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOL = ROOT / "dev"
WORK = ROOT / ".dev"
LOGS = WORK / "log"
STATE = WORK / "state"
ADDON_NAME = "marketing_scenario"
ADDON = ROOT / ADDON_NAME


def outside() -> Path:
    """Return the folder used when ``.dev`` cannot serve: too private for the PostgreSQL user.

    Its name depends on the checkout, so that two checkouts never share a database cluster.
    """
    return Path("/var/tmp") / f"{ADDON_NAME}-{os.getuid()}-{zlib.crc32(str(WORK).encode()):08x}"


def make_work_folders() -> None:
    """Create the folders that every command expects."""
    for folder in (WORK, LOGS, STATE):
        folder.mkdir(parents=True, exist_ok=True)
