"""Update databases of old versions to this code and let them go on walking; exit status 1 when anything is lost."""

import argparse
import os
import sys
import time
from pathlib import Path

# This folder's own modules are reached as ``upgrade.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from e2e.receiver import Receiver  # noqa: E402
from e2e.smtp import MailServer  # noqa: E402
from env import DevError, environment, fresh_database, main_guard, step  # noqa: E402
from upgrade.report import Report  # noqa: E402
from upgrade.trial import LOGS, Trial  # noqa: E402
from upgrade.versions import OLD_VERSIONS, unpacked  # noqa: E402


def main() -> int:
    """Try each version and count the checks."""
    options = parse()
    began, report = time.monotonic(), Report()
    for name in LOGS:
        (environment().logs / f"upgrade_{name}.log").unlink(missing_ok=True)
    for version in [unpacked(commit) for commit in options.commits]:
        step(f"a database of the version {version.name}")
        name = f"upgrade_{version.name}_{os.getpid()}"
        with MailServer() as post, Receiver() as receiver:
            database = fresh_database(name, install=False)
            try:
                Trial(version, database, post, receiver, report).run()
            except DevError as error:
                error.tell()
                report.that(False, f"{version.name}: {error.what}")
            finally:
                if not options.keep:
                    database.drop()
    step(f"{time.monotonic() - began:.0f} s")
    print(f"{report.passed} passed, {len(report.failures)} failed", flush=True)
    return 1 if report.failures else 0


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python3 dev upgrade", description=__doc__)
    parser.add_argument(
        "commits", nargs="*", default=OLD_VERSIONS, metavar="COMMIT", help="the old versions, by default all known ones"
    )
    parser.add_argument("--keep", action="store_true", help="keep the databases for a look")
    return parser.parse_args()


if __name__ == "__main__":
    main_guard(main)
