"""What ``dev/e2e``, ``dev/bench`` and ``dev/faults`` build on: databases, Odoo servers and PostgreSQL, ready to use.

``python3 dev e2e`` (or ``bench``, ``faults``) does the set-up and then runs ``dev/e2e.py`` or ``dev/e2e/__main__.py``
with the Python of the prepared environment: ``odoo``, ``psycopg2``, ``playwright``, ``aiosmtpd`` can be imported.
The script's arguments are those of the command. Its exit status is the command's.

    from env import environment, fresh_database, start_server

    with fresh_database("e2e", demo=True) as database:
        with start_server(database, cron_threads=1) as server:
            server.url                                   # http://127.0.0.1:PORT, answering
            database.sql("SELECT count(*) FROM crm_lead")
            run_script(database, "print(env.user.name)")  # odoo shell

Everything is stopped and dropped at the end of the ``with``, or by ``stop()`` and ``drop()``.
Failures are raised as ``DevError``; ``main_guard(main)`` runs a script's main function and tells them as the tool does.
"""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from toolbox import browser, database, odoo, odoo_source, paths, postgres, python_env, templates
from toolbox.console import DevError, say, step
from toolbox.odoo import free_port
from toolbox.process import OdooServer

__all__ = [
    "Database",
    "DevError",
    "Environment",
    "OdooServer",
    "environment",
    "free_port",
    "fresh_database",
    "main_guard",
    "run_odoo",
    "run_script",
    "say",
    "start_server",
    "step",
    "write_config",
]


class Environment(NamedTuple):
    """Where everything is."""

    python: Path  #: the Python that has Odoo's requirements
    odoo_script: Path  #: odoo-bin
    odoo_site: Path  #: the folder to put on PYTHONPATH for "import odoo"
    root: Path  #: the repository
    addon: Path  #: the addon's folder
    work: Path  #: .dev: put your own results and scratch files below it
    logs: Path  #: .dev/log
    chromium: str | None  #: the browser's program, or None
    process_environment: dict[str, str]  #: for subprocesses that run Odoo


def environment() -> Environment:
    """Return where everything is. The set-up has been done by the command that runs the script."""
    source = odoo_source.get()
    return Environment(
        python=python_env.PYTHON,
        odoo_script=source.script,
        odoo_site=source.site,
        root=paths.ROOT,
        addon=paths.ADDON,
        work=paths.WORK,
        logs=paths.LOGS,
        chromium=browser.path(),
        process_environment=odoo.environment(),
    )


class Database:
    """A database of one's own. ``server`` is its PostgreSQL: ``start()``; if durable also ``stop()`` and ``kill()``."""

    def __init__(self, name: str, server: postgres.Server):
        self.name = name
        self.server = server

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *details) -> None:
        self.drop()

    @property
    def connection_options(self) -> dict[str, str]:
        """The keyword arguments of ``psycopg2.connect``."""
        options = {name.removeprefix("db_"): value for name, value in self.server.odoo_options().items()}
        return {**options, "dbname": self.name}

    @property
    def filestore(self) -> Path:
        """The folder of the attachments."""
        return database.filestore(self.server, self.name)

    def connect(self):
        """Return a new psycopg2 connection."""
        import psycopg2  # noqa: PLC0415 - only the prepared Python has it

        return psycopg2.connect(**self.connection_options)

    def sql(self, statement: str) -> str:
        """Run SQL through psql; return its bare output, fields separated by ``|``."""
        return self.server.sql(statement, self.name)

    def clone(self, name: str) -> "Database":
        """Return a copy under another name; nobody may be connected to this one."""
        database.clone(self.server, self.name, name)
        return Database(name, self.server)

    def drop(self) -> None:
        """Drop the database and its attachments, no matter who is connected."""
        self.server.start()
        database.drop(self.server, self.name)


def fresh_database(name: str, install: bool = True, demo: bool = False, durable: bool = False) -> Database:
    """Return a new database, replacing one of that name: a copy of a template, so it takes about a second.

    :param install: with the addon installed; otherwise with its dependencies only
    :param demo: with demo data
    :param durable: on a cluster of its own kind that survives a crash (fsync on) and may be stopped and killed;
        otherwise on the fast cluster that the tests share, which nobody may stop
    """
    server = postgres.server(postgres.DURABLE if durable else postgres.FAST)
    templates.copy(server, name, install, demo)
    return Database(name, server)


def write_config(path: Path, target: Database, **options) -> Path:
    """Write an Odoo configuration file for a database's server; options such as ``workers=2`` add to it."""
    return odoo.write_config(path, target.server, db_name=target.name, **options)


def start_server(
    target: Database,
    port: int | None = None,
    workers: int = 0,
    cron_threads: int = 2,
    extra: tuple[str, ...] = (),
    log: Path | None = None,
    wait: bool = True,
    **options,
) -> OdooServer:
    """Start an Odoo server on a database and wait until it answers.

    :param port: by default a free one; a prefork server (``workers`` > 0) has its websocket on another free one
    :param cron_threads: 0 for no scheduled jobs
    :param extra: more command line arguments
    :param log: the log file, which is appended to; by default ``.dev/log/server_NAME_PORT.log``
    :param wait: return at once if False; call ``wait_ready()`` later
    :param options: more settings of the configuration file, such as ``smtp_port=2525`` or ``limit_time_real_cron=20``
    """
    port = port or free_port()
    log = log or paths.LOGS / f"server_{target.name}_{port}.log"
    settings = {
        "http_port": port,
        "gevent_port": free_port(),
        "workers": workers,
        "max_cron_threads": cron_threads,
        **options,
    }
    config = write_config(paths.WORK / "conf" / f"server_{target.name}_{port}.conf", target, **settings)
    with log.open("a") as output:
        process = subprocess.Popen(
            odoo.command("-c", config, "--skip-auto-install", *extra),
            env=odoo.environment(),
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    server = OdooServer(process, port, log)
    if wait:
        try:
            server.wait_ready()
        except DevError:
            server.stop()
            raise
    return server


def run_odoo(target: Database, *arguments: str, log: Path | None = None) -> None:
    """Run Odoo on a database with ``--stop-after-init``, for example ``run_odoo(db, "-u", "crm")``."""
    log = log or paths.LOGS / f"odoo_{target.name}.log"
    odoo.run(target.server, target.name, ["--skip-auto-install", *arguments], log, f"odoo {' '.join(arguments)}")


def run_script(target: Database, script: str) -> str:
    """Run Python lines in ``odoo shell`` and return what they print; ``env.cr.commit()`` keeps changes."""
    return odoo.run_script(target.server, target.name, script)


def main_guard(main: Callable[[], int | None]) -> None:
    """Run a script's main function and exit with its status; a DevError is told with its advice."""
    # As an exception, so that servers are stopped and databases dropped.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    try:
        status = main() or 0
    except DevError as error:
        error.tell()
        status = 1
    except KeyboardInterrupt:
        status = 130
    sys.stdout.flush()
    sys.exit(status)
