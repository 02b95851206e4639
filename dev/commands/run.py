"""``python3 dev run``: a server to play with, with demo data, in English and French."""

import contextlib
import signal
import socket
import subprocess
import sys
from pathlib import Path

from toolbox import demo, odoo, paths, pdf, postgres
from toolbox.console import DevError, say, step
from toolbox.preparation import prepared_server
from toolbox.process import OdooServer, follow

DEFAULT_PORT = 8069


def add_arguments(parser) -> None:
    """Say where and with what."""
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help=f"the port to serve on (default {DEFAULT_PORT})")
    parser.add_argument("--no-demo", action="store_true", help="an empty database instead of demo data")


def main(options) -> int:
    """Set up, make or update the database, serve until interrupted."""
    require_free(options.port)
    server = prepared_server(postgres.RUN)
    pdf.ensure()
    name = demo.ensure_database(server, options.no_demo)
    demo.set_address(server, name, options.port)
    step("starting the server")
    line = odoo.command("-c", odoo.config_for(server), "-d", name, "--http-port", options.port, "--skip-auto-install")
    # else Odoo looks at the files below static/ once, when the server has started
    return serve([*line, "--dev=xml"], options.port)


def require_free(port: int) -> None:
    """Refuse a port that somebody listens on."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DevError(
                f"port {port} cannot be used: {error.strerror}", "choose another one: --port 8070"
            ) from error


def serve(line: list[str], port: int) -> int:
    """Run the server in the foreground; Ctrl-C or a termination signal ends it in an orderly way."""
    log = paths.LOGS / "run.log"
    with log.open("w") as file:
        process = subprocess.Popen(
            line,
            env=odoo.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            start_new_session=True,
        )
        output = follow(process, file, sys.stdout)
        with OdooServer(process, port, log) as server, contextlib.suppress(KeyboardInterrupt):
            signal.signal(signal.SIGTERM, lambda *_: process.terminate())
            server.wait_ready()
            greet(port, log)
            process.wait()
        output.join(timeout=5)
    return 0 if process.returncode in (0, -signal.SIGTERM) else process.returncode


def greet(port: int, log: Path) -> None:
    """Tell where the server is and how to log in."""
    say("")
    say(f"    Marketing scenarios are served at  http://localhost:{port}")
    say("    Log in as  admin  with the password  admin")
    say(f"    Warnings are shown here, everything is in {log}")
    say("    Stop with Ctrl-C; the data is kept for the next start.")
    say("")
