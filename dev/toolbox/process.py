"""Other programs: a running Odoo server (started, awaited, stopped or killed), and one that we wait for."""

import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import TextIO

from toolbox import odoo
from toolbox.console import DevError
from toolbox.odoo_log import BAD_LEVELS, RECORD


class OdooServer:
    """An Odoo server process with its log; use it as a context manager to have it stopped."""

    def __init__(self, process: subprocess.Popen, port: int, log: Path):
        self.process = process
        self.port = port
        self.log = log
        self.url = f"http://127.0.0.1:{port}"

    def __enter__(self) -> "OdooServer":
        return self

    def __exit__(self, *details) -> None:
        self.stop()

    def wait_ready(self, timeout: float = 120) -> "OdooServer":
        """Wait until the login page answers."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise DevError(
                    f"the Odoo server ended with status {self.process.returncode}", f"read {self.log}", self.log
                )
            if self._answers():
                return self
            time.sleep(0.2)
        raise DevError(f"the Odoo server did not answer within {timeout:.0f} s", f"read {self.log}", self.log)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/web/login", timeout=60) as response:
                return response.status == 200
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            return False

    def stop(self, timeout: float = 30) -> int:
        """Ask the server to end, insist after a while, and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                return self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def kill(self) -> int:
        """Kill the server without any chance to clean up."""
        self.process.kill()
        return self.process.wait()


def call(command: list, environment: dict[str, str], cwd: Path | None = None) -> int:
    """Run a program with our screen and return its exit status; it cleans up when we are asked to end."""
    process = subprocess.Popen(command, env=environment, cwd=cwd)
    try:
        return process.wait()
    except KeyboardInterrupt:
        # Ctrl-C has reached the program too.
        process.wait()
        raise
    except SystemExit:
        process.terminate()
        process.wait()
        raise


def follow(process: subprocess.Popen, log: TextIO, screen: TextIO) -> threading.Thread:
    """Copy a server's output to its log in the background, and what needs attention to the screen too."""
    thread = threading.Thread(target=copy_output, args=(process.stdout, log, screen), daemon=True)
    thread.start()
    return thread


def copy_output(source: TextIO, log: TextIO, screen: TextIO) -> None:
    """Copy line by line, less Odoo's remark about root."""
    shown = False
    for line in source:
        if odoo.ROOT_REMARK in line:
            continue
        log.write(line)
        log.flush()
        record = RECORD.match(line)
        # The lines after a record's first, such as a traceback, go where the record went.
        shown = record["level"] in BAD_LEVELS if record else shown
        if shown:
            screen.write(line)
            screen.flush()
