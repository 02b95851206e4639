"""Kill workers and PostgreSQL at bad moments, and check that nothing is lost and nothing done twice."""

import argparse
import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

# This folder's own modules are reached as ``faults.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.world import open_odoo  # noqa: E402
from env import environment, fresh_database, main_guard, step  # noqa: E402

# attack: (how often, how often with --short; 0: left out)
TIMES = {
    "killed_workers": (200, 25),
    "many_workers": (6, 1),
    "rival_user": (6, 1),
    "database_crash": (12, 2),
    "mail_server_down": (5, 1),
    "mail_queue_killed": (6, 1),
    "refused_before": (3, 1),
    "clock_back": (6, 1),
    "contact_locked": (3, 1),
    "poison_filter": (2, 1),
    "flood": (100_000, 5_000),
    "form_cut": (4, 1),
    "disk_full": (2, 1),
}
SIZE, SHORT_SIZE = 600, 300


def main() -> int:
    """Run the attacks and print the table as it grows; exit status 1 when anything was lost or done twice."""
    options = parse()
    log = environment().logs / "faults_workers.log"
    log.unlink(missing_ok=True)
    print(f"seed {options.seed}", flush=True)
    findings = []
    print(f"{'attack':28} {'troubles':>8} {'people':>7} {'seconds':>7}  outcome", flush=True)
    for name in options.only or [name for name, times in TIMES.items() if times[options.short]]:
        # Only a server that waits for the disk may be killed.
        with fresh_database(f"faults_{os.getpid()}_{name}", durable=True) as database, open_odoo(database):
            finding = attack(name, database, options)
        findings.append(finding)
        figures = f"{finding.attack:28} {finding.troubles:8} {finding.people:7} {finding.seconds:7.0f}"
        outcome = f"{len(finding.losses)} LOSSES" if finding.losses else "nothing lost, nothing twice"
        print(f"{figures}  {outcome}  {finding.note}".rstrip(), flush=True)
        for loss in finding.losses:
            print(f"LOST: {loss}", flush=True)
    return 1 if any(finding.losses for finding in findings) else 0


def attack(name: str, database, options):
    """Run one attack."""
    # Odoo's addons can be imported once Odoo is configured
    from faults import attacks, refusals, troubles  # noqa: PLC0415

    run: Callable = next(getattr(room, name) for room in (attacks, troubles, refusals) if hasattr(room, name))
    step(run.__doc__)
    battle = attacks.Battle(database, options.seed, SHORT_SIZE if options.short else SIZE)
    began = time.monotonic()
    finding = run(battle, TIMES[name][options.short] or 1)
    finding.seconds = time.monotonic() - began
    return finding


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python3 dev faults", description=__doc__)
    parser.add_argument("--short", action="store_true", help="about a minute instead of ten")
    parser.add_argument("--only", type=lambda text: text.split(","), help=f"attacks out of {','.join(TIMES)}")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6), help="repeat the random choices of a run")
    options = parser.parse_args()
    if set(options.only or ()) - set(TIMES):
        parser.error(f"--only: choose out of {', '.join(TIMES)}")
    return options


if __name__ == "__main__":
    main_guard(main)
