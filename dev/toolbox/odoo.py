"""Running Odoo: its configuration file, its environment, its command lines."""

import os
import socket
import subprocess
from pathlib import Path

from toolbox import database, odoo_source, paths, postgres, postgres_programs, python_env
from toolbox.console import DevError

ROOT_REMARK = "Running as user 'root'"


def write_config(path: Path, server: postgres.Server, **options) -> Path:
    """Write an Odoo configuration file for a database server; ``options`` add to or replace what stands in it."""
    settings = {
        "addons_path": ",".join(str(folder) for folder in (paths.ROOT, *odoo_source.get().addons_paths)),
        "data_dir": database.data_dir(server),
        "http_interface": "127.0.0.1",
        **server.odoo_options(),
        **options,
    }
    database.data_dir(server).mkdir(parents=True, exist_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    # The user's database password may stand in it.
    path.touch(mode=0o600)
    path.write_text("[options]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items()))
    return path


def config_for(server: postgres.Server) -> Path:
    """Write and return the configuration file of a server's everyday commands."""
    return write_config(paths.WORK / "conf" / f"{server.name}.conf", server)


def command(*arguments) -> list[str]:
    """Return the command line that starts Odoo."""
    # Started as a script, not as a module: the websocket child process of a prefork server needs that.
    return [str(python_env.PYTHON), str(odoo_source.get().script), *map(str, arguments)]


def environment() -> dict[str, str]:
    """Return the environment in which Odoo runs."""
    search_path = [str(postgres_programs.bundled()), str(python_env.VENV / "bin"), os.environ.get("PATH", "")]
    return {
        **os.environ,
        "PATH": os.pathsep.join(search_path),
        "PYTHONPATH": str(odoo_source.get().site),
        "PYTHONUNBUFFERED": "1",
        # Else its examples would be kept wherever a test happens to be started.
        "HYPOTHESIS_STORAGE_DIRECTORY": str(paths.WORK / "hypothesis"),
    }


def run(server: postgres.Server, name: str, arguments: list, log: Path, what: str) -> None:
    """Run Odoo on a database until it stops; its log goes to a file, a failure shows the end of it."""
    line = command("-c", config_for(server), "-d", name, "--no-http", "--stop-after-init", *arguments)
    with log.open("w") as output:
        result = subprocess.run(
            line, env=environment(), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
        )
    if result.returncode:
        raise DevError(f"{what} (exit status {result.returncode})", f"read the whole log: {log}", log)


def run_script(server: postgres.Server, name: str, script: str) -> str:
    """Run Python lines in ``odoo shell`` and return what they print; changes need ``env.cr.commit()``."""
    line = command("shell", "-c", config_for(server), "-d", name, "--no-http", "--log-level=error")
    result = subprocess.run(line, env=environment(), input=script, capture_output=True, text=True)
    if result.returncode or "Traceback (most recent call last)" in result.stderr:
        raise DevError(f"a script in the database {name} failed:\n{result.stderr}")
    return result.stdout


def compile_assets(server: postgres.Server, name: str) -> None:
    """Compile the web client's bundles into a database, so that its first page does not wait for them."""
    run_script(server, name, "env['ir.qweb']._pregenerate_assets_bundles()\nenv.cr.commit()\n")


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
