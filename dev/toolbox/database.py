"""Databases with their filestores: they are made, copied and dropped together."""

import os
import shutil
import subprocess
from pathlib import Path

from toolbox import paths
from toolbox.console import DevError
from toolbox.postgres import Server
from toolbox.postgres_programs import program


def data_dir(server: Server) -> Path:
    """Return Odoo's data folder for the databases of a server."""
    return paths.WORK / "data" / server.name


def filestore(server: Server, name: str) -> Path:
    """Return where Odoo keeps the attachments of a database."""
    return data_dir(server) / "filestore" / name


def quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'


def names(server: Server) -> list[str]:
    """Return the databases of the server."""
    return server.sql("SELECT datname FROM pg_database WHERE NOT datistemplate ORDER BY 1").splitlines()


def exists(server: Server, name: str) -> bool:
    """Tell whether a database exists."""
    return name in names(server)


def drop(server: Server, name: str) -> None:
    """Drop a database if it exists, no matter who is connected to it."""
    server.sql(f"DROP DATABASE IF EXISTS {quoted(name)} WITH (FORCE)")
    shutil.rmtree(filestore(server, name), ignore_errors=True)


def rename(server: Server, old: str, new: str) -> None:
    """Rename a database that nobody uses; the name appears only once the filestore is in place."""
    target = filestore(server, new)
    shutil.rmtree(target, ignore_errors=True)
    if filestore(server, old).is_dir():
        os.rename(filestore(server, old), target)
    server.sql(f"ALTER DATABASE {quoted(old)} RENAME TO {quoted(new)}")


def clone(server: Server, source: str, target: str) -> None:
    """Copy a database that nobody uses, with its filestore, over whatever the target was."""
    drop(server, target)
    if filestore(server, source).is_dir():
        shutil.copytree(filestore(server, source), filestore(server, target))
    server.sql(f"CREATE DATABASE {quoted(target)} TEMPLATE {quoted(source)}")


def skip_ids(server: Server, name: str, number: int) -> None:
    """Leave out so many ids of every table."""
    server.sql(
        "SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, coalesce(last_value, 1)"
        f" + {number}) FROM pg_sequences",
        name,
    )


def transfer(source: Server, target: Server, name: str) -> None:
    """Copy a database to another server, where it appears once it is complete."""
    scratch = f"building_{name}"
    drop(target, scratch)
    target.sql(f"CREATE DATABASE {quoted(scratch)} TEMPLATE template0")
    dump = subprocess.Popen([program("pg_dump"), "-Fc", "-Z0", name], env=source.environment(), stdout=subprocess.PIPE)
    restore = [program("pg_restore"), "--no-owner", "-d", scratch]
    restored = subprocess.run(restore, env=target.environment(), stdin=dump.stdout)
    dump.stdout.close()
    if dump.wait() or restored.returncode:
        raise DevError(f"copying the database {name} to the cluster '{target.name}'")
    shutil.copytree(filestore(source, name), filestore(target, scratch), dirs_exist_ok=True)
    rename(target, scratch, name)
