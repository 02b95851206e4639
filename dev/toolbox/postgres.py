"""PostgreSQL: clusters of our own from the binaries of a Python wheel, or the user's server.

The wheel's own Python interface is not used: as root it opens every parent folder to all users and adds a system user.
"""

import os
import pwd
import shutil
import signal
import subprocess
import time
import zlib
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from toolbox import machine
from toolbox.console import DevError, output_of, step
from toolbox.postgres_programs import base_folder, program, run_as_server, server_user

LONGEST_SOCKET_FOLDER = 90  # "/.s.PGSQL.5432" follows, and the system allows 107 bytes
ROLE = "odoo"
# Without autovacuum: tests of plans want them as they are with tables nothing is known of, at any moment.
FAST_SETTINGS = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "max_wal_size = 2GB",
    "autovacuum = off",
)
COMMON_SETTINGS = ("listen_addresses = ''", "shared_buffers = 256MB", "max_connections = 200")


class Server:
    """How to reach a PostgreSQL server. Has what both a cluster of ours and the user's server need."""

    host = ""
    port = ""
    user = ROLE
    password = ""
    sslmode = ""
    name = "server"

    def start(self) -> None:
        """Make the server answer."""

    def stop(self) -> None:
        """Stop the server if it is ours."""

    def kill(self) -> None:
        """Kill the server as a power failure would, for tests of recovery."""
        raise DevError("only a cluster of our own can be killed", "leave --db away.")

    def environment(self) -> dict[str, str]:
        """Return the variables that make psql and its friends reach this server."""
        values = {
            "PGHOST": self.host,
            "PGPORT": self.port,
            "PGUSER": self.user,
            "PGPASSWORD": self.password,
            "PGSSLMODE": self.sslmode,
            "PGDATABASE": "postgres",
        }
        return {**os.environ, **{name: value for name, value in values.items() if value}}

    def odoo_options(self) -> dict[str, str]:
        """Return the settings that make Odoo reach this server."""
        values = {
            "db_host": self.host,
            "db_port": self.port,
            "db_user": self.user,
            "db_password": self.password,
            "db_sslmode": self.sslmode,
        }
        return {name: value for name, value in values.items() if value}

    def sql(self, statement: str, database: str = "postgres") -> str:
        """Run SQL with psql and return its bare output."""
        command = [program("psql"), "-XAtq", "-v", "ON_ERROR_STOP=1", "-d", database, "-c", statement]
        return output_of(command, env=self.environment()).strip()


class UsersServer(Server):
    """The server that the user names with ``--db``."""

    name = "own"

    def __init__(self, uri: str):
        parts = urlsplit(uri)
        if parts.scheme not in ("postgresql", "postgres"):
            raise DevError("--db is no PostgreSQL address", "write postgresql://user:password@host:port/")
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        self.host = query.get("host") or parts.hostname or ""
        self.port = query.get("port") or str(parts.port or "")
        self.user = unquote(parts.username or "") or pwd.getpwuid(os.getuid()).pw_name
        self.password = unquote(parts.password or "")
        self.sslmode = query.get("sslmode", "")

    def start(self) -> None:
        """Check that the server answers and that the role may create databases."""
        allowed = self.sql("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        if allowed != "t":
            raise DevError(
                f"the role {self.user} may not create databases", f"as a superuser: ALTER ROLE {self.user} CREATEDB;"
            )


class Cluster(Server):
    """A private cluster: no TCP port, only a socket in its folder."""

    def __init__(self, name: str, durable: bool):
        self.name = name
        self.durable = durable
        self.user = ROLE
        self.folder = base_folder() / "pg" / name
        self.host = str(self._socket_folder())
        self.log = self.folder / "server.log"

    def _socket_folder(self) -> Path:
        if len(str(self.folder)) <= LONGEST_SOCKET_FOLDER:
            return self.folder
        return Path(f"/tmp/pg-{os.getuid()}-{zlib.crc32(str(self.folder).encode()):08x}")

    def start(self) -> None:
        """Start the cluster unless it answers already; create it the first time."""
        if self.answers():
            return
        self._own_folders()
        if not (self.folder / "PG_VERSION").exists():
            self._create()
        self._configure()
        self._forget_dead_server()
        self._control("start", "-w", "-t", "60", "-l", str(self.log))
        if not self.answers():
            raise DevError(
                "PostgreSQL does not answer",
                "repeat the command; if that does not help: python3 dev reset --all",
                self.log,
            )

    def stop(self) -> None:
        """Stop the cluster in an orderly way."""
        if (self.folder / "postmaster.pid").exists() and self.answers():
            self._control("stop", "-w", "-m", "fast")

    def kill(self) -> None:
        """Kill the server as a power failure would, for tests of recovery."""
        pid = self._server_pid()
        if pid:
            os.kill(pid, signal.SIGKILL)
            while self.answers():
                time.sleep(0.05)

    def answers(self) -> bool:
        """Tell whether the server accepts connections."""
        command = [program("pg_isready"), "-q", "-h", self.host]
        return subprocess.run(command, env=self.environment()).returncode == 0

    def _own_folders(self) -> None:
        for folder in {self.folder, Path(self.host)}:
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)
            if machine.is_root():
                shutil.chown(folder, server_user().pw_name)

    def _create(self) -> None:
        step(f"creating the PostgreSQL cluster '{self.name}'")
        # A cluster that was left half made has no PG_VERSION, and initdb wants an empty folder.
        for leftover in self.folder.iterdir():
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
        run_as_server("initdb", "-A", "trust", "-U", ROLE, "-E", "UTF8", "--locale=C.UTF-8", "-D", str(self.folder))

    def _configure(self) -> None:
        """Write the settings at each start, where they win: a cluster made before they changed follows them, too."""
        settings = [
            *COMMON_SETTINGS,
            f"unix_socket_directories = '{self.host}'",
            *(() if self.durable else FAST_SETTINGS),
        ]
        (self.folder / "postgresql.auto.conf").write_text("\n".join(settings) + "\n")

    def _control(self, *arguments: str) -> None:
        run_as_server("pg_ctl", *arguments, "-s", "-D", str(self.folder), log=self.log)

    def _server_pid(self) -> int:
        try:
            return int((self.folder / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return 0

    def _forget_dead_server(self) -> None:
        """Remove the traces of a killed server: pg_ctl takes a zombie, or a reused pid, for a running one."""
        pid = self._server_pid()
        if pid and not is_postgres(pid):
            for leftover in ("postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
                for folder in {self.folder, Path(self.host)}:
                    (folder / leftover).unlink(missing_ok=True)


def is_postgres(pid: int) -> bool:
    """Tell whether a process is a living PostgreSQL server."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return "\nState:\tZ" not in status and status.startswith("Name:\tpostgres")


RUN = "run"
FAST = "fast"
DURABLE = "durable"


def server(kind: str) -> Server:
    """Return a server, started.

    ``run`` keeps a person's data, ``fast`` is for tests, ``durable`` for tests of crashes.
    """
    uri = os.environ.get("DEV_DB")
    chosen = UsersServer(uri) if uri else Cluster(kind, durable=kind != FAST)
    chosen.start()
    return chosen


def our_clusters() -> list[Cluster]:
    """Return the clusters that exist, running or not."""
    folder = base_folder() / "pg"
    names = sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []
    return [Cluster(name, durable=name != FAST) for name in names]
