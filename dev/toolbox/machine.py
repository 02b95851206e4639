"""Facts about the machine and its package manager."""

import os
import shutil
from pathlib import Path

from toolbox import paths
from toolbox.console import DevError, run_logged, step


def cores() -> int:
    """Return how many processes of ours can work at once."""
    return len(os.sched_getaffinity(0))


def is_root() -> bool:
    """Tell whether the command runs as root."""
    return os.geteuid() == 0


def can_install() -> bool:
    """Tell whether system packages can be installed: as root, with apt."""
    return is_root() and shutil.which("apt-get") is not None


def install_packages(*names: str) -> None:
    """Install system packages with the machine's own apt settings."""
    step(f"installing the system packages {' '.join(names)} (progress in {paths.LOGS / 'apt.log'})")
    log = paths.LOGS / "apt.log"
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    advice = f"install them by hand (apt-get install {' '.join(names)}), then repeat the command."
    run_logged(["apt-get", "-q", "update"], log, "apt-get update", advice, env=environment)
    install = ["apt-get", "-q", "-y", "install", "--no-install-recommends", *names]
    run_logged(install, log, f"installing {' '.join(names)}", advice, env=environment)


def require_packages(reason: str, *names: str) -> None:
    """Install system packages, or say that the user has to."""
    if not can_install():
        raise DevError(reason, f"as root: apt-get install {' '.join(names)}; then repeat the command.")
    install_packages(*names)


def apt_source_files() -> list[Path]:
    """Return the files in which the machine names its package sources."""
    folder = Path("/etc/apt/sources.list.d")
    files = [Path("/etc/apt/sources.list"), *sorted(folder.glob("*.list")), *sorted(folder.glob("*.sources"))]
    return [file for file in files if file.is_file()]
