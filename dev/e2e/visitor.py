"""What a recipient does with a mail and with a form: plain HTTP, and a real browser."""

import time

import requests
from lxml import html

from env import DevError

BROWSER = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"
}
# Forms take a faster answer for a robot's.
HUMAN_SECONDS = 2.5
# A mail that is opened sooner after it has left was opened by a machine.
READING_SECONDS = 6.0


def open_pixel(url: str) -> int:
    """Show the mail's pictures, as somebody does who reads it; return the status."""
    time.sleep(READING_SECONDS)
    return requests.get(url, headers=BROWSER, timeout=60).status_code


def follow(url: str) -> str:
    """Click a tracked link; return where it leads."""
    answer = requests.get(url, headers=BROWSER, timeout=60, allow_redirects=False)
    return answer.headers.get("Location", f"status {answer.status_code}")


def fetch(url: str) -> bytes:
    """Follow a link to its end; return what is there."""
    return requests.get(url, headers=BROWSER, timeout=60).content


def one_click(url: str) -> int:
    """Unsubscribe as mail programs do; return the status."""
    return requests.post(url, data={"List-Unsubscribe": "One-Click"}, headers=BROWSER, timeout=60).status_code


def fill_form(url: str, **answers: str) -> requests.Response:
    """Fill a public form without a browser: load the page, answer, send; return the answer to the post."""
    page = requests.get(url, headers=BROWSER, timeout=60)
    form = html.fromstring(page.text).forms[0]
    fields = {name: value for name, value in form.form_values()}
    time.sleep(HUMAN_SECONDS)
    return requests.post(url, data={**fields, **answers}, headers=BROWSER, timeout=60, allow_redirects=False)


def fill_form_in_browser(program: str, url: str, **answers: str) -> str:
    """Fill a public form in Chromium, keystroke by keystroke; return the title of the page that thanks.

    :raise DevError: the page shows an error instead
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to load, and not needed without a browser

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page()
        complaints = []
        page.on("console", lambda message: message.type == "error" and complaints.append(message.text))
        page.goto(url)
        time.sleep(HUMAN_SECONDS)
        for name, answer in answers.items():
            field = page.locator(f"[name={name}]")
            field.check() if answer == "1" else field.fill(answer)
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/thanks*")
        title = page.locator("h1").inner_text()
        browser.close()
    if complaints:
        raise DevError(f"the form's page complains in the browser: {complaints}")
    return title
