"""Odoo's own tests, without and with the addon installed: what passes without it must pass with it.

Every suite is a run of Odoo's own runner on a copy of a template, and is kept until the files it depends on change: a
run that was cut short goes on where it stopped.
"""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from toolbox import database, odoo, odoo_log, odoo_source, paths, postgres, python_env, templates
from toolbox.console import say, step
from toolbox.locks import exclusive
from toolbox.odoo_tests import Outcome

SUITES = (
    "utm",
    "contacts",
    "phone_validation",
    "link_tracker",
    "sms",
    "crm",
    "mass_mailing_sms",
    "mass_mailing",
    "test_lint",
    "base",
    "mail",
)
# No dependency of the addon: installed in the copy, without and with the addon.
ON_TOP = ("test_lint",)
# What is run of a suite that is about more than what the addon touches: files of its tests.
PARTS = {"base": ("test_res_partner*.py", "test_format_address_mixin.py")}
# Tests that fail by themselves, each with its reason.
EXCLUDED = {
    # These tours of the mail editor crash the renderer of Chromium 156, without the addon too.
    "mass_mailing": (
        "-/mass_mailing:TestMailingUi.test_mailing_editor_tour",
        "-/mass_mailing:TestMailingUi.test_mass_mailing_code_view_tour",
    ),
    # It complains of Odoo's own files, so that it can tell nothing of ours, and takes longer than all the others;
    # "python3 dev lint" runs the same checks.
    "test_lint": ("-/test_lint:TestPyLint.test_pylint",),
}
FOLDER = paths.LOGS / "odoo_suites"
# Odoo's runner, with one change: tests that it runs while modules are being loaded run after it, else the addon, which
# is loaded last, would not be there yet.
LAUNCHER = """\
import sys
sys.path[:0] = {search_path!r}
from odoo.tests import loader, tag_selector
make_suite, Selector = loader.make_suite, loader.TagsSelector
class AllPositions(Selector):
    def __init__(self, spec):
        super().__init__("at_install,post_install" if spec == "post_install" else spec)
def late(module_names, position="at_install"):
    return make_suite(module_names if position == "post_install" else [], position)
loader.TagsSelector, loader.make_suite = AllPositions, late
sys.argv[0] = {script!r}
from odoo.cli import main
main()
"""


@dataclass
class Run:
    """One suite on one kind of database."""

    suite: str
    installed: bool

    @property
    def name(self) -> str:
        return f"{self.suite}_{'with' if self.installed else 'without'}"

    @property
    def log(self) -> Path:
        return FOLDER / f"{self.name}.log"

    def known(self, key: str) -> Outcome | None:
        """Return what an earlier run found with the same files, if there was one."""
        file = FOLDER / f"{self.name}.json"
        kept = json.loads(file.read_text()) if file.exists() else {}
        if kept.get("key") != key:
            return None
        return Outcome(*(set(kept[name]) for name in ("started", "failed", "skipped")))

    def keep(self, key: str, outcome: Outcome) -> None:
        """Keep what was found."""
        found = {name: sorted(getattr(outcome, name)) for name in ("started", "failed", "skipped")}
        (FOLDER / f"{self.name}.json").write_text(json.dumps({"key": key, **found}, indent=1))


def compare(server: postgres.Server, suites: list[str]) -> int:
    """Run the suites without and with the addon and print the difference.

    :return: exit status, 1 when a test that passes without the addon does not pass with it
    """
    FOLDER.mkdir(parents=True, exist_ok=True)
    worse, totals = [], []
    for number, suite in enumerate(suites, 1):
        say(f"suite {number} of {len(suites)}: {suite}")
        without, beside = (outcome_of(server, Run(suite, installed)) for installed in (False, True))
        passed = without.started - without.failed - without.skipped
        lost = sorted(passed - (beside.started - beside.failed - beside.skipped))
        worse += lost
        totals.append(f"{suite:20} without: {without.totals:38} with: {beside.totals:38} worse: {len(lost)}")
        if not without.started:
            worse.append(f"{suite}: no test ran (log: {Run(suite, False).log})")
    print("\n".join(totals))
    for test in worse:
        print(f"FAILS WITH THE ADDON: {test}")
    print(f"{len(worse)} tests fail with the addon only", flush=True)
    return 1 if worse else 0


def outcome_of(server: postgres.Server, run: Run) -> Outcome:
    """Return what a suite found; run it unless an earlier run found it with the same files."""
    key = database_key(server, run)
    if outcome := run.known(key):
        say(f"{run.name}: {outcome.totals} (kept from an earlier run)")
        return outcome
    name = f"suite_{os.getpid()}"
    templates.copy(server, name, run.installed)
    try:
        step(f"running {run.name} (log: {run.log})")
        outcome = execute(server, name, run)
    finally:
        database.drop(server, name)
    run.keep(key, outcome)
    say(f"{run.name}: {outcome.totals}")
    return outcome


def database_key(server: postgres.Server, run: Run) -> str:
    """Return the name of the template that the suite runs on, which changes with the files behind it."""
    # another command must not build the same one beside
    with exclusive("templates"):
        return (templates.installed if run.installed else templates.dependencies)(server)


def included(source: odoo_source.OdooSource, suite: str) -> list[str]:
    """Return the test tags of a suite: the whole of it, or its files that are run."""
    if suite not in PARTS:
        return [f"/{suite}"]
    folders = [addons / suite / "tests" for addons in (source.site / "odoo/addons", *source.addons_paths)]
    names = {file.name for folder in folders for pattern in PARTS[suite] for file in folder.glob(pattern)}
    return [f"/{suite}/tests/{name}" for name in sorted(names)]


def execute(server: postgres.Server, name: str, run: Run) -> Outcome:
    """Run one suite with Odoo's own runner."""
    launcher = paths.WORK / "odoo_suites.py"
    source = odoo_source.get()
    launcher.write_text(LAUNCHER.format(search_path=[str(source.site)], script=str(source.script)))
    line = [str(python_env.PYTHON), str(launcher), "-c", str(odoo.config_for(server)), "-d", name]
    line += ["--http-port", str(odoo.free_port()), "--stop-after-init", "--skip-auto-install", "--without-demo"]
    line += ["--test-tags", ",".join([*included(source, run.suite), *EXCLUDED.get(run.suite, ())])]
    line += ["-i", run.suite] if run.suite in ON_TOP else []
    with run.log.open("w") as output:
        subprocess.run(line, env=odoo.environment(), stdout=output, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
    outcome = Outcome()
    outcome.add(odoo_log.read(run.log))
    return outcome
