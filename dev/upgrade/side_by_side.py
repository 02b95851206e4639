"""Several old versions: a process each, as many at a time as there are cores."""

import re
import subprocess
import sys
import time
from pathlib import Path

from env import environment
from toolbox import machine
from toolbox.console import step
from upgrade.versions import OldVersion

TOTALS = re.compile(r"(\d+) passed, (\d+) failed\s*$")


def all_of(versions: list[OldVersion], keep: bool) -> tuple[int, int]:
    """Try all versions, show what each has said when it is over; return how many checks passed and failed."""
    waiting, running = list(versions), []
    passed = failed = 0
    try:
        while waiting or running:
            while waiting and len(running) < machine.cores():
                running.append(Child(waiting.pop(0), keep))
            time.sleep(0.2)
            for child in [child for child in running if child.process.poll() is not None]:
                running.remove(child)
                good, bad = child.told()
                passed, failed = passed + good, failed + bad
    finally:
        # asked to end, as a process of one version is: it drops its database
        for child in running:
            child.process.terminate()
        for child in running:
            child.process.wait()
    return passed, failed


class Child:
    """The trial of one version, in a process of its own."""

    def __init__(self, version: OldVersion, keep: bool):
        self.version = version
        self.output = environment().logs / f"upgrade_{version.name}.txt"
        step(f"a database of the version {version.name} (output: {self.output})")
        line = [sys.executable, Path(__file__).parent, version.commit, *(["--keep"] if keep else [])]
        with self.output.open("w") as output:
            self.process = subprocess.Popen(line, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def told(self) -> tuple[int, int]:
        """Show what it said; return its totals."""
        text = self.output.read_text()
        print(text, end="", flush=True)
        if totals := TOTALS.search(text):
            return int(totals[1]), int(totals[2])
        print(f"FAILED: {self.version.name} ended with status {self.process.returncode}", flush=True)
        return 0, 1
