"""An animated picture of what happens on a screen, with the pointer and the count of clicks."""

import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH = 900
MOMENT, LAST = 700, 4000  # milliseconds
QUALITY = 40
POINTER = [(0, 0), (0, 22), (5, 17), (9, 25), (13, 23), (9, 15), (16, 15)]


class Film:
    """Collects pictures and writes them as one animated WebP."""

    def __init__(self, path: Path):
        self.path = path
        self.pictures: list[Image.Image] = []

    def take(self, page, pointer: tuple[float, float] | None, clicks: int) -> None:
        """Take a picture of a page."""
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        draw = ImageDraw.Draw(picture)
        if pointer:
            x, y = pointer
            draw.ellipse((x - 16, y - 16, x + 16, y + 16), outline="#e8912d", width=4)
            draw.polygon([(x + dx, y + dy) for dx, dy in POINTER], fill="black", outline="white")
        self._tell(draw, picture, f"{clicks} clicks")
        height = picture.height * WIDTH // picture.width
        self.pictures.append(picture.resize((WIDTH, height), Image.Resampling.LANCZOS))

    def _tell(self, draw: ImageDraw.ImageDraw, picture: Image.Image, text: str) -> None:
        font = ImageFont.load_default(size=22)
        width = draw.textlength(text, font=font)
        left, top = picture.width / 2 - width / 2, 10
        draw.rounded_rectangle((left - 14, top - 4, left + width + 14, top + 30), radius=8, fill="#222222")
        draw.text((left, top), text, font=font, fill="white")

    def save(self) -> int:
        """Write the film; return its size in bytes."""
        first, *others = self.pictures
        moments = [MOMENT] * len(others) + [LAST]
        first.save(
            self.path,
            save_all=True,
            append_images=others,
            duration=moments,
            loop=0,
            quality=QUALITY,
            method=4,
            # each picture whole: what is told as a change of the one before leaves shadows of it
            kmin=0,
            kmax=1,
        )
        return self.path.stat().st_size
