"""What the user sees: progress, failures with their reason, and the commands run behind the scenes."""

import subprocess
import sys
import time
from pathlib import Path

LAST_LINES = 15


class DevError(Exception):
    """A failure told to the user: what failed, what to do about it, and the end of the log."""

    def __init__(self, what: str, advice: str = "", log: Path | None = None):
        super().__init__(what)
        self.what = what
        self.advice = advice
        self.log = log

    def tell(self) -> None:
        """Print the failure on the error stream."""
        say(f"FAILED: {self.what}")
        if self.log and self.log.exists():
            say(f"last lines of {self.log}:")
            for line in last_lines(self.log):
                say(f"    {line}")
        if self.advice:
            say(f"What to do: {self.advice}")


def say(message: str) -> None:
    """Print a message for the user, apart from the command's own output."""
    print(message, file=sys.stderr, flush=True)


def step(message: str) -> None:
    """Announce a step that takes time."""
    say(f"{time.strftime('%H:%M:%S')}  {message}")


def last_lines(path: Path, count: int = LAST_LINES) -> list[str]:
    """Return the last lines of a text file."""
    return path.read_text(errors="replace").splitlines()[-count:]


def run_logged(command: list, log: Path, what: str, advice: str = "", **options) -> None:
    """Run a command with its output in a log file; raise a DevError that names it when it fails."""
    with log.open("a") as output:
        print(f"$ {' '.join(map(str, command))}", file=output, flush=True)
        try:
            result = subprocess.run(
                command, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options
            )
        except FileNotFoundError as error:
            raise DevError(f"{what}: the program {error.filename} is missing", advice) from error
    if result.returncode:
        raise DevError(f"{what} (exit status {result.returncode})", advice, log)


def output_of(command: list, **options) -> str:
    """Return what a command prints; raise a DevError with its complaint when it fails."""
    result = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, **options)
    if result.returncode:
        raise DevError(f"{Path(command[0]).name} failed: {result.stderr.strip() or result.stdout.strip()}")
    return result.stdout
