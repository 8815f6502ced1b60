"""Pictures of the running demo's screens at 390 and 1440 px, in Chinese, into docs/screenshots/.

`make screenshots` (PORT=…) or `python bin/screenshots.py --url … [--only NAME]`. The demo must be running on
the data of XINGLIN_VAR: its logins are asked of `manage.py seed_demo`, which changes nothing there.
Debian's Chromium takes the pictures (bin/browser-up installs it).
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from config.demo.screens import Screen, screens  # noqa: E402 - found only with the project's folder

WIDTHS = {390: 844, 1440: 900}
CHROMIUM = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=zh-CN",  # fields for files and dates speak the browser's language (package chromium-l10n)
]
COLOURS = 128  # a picture of a page needs no more, and takes a third of the bytes
SAVE_BAR = 120  # pixels: it floats over the end of a form
TALLEST = 4000  # pixels; what lies below is more of the same


def logins() -> dict[str, tuple[str, str]]:
    """Name → (mail address, password) of the demo's accounts."""
    said = subprocess.run(
        [sys.executable, "manage.py", "seed_demo"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    found = re.findall(r"^\s+((\S+)@\S+)\s+(xl-\S+)", said, flags=re.MULTILINE)
    return {name: (mail, password) for mail, name, password in found}


def sign_in(page: Page, url: str, login: tuple[str, str]) -> None:
    page.goto(f"{url}/accounts/login/")
    page.fill("main input[name=login]", login[0])
    page.fill("main input[name=password]", login[1])
    page.locator("main form:has(input[name=password]) [type=submit]").first.click()
    page.wait_for_load_state()
    page.goto(f"{url}/accounts/second-factor/")  # the demo lets staff postpone it
    later = page.locator("button[form=skip]")
    if later.count():
        later.click()
        page.wait_for_load_state()
    page.goto(f"{url}/accounts/second-factor/")  # staff are offered one; the demo lets them postpone it
    if (skip := page.locator("button[form=skip]")).count():
        skip.click()
        page.wait_for_load_state()


def _height(page: Page, screen: Screen, height: int) -> int:
    """The height of the page. The admin's pages scroll inside the window, which grows for the picture."""
    if not screen.name.startswith(("admin-", "desk-figures")):
        return height
    content = page.locator("#main, main").first.evaluate("node => node.scrollHeight")
    return max(height, min(int(content) + SAVE_BAR, TALLEST))


def save(page: Page, target: Path) -> None:
    """One picture of the whole page, in few colours."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    print(target)


def take(browser: Browser, url: str, wanted: list[Screen], folder: Path) -> None:
    """Take one picture of each screen and width; each user signs in once for each width."""
    folder.mkdir(parents=True, exist_ok=True)
    known = logins()
    for who in dict.fromkeys(screen.who for screen in wanted):
        for width, height in WIDTHS.items():
            context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
            page = context.new_page()
            if who:
                sign_in(page, url, known[who])
            for screen in wanted:
                if screen.who == who:
                    page.set_viewport_size({"width": width, "height": height})
                    page.goto(url + screen.path)
                    page.wait_for_load_state("networkidle")
                    if screen.act:
                        screen.act(page)
                    page.set_viewport_size({"width": width, "height": _height(page, screen, height)})
                    save(page, folder / f"{screen.name}-{width}.png")
            context.close()


def main() -> None:
    """Read the arguments, open one browser."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", help="start of the names to take", action="append", default=[])
    chosen = parser.parse_args()
    url = chosen.url.rstrip("/")
    wanted = [one for one in screens(url) if not chosen.only or one.name.startswith(tuple(chosen.only))]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=CHROMIUM, env={**os.environ, "LANGUAGE": "zh_CN"}
        )
        take(browser, url, wanted, chosen.folder)
        browser.close()


if __name__ == "__main__":
    main()
