"""Pictures of the gallery, the canvas and the reports, with the demo data, for the page of the addon."""

import io
from pathlib import Path

from PIL import Image

SIZE = {"width": 1440, "height": 900}
WIDTH = 1100
QUALITY = 60
LARGEST = 120_000  # bytes each
SETTLED = 3000  # milliseconds: charts are drawn, the tree is laid out

# name → address, what is there when it is drawn, what is pressed first
SCREENS = {
    "gallery": ("/odoo/new-marketing-scenario", ".o_scenario_card_picture img", None),
    "canvas": ("/odoo/marketing-scenarios", ".o_data_row", ".o_data_row .o_data_cell[name=name]"),
    "dashboard": ("/odoo/marketing-dashboard", ".o_dashboard_tile", None),
}


def take(page, url: str, folder: Path) -> list[str]:
    """Take each picture; return what is wrong with them."""
    problems = []
    page.set_viewport_size(SIZE)
    for name, (address, drawn, pressed) in SCREENS.items():
        page.goto(url + address)
        page.wait_for_selector(drawn)
        if pressed:
            page.locator(pressed).first.click()
        page.wait_for_timeout(SETTLED)
        path = folder / f"{name}.webp"
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        picture = picture.resize((WIDTH, picture.height * WIDTH // picture.width), Image.Resampling.LANCZOS)
        picture.save(path, quality=QUALITY, method=6)
        if path.stat().st_size > LARGEST:
            problems.append(f"{path.name} is larger than {LARGEST} bytes")
    return problems
