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
from env import DevError, fresh_database, main_guard, step  # noqa: E402
from upgrade.report import Report  # noqa: E402
from upgrade.side_by_side import all_of  # noqa: E402
from upgrade.trial import Trial  # noqa: E402
from upgrade.versions import OLD_VERSIONS, OldVersion, unpacked  # noqa: E402


def main() -> int:
    """Try each version and count the checks."""
    options = parse()
    began = time.monotonic()
    versions = [unpacked(commit) for commit in options.commits]
    # One process a version: Odoo has one configuration in each.
    passed, failed = one(versions[0], options.keep) if len(versions) == 1 else all_of(versions, options.keep)
    step(f"{time.monotonic() - began:.0f} s")
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed else 0


def one(version: OldVersion, keep: bool) -> tuple[int, int]:
    """Try one version; return how many checks passed and failed."""
    step(f"a database of the version {version.name}")
    report = Report()
    with MailServer() as post, Receiver() as receiver:
        database = fresh_database(f"upgrade_{version.name}_{os.getpid()}", install=False)
        try:
            Trial(version, database, post, receiver, report).run()
        except DevError as error:
            error.tell()
            report.that(False, f"{version.name}: {error.what}")
        finally:
            if not keep:
                database.drop()
    return report.passed, len(report.failures)


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
