"""Public forms under the hands of many visitors at once."""

import http.client
import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import count

from bench.measure import machine_is_busy
from bench.report import Figure
from env import start_server

CLIENTS = 32
POSTS = 1500
LEAST_RATE, MOST_SECONDS = 100, 2
ANSWERED = 200
NUMBERS = count(1)


def forms(world, sizes, quick):
    """32 clients post forms to two workers, each a new lead, beside Odoo's login page; leaves files and captcha out."""
    if quick:  # a server with two workers takes longer to start than all posts of a quick run
        return
    point = world.env["marketing.engagement.point"].create({"name": "Measured", "rate_limit": 0})
    point.server_key = secrets.token_urlsafe(32)
    world.cr.commit()
    busy = machine_is_busy()
    with start_server(world.database, workers=2, cron_threads=0) as server:
        post = poster(server.port, point)
        rush(post, CLIENTS)  # both workers load what they need
        pages, _slowest = rush(lambda: ask(server.port, "GET", "/web/login"), POSTS)
        rate, slowest = rush(post, POSTS)
    world.cr.commit()
    made = world.env["marketing.engagement.submission"].search_count(
        [("point_id", "=", point.id), ("lead_id", "!=", False)]
    )
    if made != POSTS + CLIENTS:
        raise AssertionError(f"{POSTS + CLIENTS} posted, {made} leads")
    figure = Figure(f"form posts, {CLIENTS} clients", POSTS, rate, pages, pages / rate)
    figure.budget = f"≥ {LEAST_RATE}/s, slowest ≤ {MOST_SECONDS} s"
    figure.met = None if busy else rate >= LEAST_RATE and slowest <= MOST_SECONDS
    figure.note = f"slowest {slowest:.1f} s" + ("; not judged: others use the cores" if busy else "")
    yield figure


def rush(deed, times) -> tuple[float, float]:
    """Do it so many times by all clients at once; return how often in a second, and the seconds of the slowest."""

    def timed(_number) -> float:
        began = time.perf_counter()
        deed()
        return time.perf_counter() - began

    began = time.perf_counter()
    with ThreadPoolExecutor(CLIENTS) as clients:
        taken = list(clients.map(timed, range(times)))
    return times / (time.perf_counter() - began), max(taken)


def poster(port, point):
    """Return a function that fills the form as somebody new."""
    path, headers = f"/marketing/form/{point.token}/json", {"X-Marketing-Key": point.server_key}

    def post() -> None:
        number = next(NUMBERS)
        body = {
            "first_name": "Somebody",
            "last_name": f"New {number}",
            "email": f"new{number}@example.com",
            "phone": f"+336{number:08d}",
        }
        ask(port, "POST", path, json.dumps(body), {**headers, "Content-Type": "application/json"})

    return post


def ask(port, method, path, body=None, headers=None) -> None:
    """Ask the server over a connection of its own; anything but a good answer is an error."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    text = answer.read()
    connection.close()
    if answer.status != ANSWERED:
        raise AssertionError(f"{path}: {answer.status} {text[:200]}")
