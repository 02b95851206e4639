"""``python3 dev install``: proves the installation with Odoo's own runner, alone and beside what goes with it.

First with its demo data. Then alone, on a copy of the database of the dependencies, with its at_install tests. Last,
in that database, Odoo's Automation Rules, OCA's queue_job and the addons in ``dev/examples``, with the tests that need
them.
"""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from toolbox import downloads, odoo, odoo_log, odoo_source, paths, postgres, scratch, templates
from toolbox.console import say, step
from toolbox.locks import exclusive
from toolbox.odoo_tests import Outcome
from toolbox.preparation import prepared_server, system_programs

PACKAGES = ("odoo-addon-queue-job==19.0.*", "openupgradelib")
EXAMPLES = paths.TOOL / "examples"
COMPANIONS = ("base_automation", "queue_job")
# Test files that take another way where a companion is installed, and the tag of tests that cannot do without.
TEST_FILES = ("test_step_tag.py", "test_queue_job.py")
TAG = "marketing_companions"


def add_arguments(parser) -> None:
    """Offer a look at the database."""
    parser.add_argument("--keep", action="store_true", help="keep the database until the next run")


def main(options) -> int:
    """Install twice, run the tests, judge the logs."""
    server = prepared_server(postgres.FAST)
    system_programs()
    # Its requirement "odoo" is no package that pip could find.
    queue_job = downloads.provide("queue_job", *PACKAGES, options=("--no-deps",))
    step("installing the addon with its demo data")
    with exclusive("templates"):
        templates.installed(server, demo=True)
    with scratch.lent(server, install=False, keep=options.keep) as name:
        check = Check(server, name, queue_job)
        check.alone()
        check.with_companions()
    for complaint in check.complaints:
        say(f"FAILED: {complaint}")
    print(check.outcome.totals, flush=True)
    return 1 if check.complaints else 0


def examples() -> list[str]:
    """Return the addons in ``dev/examples``."""
    return sorted(manifest.parent.name for manifest in EXAMPLES.glob("*/__manifest__.py"))


def test_files() -> Iterator[Path]:
    """Yield the test files that go with companions, wherever they lie."""
    for name in TEST_FILES:
        yield from (paths.ADDON / "tests").rglob(name)


class Check:
    """An installation under test: what ran, and what speaks against it."""

    def __init__(self, server: postgres.Server, name: str, queue_job: Path):
        self.server = server
        self.name = name
        self.queue_job = queue_job
        self.outcome = Outcome()
        self.complaints: list[str] = []

    def alone(self) -> None:
        """Install the addon and run its at_install tests, should it have any."""
        step("installing the addon alone")
        self.run("install.log", "-i", paths.ADDON_NAME, "--test-tags", f"/{paths.ADDON_NAME},-post_install")
        self.expect_installed(paths.ADDON_NAME)

    def with_companions(self) -> None:
        """Install what goes with the addon, update the addon, and run the tests that this touches."""
        addons = [*COMPANIONS, *examples()]
        step(f"installing {', '.join(addons)} beside it")
        # With the asterisk all of a file, whatever its tags.
        tags = [f"*/{file.relative_to(paths.ROOT)}" for file in test_files()]
        tags += [f"{TAG}/{paths.ADDON_NAME}", *(f"/{name}" for name in examples())]
        # Only the tests of addons that are installed or updated in this run are run.
        update = ["-i", ",".join(addons), "-u", paths.ADDON_NAME]
        self.run("install_companions.log", *update, "--test-tags", ",".join(tags))
        self.expect_installed(*addons)
        wanted = [Path(name).stem for name in TEST_FILES] + [f"addons.{name}.tests" for name in examples()]
        self.complaints += [f"no test of {place} ran" for place in wanted if not self.outcome.ran(place)]
        self.complaints += [f"skipped: {test}" for test in sorted(self.outcome.skipped)]

    def run(self, log_name: str, *arguments: str) -> None:
        """Run Odoo and judge its log."""
        log = paths.LOGS / log_name
        folders = [*odoo_source.get().addons_paths, paths.ROOT, *([EXAMPLES] if examples() else [])]
        config = odoo.write_config(
            paths.WORK / "conf" / "install.conf", self.server, addons_path=",".join(map(str, folders))
        )
        line = odoo.command("-c", config, "-d", self.name, "--http-port", odoo.free_port(), "--stop-after-init")
        line += ["--skip-auto-install", "--without-demo", *arguments]
        # As if pip had installed it beside Odoo: then it needs no addons_path.
        environment = odoo.environment()
        environment["PYTHONPATH"] += f"{os.pathsep}{self.queue_job}"
        with log.open("w") as output:
            status = subprocess.run(
                line, env=environment, stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            ).returncode
        self.outcome.add(odoo_log.read(log))
        self.complaints += [f"in {log}: {record}" for record in odoo_log.problems(log)]
        if status:
            self.complaints.append(f"Odoo ended with exit status {status} (log: {log})")

    def expect_installed(self, *addons: str) -> None:
        """Complain of addons that are not installed: Odoo only warns of a name that it does not know."""
        found = self.server.sql("SELECT name FROM ir_module_module WHERE state = 'installed'", self.name).splitlines()
        self.complaints += [f"{addon} is not installed" for addon in addons if addon not in found]
