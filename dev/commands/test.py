"""``python3 dev test``: the addon's tests, with pytest and pytest-odoo on a copy of a database that has the addon.

With ``--odoo-suites`` Odoo's own tests instead, without and with the addon. pytest's own options are passed on. What
makes a run fail beside failing tests stands in ``conftest.py``.
"""

import os
from pathlib import Path

from toolbox import browser, database, machine, odoo, odoo_suites, paths, postgres, python_env, scratch
from toolbox.console import step
from toolbox.preparation import prepared_server, system_programs
from toolbox.process import call

TAKES_THE_REST = True
LOG = paths.LOGS / "test.log"
MOST = 4  # processes: each takes half a gigabyte, and its browser as much again


def add_arguments(parser) -> None:
    """Take what is ours; -k too, so that its value is never taken for a path."""
    parser.usage = "python3 dev test [PATH[::CLASS[::METHOD]]...] [options, also any of pytest]"
    parser.add_argument(
        "-k", dest="expression", metavar="EXPR", help="only tests whose names fit, such as 'a and not b'"
    )
    parser.add_argument(
        "-n", dest="processes", type=int, metavar="N", help="processes that share the files out (all tests: one a core)"
    )
    parser.add_argument("--allow-skips", action="store_true", help="skipped tests are no failure (but under CI=true)")
    parser.add_argument("--keep", action="store_true", help="keep the database until the next run")
    parser.add_argument(
        "--ids", type=int, metavar="N", help="new records get ids higher by N: finds tests that hold by luck only"
    )
    parser.add_argument(
        "--odoo-suites",
        nargs="?",
        const=",".join(odoo_suites.SUITES),
        metavar="A,B",
        help="instead: Odoo's own tests without and with the addon, and the difference "
        "(an hour; what was run with the same files is not run again)",
    )


def main(options) -> int:
    """Run pytest on a fresh database; its exit status is ours."""
    server = prepared_server(postgres.FAST)
    system_programs()
    if options.odoo_suites:
        return odoo_suites.compare(server, options.odoo_suites.split(","))
    count = processes(options)
    logs = LOG.with_stem("test_gw*") if count > 1 else LOG
    for log in paths.LOGS.glob(logs.name):
        log.unlink()
    with scratch.lent(server, install=True, keep=options.keep) as name:
        if options.ids:
            database.skip_ids(server, name, options.ids)
        if count > 1:
            scratch.share(server, name, count)
        step(f"running the tests (log: {logs})")
        return call(command(server, name, options, count), odoo.environment(), cwd=paths.ROOT)


def processes(options) -> int:
    """Return how many processes test: one for what was chosen by its path or is looked at, else one a core."""
    if options.processes is not None:
        return options.processes
    is_alone = options.keep or "--pdb" in options.rest or any(map(path_of, options.rest))
    return 1 if is_alone else min(machine.cores(), MOST)


def command(server: postgres.Server, name: str, options, count: int) -> list[str]:
    """Return pytest's command line."""
    line = [python_env.PYTHON, "-m", "pytest", f"--odoo-config={odoo.config_for(server)}", f"--odoo-database={name}"]
    # Without --odoo-http every browser and HTTP test would be skipped without a word.
    line += ["--odoo-http", "--odoo-log-level=info", "--odoo-extra", f"logfile={LOG}"]
    # whole files; another worker in the place of one that died would have no database
    line += ["-n", count, "--dist=loadfile", "--max-worker-restart=0"] if count > 1 else []
    line += ["-k", options.expression] if options.expression else []
    line += ["--allow-skips"] if skips_allowed(options) else []
    return [*map(str, line), *map(located, options.rest)]


def skips_allowed(options) -> bool:
    """Tell whether skipped tests may pass: never in CI; elsewhere on demand, or for want of a browser."""
    return os.environ.get("CI") != "true" and (options.allow_skips or browser.path() is None)


def located(argument: str) -> str:
    """Return a path of tests with its full folder."""
    path = path_of(argument)
    return "::".join((str(path), *argument.split("::")[1:])) if path else argument


def path_of(argument: str) -> Path | None:
    """Return the file or folder of tests, named from here, from the repository, the addon or its tests."""
    for base in (Path.cwd(), paths.ROOT, paths.ADDON, paths.ADDON / "tests"):
        path = (base / argument.split("::")[0]).resolve()
        if path.is_relative_to(paths.ROOT) and (path.is_dir() or path.suffix == ".py" and path.is_file()):
            return path
    return None
