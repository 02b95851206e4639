"""Random scenarios, people, clicks and troubles, round after round; the promises of the spec are checked after each.

A round's plan comes from its seed alone. What concurrent processes make of it does not: the moments at which they meet
differ from time to time. ``--seed S --again`` repeats one plan until the time is up, which finds most of it again.
With ``--in-turn`` there is one process and a database for each round: a seed has the same outcome each time.
"""

import argparse
import contextlib
import hashlib
import os
import random
import sys
import time
import traceback
from datetime import datetime
from pathlib import Path

# This folder's own modules are reached as ``fuzz.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.world import World, open_odoo  # noqa: E402
from env import environment, fresh_database, main_guard, say  # noqa: E402

SHORT_MINUTES = 1.2
FIXED_SEED = 7  # of the first round of the short form
SEEDS = 100_000
BEGINNING = datetime(2030, 4, 1, 9)  # a Monday, at which time stands when everything happens in turn


def main() -> int:
    """Run rounds until the time is up; exit status 1 when a promise did not hold in one of them."""
    options = parse()
    from fuzz.clock import Clock  # noqa: PLC0415
    from fuzz.outside import Outside  # noqa: PLC0415

    folder = environment().work / "fuzz"
    folder.mkdir(exist_ok=True)
    fresh = random.randrange(SEEDS)
    seed = options.seed if options.seed is not None else fresh
    end = time.monotonic() + 60 * options.minutes
    if options.short:
        say(f"fixed seed {FIXED_SEED}, then from seed {fresh} on")
    bad, rounds = [], 0
    clock = Clock()
    with Outside(folder) as outside, contextlib.ExitStack() as opened:
        while not rounds or (rounds < options.rounds if options.rounds else time.monotonic() < end):
            if options.in_turn or not rounds:
                opened.close()
                database = opened.enter_context(fresh_database(f"fuzz_{os.getpid()}_{rounds}"))
                opened.enter_context(open_odoo(database))
                prepare(clock, outside, options.in_turn)
            own = FIXED_SEED if options.short and not rounds else seed
            found = play(own, rounds if options.again and not options.in_turn else 0, database, clock, outside, folder)
            bad += [own] if found else []
            rounds += 1
            if not options.again and not (options.short and rounds == 1):
                seed = (seed + 1) % SEEDS
            if bad and options.stop:
                break
    say(f"{rounds} rounds, {len(bad)} of them with findings{': seeds ' + ', '.join(map(str, bad)) if bad else ''}")
    for own in dict.fromkeys(bad):
        say(f"once more: python3 dev fuzz --seed {own} --again   story: {folder / f'round_{own}.txt'}")
    return 1 if bad else 0


def prepare(clock, outside, in_turn: bool) -> None:
    """Set up what all processes share, before any is forked."""
    from odoo.tools import config  # noqa: PLC0415

    config["smtp_server"], config["smtp_port"] = "127.0.0.1", outside.smtp_port
    if in_turn:
        clock.stand(BEGINNING)
    clock.rule()


def play(seed: int, turn: int, database, clock, outside, folder: Path) -> list:
    """Play one round; return what did not hold, after telling it."""
    from odoo import sql_db  # noqa: PLC0415

    from fuzz import facts as reader  # noqa: PLC0415
    from fuzz import invariants, plan, stage, storm, story  # noqa: PLC0415

    began, own, facts = time.monotonic(), plan.make(seed, turn), None
    world = World(database)
    try:
        builder = stage.Builder(world, own, outside.url)
        built = builder.build()
        builder.enter(built)
        world.cr.commit()
        world.registry.signal_changes()
    finally:
        world.close()
        sql_db.close_all()
    weather = storm.Storm(database, built, clock, outside, folder)
    (weather.take_turns if clock.stands else weather.blow)()
    weather.calm()
    found = [invariants.Breach("S45 nothing fails", words) for words in weather.findings]
    world = World(database)
    try:
        world.registry.check_signaling()
        facts = reader.read(world.env, built, clock, weather, outside)
        found += invariants.breaches(facts)
        found += foretold_wrongly(world, seed, invariants.Breach)
        world.retire(*world.env["marketing.scenario"].browse(built.scenarios).filtered(lambda s: s.state == "active"))
        world.registry.signal_changes()
    except Exception:  # noqa: BLE001 the next round may tell more
        found.append(invariants.Breach("the check itself failed", traceback.format_exc()))
    finally:
        world.close()
        sql_db.close_all()
    figures = f"{len(built.people)} people"
    if facts:
        done = sum(deed.result == "done" for deed in facts.deeds)
        figures += f", {len(facts.runs)} runs, {len(facts.messages)} messages, {done} of {len(facts.deeds)} clicks done"
        figures += f", outcome {outcome(facts)}" if clock.stands else ""
    verdict = f"{len(found)} FINDINGS" if found else "all holds"
    say(f"seed {seed}: {figures}, {time.monotonic() - began:.0f} s: {verdict}")
    for breach in found:
        say(f"  {breach.rule}: {breach.words}")
    if found:
        log = weather.log.read_text() if weather.log.exists() else ""
        tale = story.tell(own, facts, found, weather.events)
        (folder / f"round_{seed}.txt").write_text(f"{tale}\nLOG OF THE PROCESSES\n{log}")
    return found


def outcome(facts) -> str:
    """A short word for what became of everybody."""
    told = [
        (run.id, run.state, run.end_reason, [(trace.step, trace.event, trace.outcome, trace.at) for trace in run.path])
        for run in facts.runs.values()
    ]
    told += [(message.id, message.address, message.status, message.variant) for message in facts.messages.values()]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:8]


def foretold_wrongly(world, seed: int, breach) -> list:
    """Play the seed's story of people whose behaviour is known: the forecast must be what the run then does (S55)."""
    from odoo.addons.marketing_scenario.tests.simulation.known_behaviour import Story  # noqa: PLC0415

    began = world.cr.now()
    with world.cr.savepoint(flush=False) as savepoint:
        story = Story(world.env, seed)
        foretold, lived = story.foretold(), story.lived()
        savepoint.rollback()
    world.env.transaction.clear()
    world.registry.clear_all_caches()
    world.cr._now = began
    return [
        breach("S55 a forecast comes true", f"person {number}: {foretold.get(person)}, then {lived.get(person)}")
        for number, person in enumerate(story.people.ids)
        if foretold.get(person) != lived.get(person)
    ]


def parse() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(prog="python3 dev fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10, help="begin rounds for so long (default: 10)")
    parser.add_argument("--seed", type=int, help="seed of the first round; each further one adds 1")
    parser.add_argument("--again", action="store_true", help="all rounds with this same seed")
    parser.add_argument("--stop", action="store_true", help="stop after the first round with a finding")
    parser.add_argument("--in-turn", action="store_true", help="one process: a seed has the same outcome each time")
    parser.add_argument("--rounds", type=int, help="so many rounds, however long they take")
    parser.add_argument("--short", action="store_true", help="about a minute: a fixed seed, then fresh ones")
    options = parser.parse_args()
    if options.short:
        options.minutes = SHORT_MINUTES
    if options.again and options.seed is None:
        parser.error("--again: say which --seed")
    return options


if __name__ == "__main__":
    main_guard(main)
