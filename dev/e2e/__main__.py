"""Walk through a real server, a real mail server and a browser; one line per contact, exit status 1 on any failure."""

import argparse
import os
import sys
import time
from pathlib import Path

# This folder's own modules are reached as ``e2e.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from e2e.checks import Checks  # noqa: E402
from e2e.every_step import EveryStep  # noqa: E402
from e2e.receiver import Receiver  # noqa: E402
from e2e.server_log import problems  # noqa: E402
from e2e.simulated import Simulated  # noqa: E402
from e2e.smtp import MailServer  # noqa: E402
from e2e.story import Story  # noqa: E402
from e2e.walk import Walk  # noqa: E402
from env import environment, fresh_database, main_guard, start_server, step  # noqa: E402

# The walk uses the old forms of the external API on purpose; Odoo remarks on each call.
QUIET = "--log-handler=odoo.addons.rpc.controllers:ERROR"


def main() -> int:
    """Start the servers, live through the story, judge."""
    argparse.ArgumentParser(prog="python3 dev e2e", description=__doc__).parse_args()
    began, checks, place = time.monotonic(), Checks(), environment()
    log = place.logs / "e2e_server.log"
    log.unlink(missing_ok=True)
    with MailServer() as post, Receiver() as receiver, fresh_database(f"e2e_{os.getpid()}") as database:
        step(f"starting the server (log: {log})")
        settings = {"smtp_server": "127.0.0.1", "smtp_port": post.port}
        with start_server(database, cron_threads=2, log=log, extra=(QUIET,), **settings) as server:
            walk = Walk(server.url, database.name, post, receiver, place.chromium, checks)
            Story(walk).run(meanwhile=lambda: (EveryStep(walk).walk(), Simulated(walk).walk()))
    for problem in problems(log):
        checks.that(False, f"in the server's log: {problem}")
    print(f"{checks.passed} checks passed, {len(checks.failures)} failed, {time.monotonic() - began:.0f} s")
    return 1 if checks.failures else 0


if __name__ == "__main__":
    main_guard(main)
