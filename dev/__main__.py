"""The development command: ``python3 dev COMMAND``. See README.md beside this file."""

import argparse
import importlib
import os
import signal
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - this is the check itself
    sys.exit("Python 3.10 or newer is needed.")

from toolbox.console import DevError  # noqa: E402 - after the check of the version
from toolbox.paths import WORK  # noqa: E402
from toolbox.scripts import Script  # noqa: E402

TERMINATED = 128 + signal.SIGTERM
COMMANDS = {
    "run": "set up everything and serve http://localhost:8069 with demo data",
    "test": "run the addon's tests",
    "install": "install the addon, alone and beside its companions, with Odoo's own test runner",
    "lint": "check the style of Python, JavaScript and XML",
    "e2e": "walk through a real server, mail server and browser",
    "docs": "build the example in a browser: count the clicks, film it for the README",
    "bench": "measure the engine against its budgets",
    "upgrade": "update a database of an old version and let it go on walking",
    "faults": "kill things at bad moments and check that nothing is lost",
    "fuzz": "random scenarios, people, clicks and troubles; check what the spec promises after each round",
    "i18n": "export the terms to translate and update the French file",
    "bundle": "make the libraries in static/lib from the pinned npm packages",
    "rights": "write who may do what into DEVELOP.md, from the table of the tests",
    "shell": "open Odoo's Python shell on the database of 'run'",
    "psql": "open psql on the database of 'run'",
    "odoo": "run any Odoo command line",
    "setup": "set up everything, start nothing",
    "stop": "stop the database servers",
    "reset": "drop the databases; with --all remove everything that was set up",
}


def main() -> int:
    """Run the chosen command and return its exit status."""
    options = parse()
    # As an exception, so that what was started is stopped and what was lent is returned.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    for name in ("odoo", "db"):
        value = getattr(options, f"own_{name}")
        if value:
            # The scripts that commands start need it too.
            os.environ[f"DEV_{name.upper()}"] = os.path.abspath(value) if name == "odoo" else value
    try:
        return command_module(options.command).main(options) or 0
    except DevError as error:
        error.tell()
        return 1
    except PermissionError as error:
        advice = f"was it made by another user, such as root? Run as that user, or remove {WORK}."
        DevError(f"no permission for {error.filename}", advice).tell()
        return 1
    except KeyboardInterrupt:
        return 130


def parse() -> argparse.Namespace:
    """Parse the command line; what a command does not know goes to the program behind it, if there is one."""
    command_line = parser()
    options, options.rest = command_line.parse_known_args()
    if options.rest and not getattr(command_module(options.command), "TAKES_THE_REST", False):
        command_line.error(f"unknown arguments: {' '.join(options.rest)}")
    return options


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--odoo", dest="own_odoo", metavar="PATH", help="use your own Odoo 19 source tree")
    shared.add_argument(
        "--db", dest="own_db", metavar="URI", help="use your own PostgreSQL: postgresql://user:password@host:port/"
    )
    result = argparse.ArgumentParser(prog="python3 dev", description="Run, test and check the addon.")
    commands = result.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name, description in COMMANDS.items():
        module = command_module(name)
        # --help goes to the program behind the command, if that has the options.
        own_help = not getattr(module, "HELP_IS_ELSEWHERE", False)
        command = commands.add_parser(
            name, help=description, description=description, parents=[shared], allow_abbrev=False, add_help=own_help
        )
        module.add_arguments(command)
    return result


def command_module(name: str):
    """Return what carries out a command: a module of ``commands/``, or the script of that name in this folder."""
    return Script.of(name) or importlib.import_module(f"commands.{name}")


if __name__ == "__main__":
    sys.exit(main())
