"""``python3 dev test``: the addon's tests, with pytest and pytest-odoo on a copy of a database that has the addon.

With ``--odoo-suites`` Odoo's own tests instead, without and with the addon. pytest's own options are passed on. What
makes a run fail beside failing tests stands in ``conftest.py``.
"""

import os
from pathlib import Path

from toolbox import browser, database, odoo, odoo_suites, paths, postgres, python_env, scratch
from toolbox.console import step
from toolbox.preparation import prepared_server, system_programs
from toolbox.process import call

TAKES_THE_REST = True
LOG = paths.LOGS / "test.log"


def add_arguments(parser) -> None:
    """Take what is ours; -k too, so that its value is never taken for a path."""
    parser.usage = "python3 dev test [PATH[::CLASS[::METHOD]]...] [options, also any of pytest]"
    parser.add_argument(
        "-k", dest="expression", metavar="EXPR", help="only tests whose names fit, such as 'a and not b'"
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
    LOG.unlink(missing_ok=True)
    with scratch.lent(server, install=True, keep=options.keep) as name:
        if options.ids:
            database.skip_ids(server, name, options.ids)
        step(f"running the tests (log: {LOG})")
        return call(command(server, name, options), odoo.environment(), cwd=paths.ROOT)


def command(server: postgres.Server, name: str, options) -> list[str]:
    """Return pytest's command line."""
    line = [python_env.PYTHON, "-m", "pytest", f"--odoo-config={odoo.config_for(server)}", f"--odoo-database={name}"]
    # Without --odoo-http every browser and HTTP test would be skipped without a word.
    line += ["--odoo-http", "--odoo-log-level=info", "--odoo-extra", f"logfile={LOG}"]
    line += ["-k", options.expression] if options.expression else []
    line += ["--allow-skips"] if skips_allowed(options) else []
    return [*map(str, line), *map(located, options.rest)]


def skips_allowed(options) -> bool:
    """Tell whether skipped tests may pass: never in CI; elsewhere on demand, or for want of a browser."""
    return os.environ.get("CI") != "true" and (options.allow_skips or browser.path() is None)


def located(argument: str) -> str:
    """Return a test path with its full folder: named from here, from the repository, the addon or its tests."""
    name, *inside = argument.split("::")
    for base in (Path.cwd(), paths.ROOT, paths.ADDON, paths.ADDON / "tests"):
        path = (base / name).resolve()
        if not argument.startswith("-") and path.exists() and path.is_relative_to(paths.ADDON):
            return "::".join((str(path), *inside))
    return argument
