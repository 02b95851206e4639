"""The canvas of 200 steps with their counts in a real browser: until it is painted, and while a step is dragged."""

import statistics

from bench.measure import machine_is_busy
from bench.report import Figure
from bench.works.screens import STEPS, Crowd
from env import environment, start_server

ROUNDS = 5
PAINT_MS, FRAMES = 1000, 50
SIZE = 100_000
CARDS = ".o_canvas_card"
# from the click on its row until the browser has painted all cards
PAINTED = """
    async ([row, cards, count]) => {
        const began = performance.now();
        document.querySelector(row).click();
        const frame = () => new Promise((done) => requestAnimationFrame(done));
        while (document.querySelectorAll(cards).length < count) {
            await frame();
        }
        await frame();
        await new Promise((done) => setTimeout(done)); // after the paint of that frame
        return performance.now() - began;
    }
"""
# a step type carried in circles over the board for two seconds, a move of the pointer each frame
DRAGGED = """
    async () => {
        const type = document.querySelector(".o_canvas_type");
        const board = document.querySelector(".o_canvas_board").getBoundingClientRect();
        const send = (target, name, x, y) =>
            target.dispatchEvent(
                new PointerEvent(name, { bubbles: true, cancelable: true, clientX: x, clientY: y }),
            );
        const { left, top } = type.getBoundingClientRect();
        send(type, "pointerdown", left + 5, top + 5);
        send(window, "pointermove", left + 25, top + 25);
        const began = performance.now();
        let [now, frames] = [began, 0];
        while (now - began < 2000) {
            now = await new Promise((done) => requestAnimationFrame(done));
            const turn = (now - began) / 150;
            const [x, y] = [board.width * (0.5 + 0.4 * Math.cos(turn)), board.height * (0.5 + 0.4 * Math.sin(turn))];
            send(window, "pointermove", board.left + x, board.top + y);
            frames++;
        }
        window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true, cancelable: true }));
        return (frames * 1000) / (now - began);
    }
"""


def canvas(world, sizes, quick):
    """Opened from the list of scenarios, by an administrator; leaves the start of the web client out."""
    program = environment().chromium
    if not program:
        return
    crowd = Crowd(world, SIZE, quick)
    world.cr.commit()
    with start_server(world.database) as server:
        milliseconds, frames = looked_at(program, server.url)
    crowd.leave()
    busy = machine_is_busy()
    for name, value, budget, kept in (
        ("canvas of 200 steps, painted", milliseconds, f"≤ {PAINT_MS} ms", milliseconds <= PAINT_MS),
        ("canvas of 200 steps, a drag", frames, f"≥ {FRAMES} frames/s", frames >= FRAMES),
    ):
        figure = Figure(name, STEPS)
        figure.budget = budget
        figure.met = kept or (None if busy else False)
        figure.note = f"{value:.0f}" + ("; not judged: others use the cores" if busy and not kept else "")
        yield figure


def looked_at(program: str, url: str) -> tuple[float, float]:
    """Return the median of the milliseconds until all cards are painted, and the frames a second of a drag."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to load, and not needed without a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1600, "height": 900})
        page.goto(f"{url}/web/login", timeout=120_000)
        page.fill("#login", "admin")
        page.fill("#password", "admin")
        page.click("button[type=submit]")
        page.wait_for_selector(".o_web_client", timeout=120_000)
        page.goto(f"{url}/odoo/marketing-scenarios", wait_until="commit")
        taken = []
        for _round in range(ROUNDS + 1):
            row = page.locator(".o_data_row, .o_kanban_record", has_text="Crowded").first
            row.wait_for(timeout=120_000)
            row.evaluate("row => (row.querySelector('.o_data_cell') || row).id = 'o_crowded'")
            taken.append(page.evaluate(PAINTED, ["#o_crowded", CARDS, STEPS]))
            frames = page.evaluate(DRAGGED)
            page.locator(".o_back_button, .breadcrumb-item a").first.click()
        browser.close()
    return statistics.median(taken[1:]), frames  # the first one loads the views
