"""The hand that builds: real clicks, drags and keys in the browser, counted where they arrive."""

from docs.film import Film

# Counted where they arrive, also in the frame of the designer; and how many dialogs stand on each other.
WATCH = """
    () => {
        const seen = (window.seen ??= { clicks: 0, dialogs: 0 });
        const frames = [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument);
        for (const one of [document, ...frames].filter((one) => one && !one.watched)) {
            one.watched = true;
            one.addEventListener("pointerdown", (ev) => ev.isTrusted && seen.clicks++, true);
        }
        window.looking ??= new MutationObserver(() => {
            seen.dialogs = Math.max(seen.dialogs, document.querySelectorAll(".o_dialog").length);
        });
        window.looking.observe(document.body, { childList: true, subtree: true });
    }
"""
COMPLAINTS = ("error", "warning")
# the browser's word on scripts of this tool in the frames of the designer; who clicks by hand does not see it
OURS = "Blocked script execution in 'about:blank'"


class Hand:
    """Clicks, drags and types; each deed is a picture of the film."""

    def __init__(self, page, film: Film):
        self.page = page
        self.film = film
        self.letters = 0
        self.problems: list[str] = []
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"in the page: {error.stack or error}"))
        self._watch()

    @property
    def clicks(self) -> int:
        """How many clicks and drags arrived in the page."""
        return self.page.evaluate("window.seen.clicks")

    @property
    def dialogs(self) -> int:
        """How many dialogs there were at once, at most."""
        return self.page.evaluate("window.seen.dialogs")

    def _heard(self, message) -> None:
        if message.type in COMPLAINTS and not message.text.startswith(OURS):
            self.problems.append(f"in the console: {message.text[:2000]}")

    def _watch(self) -> None:
        self.page.evaluate(WATCH)

    def find(self, target):
        """Return the first element of a selector, or what is an element already."""
        return self.page.locator(target).first if isinstance(target, str) else target.first

    def sees(self, target) -> None:
        """Wait until something is on screen."""
        self.find(target).wait_for()

    def click(self, target) -> None:
        """Click something, once it is there."""
        element = self.find(target)
        self._show(element)
        self._watch()
        element.click()
        self.page.wait_for_timeout(150)

    def drag(self, source: str, target: str) -> None:
        """Drag something onto something."""
        self.sees(target)
        x, y = self._show(self.find(source))
        self.page.mouse.move(x, y)
        self.page.mouse.down()
        to_x, to_y = self._middle(self.find(target))
        self.page.mouse.move(to_x, to_y, steps=8)
        self.film.take(self.page, (to_x, to_y), self.clicks)
        self.page.mouse.up()
        self.page.wait_for_timeout(150)

    def type(self, text: str) -> None:
        """Type where the focus is."""
        self.letters += len(text)
        self.page.keyboard.type(text)

    def press(self, keys: str) -> None:
        """Press a key where the focus is."""
        self.page.keyboard.press(keys)

    def look(self) -> None:
        """Take a picture of what is there."""
        self.film.take(self.page, None, self.clicks)

    def _show(self, element) -> tuple[float, float]:
        element.scroll_into_view_if_needed()
        place = self._middle(element)
        self.film.take(self.page, place, self.clicks)
        return place

    def _middle(self, element) -> tuple[float, float]:
        while not (box := element.bounding_box()):
            self.page.wait_for_timeout(50)  # it is just drawn anew
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
