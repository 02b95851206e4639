"""Build the example of the source document by hand in Chromium, count the clicks, and film it for the README."""

import argparse
import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

# This folder's own modules are reached as ``docs.…``; as top-level names they could hide the standard library's.
sys.path[0] = str(Path(__file__).resolve().parents[1])

from docs.brochure import build  # noqa: E402
from docs.film import Film  # noqa: E402
from docs.hand import Hand  # noqa: E402
from docs.stills import take  # noqa: E402
from env import DevError, environment, fresh_database, main_guard, run_script, say, start_server, step  # noqa: E402

MOST_CLICKS = 60
LARGEST = 2_000_000  # bytes
SIZE = {"width": 1366, "height": 820}
COMPANY = """
env.company.write({"name": "Bright Homes", "email": "hello@bright-homes.example"})
env.cr.commit()
"""


def main() -> int:
    """Build, count, film, judge."""
    parser = argparse.ArgumentParser(prog="python3 dev docs", description=__doc__)
    parser.add_argument("--no-film", action="store_true", help="count only, leave the picture as it is")
    parser.add_argument("--stills", action="store_true", help="only the pictures of the gallery, canvas and reports")
    options = parser.parse_args()
    place = environment()
    if not place.chromium:
        raise DevError("there is no Chromium on this machine", "as root: apt-get install chromium")
    if options.stills:
        return stills(place)
    film = Film(place.addon / "static" / "description" / "building.webp")
    with fresh_database(f"docs_{os.getpid()}") as database:
        run_script(database, COMPANY)
        step("starting the server")
        with start_server(database, cron_threads=0, log=place.logs / "docs_server.log") as server:
            count = built(place.chromium, server.url, film)
    problems = count.problems
    if count.clicks > MOST_CLICKS:
        problems.append(f"{count.clicks} clicks, {MOST_CLICKS} are the most that it may take")
    if count.dialogs > 1:
        problems.append("a dialog opened on a dialog")
    if not options.no_film and film.save() > LARGEST:
        problems.append(f"the picture is larger than {LARGEST} bytes")
    for problem in problems:
        say(f"FAILED: {problem}")
    say(f"{count.clicks} clicks, {count.letters} letters typed, {count.dialogs} dialogs at once at most")
    return 1 if problems else 0


def stills(place) -> int:
    """Take the pictures of the page of the addon, with the demo data."""
    with fresh_database(f"docs_{os.getpid()}", demo=True) as database:
        step("starting the server")
        with start_server(database, cron_threads=0, log=place.logs / "docs_server.log") as server:
            with signed_in(place.chromium, server.url) as page:
                problems = take(page, server.url, place.addon / "static" / "description")
    for problem in problems:
        say(f"FAILED: {problem}")
    return 1 if problems else 0


class Count(NamedTuple):
    """What building the example took."""

    clicks: int
    letters: int
    dialogs: int  # at once
    problems: list[str]


def built(program: str, url: str, film: Film) -> Count:
    """Build the example in a browser; return what it took."""
    with signed_in(program, url) as page:
        page.goto(f"{url}/odoo/marketing-scenarios")
        page.wait_for_selector(".o_list_button_add")
        began = time.monotonic()
        hand = Hand(page, film)
        try:
            build(hand)
        except Exception as error:
            picture = environment().logs / "docs_failure.png"
            page.screenshot(path=str(picture))
            heard = "\n".join(hand.problems) or "nothing"
            raise DevError(
                f"building stopped: {error}\nThe page complained of:\n{heard}", f"look at {picture}"
            ) from error
        say(f"built in {time.monotonic() - began:.0f} s")
        return Count(hand.clicks, hand.letters, hand.dialogs, hand.problems)


@contextmanager
def signed_in(program: str, url: str):
    """Give a page of a browser in which the administrator has logged in."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to load, and not needed without a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        page.set_default_timeout(60_000)
        page.goto(f"{url}/web/login")
        page.fill("#login", "admin")
        page.fill("#password", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client")
        yield page
        browser.close()


if __name__ == "__main__":
    main_guard(main)
