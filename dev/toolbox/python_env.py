"""The Python environment of Odoo and of the checks, made from the lock file."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

from toolbox import machine, paths
from toolbox.console import DevError, run_logged, step

VENV = paths.WORK / "venv"
PYTHON = VENV / "bin" / "python"
LOCK = paths.TOOL / "requirements.lock"
UV = "uv==0.13.9"
LOG = paths.LOGS / "python_env.log"
MARKER = VENV / ".done"


def ensure() -> None:
    """Make the environment, or bring it up to date with the lock file."""
    wanted = fingerprint()
    if MARKER.exists() and MARKER.read_text() == wanted and PYTHON.exists():
        return
    MARKER.unlink(missing_ok=True)
    step("installing the Python packages")
    create()
    install()
    MARKER.write_text(wanted)


def fingerprint() -> str:
    """Return what the environment depends on: the lock file and the Python that made it."""
    return f"{sys.version_info[:2]} {hashlib.sha256(LOCK.read_bytes()).hexdigest()}"


def create() -> None:
    """Create an empty environment; one that is half made is made anew."""
    try:
        import ensurepip  # noqa: F401, PLC0415 - Debian ships it apart
    except ImportError:
        machine.require_packages(
            "Python's module venv is missing", f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
        )
    run_logged([sys.executable, "-m", "venv", "--clear", VENV], LOG, "creating the Python environment")


def install() -> None:
    """Install the locked packages with uv, which is fast, else with pip, which heeds every pip setting."""
    advice = f"check the network and pip's settings, then repeat the command. Everything is in {LOG}."
    if try_uv():
        return
    command = [PYTHON, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", LOCK]
    run_logged(command, LOG, "installing the Python packages", advice)


def try_uv() -> bool:
    """Install with uv; tell whether that worked."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    index = pip_index(pip)
    environment = {**os.environ, "UV_SYSTEM_CERTS": "true", **({"UV_DEFAULT_INDEX": index} if index else {})}
    try:
        run_logged([*pip, "install", "-q", UV], LOG, "installing uv")
        command = [VENV / "bin" / "uv", "pip", "install", "-q", "--python", PYTHON, "-r", LOCK]
        run_logged(command, LOG, "installing with uv", env=environment)
    except DevError:
        step("uv did not manage, going on with pip")
        return False
    return True


def pip_index(pip: list) -> str:
    """Return the package index that pip is configured to use, for uv does not read pip's settings."""
    if os.environ.get("PIP_INDEX_URL"):
        return os.environ["PIP_INDEX_URL"]
    result = subprocess.run([*pip, "config", "get", "global.index-url"], capture_output=True, text=True)
    return result.stdout.strip() if result.returncode == 0 else ""


def site_packages() -> Path:
    """Return the folder of the installed packages."""
    return next((VENV / "lib").glob("python3.*")) / "site-packages"
