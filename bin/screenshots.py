"""Pictures of the running demo's screens at 390 and 1440 px, in Chinese, into docs/screenshots/.

`make screenshots` (PORT=…) or `python bin/screenshots.py --url … [--only NAME]`. The demo must be running on
the data of XINGLIN_VAR: its logins are asked of `manage.py seed_demo`, which changes nothing there.
Debian's Chromium takes the pictures (bin/browser-up installs it).
"""

from __future__ import annotations

import argparse
import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
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
]
COLOURS = 128  # a picture of a page needs no more, and takes a third of the bytes
TALLEST = 4000  # pixels; what lies below is more of the same
ZONE = "digestive"  # the demo's zone with the full gate


@dataclass(frozen=True, slots=True)
class Screen:
    """`who`: name of a demo login, "" for nobody. `act` is done once the page is open."""

    name: str
    who: str
    path: str
    act: Callable[[Page], None] | None = None


def listed(url: str, resource: str) -> list[dict[str, Any]]:
    """The entries of a list of the API."""
    with urlopen(f"{url}/api/v1/{resource}", timeout=10) as answer:  # noqa: S310 - the demo on this machine
        return list(json.load(answer)["items"])


def screens(url: str) -> list[Screen]:
    """Every screen of readers, reviewers and administrators."""
    first: dict[str, str] = {}
    for article in listed(url, "articles?limit=50"):
        first.setdefault(article["audience"], article["path"])
    gate, gated = f"/gate/{ZONE}/", first["hcp"]
    return [
        Screen("home", "", "/"),
        Screen("zone", "", f"/zones/{ZONE}/"),
        Screen("article-public", "", first["public"]),
        Screen("article-locked", "", gated),
        Screen("search", "", "/search/?q=肝"),
        Screen("sign-in", "", "/accounts/login/"),
        Screen("sign-up", "", "/accounts/signup/"),
        Screen("not-found", "", "/articles/00000000-0000-4000-8000-000000000000/"),
        Screen("gate-1-agreement", "reader", gate),
        Screen("gate-2-informed-consent", "at-consent", gate),
        Screen("gate-2-separate-consent", "at-sharing", gate),
        Screen("gate-3-profile", "at-profile", gate),
        Screen("gate-4-survey", "at-survey", gate),
        Screen("gate-5-verification", "at-verification", f"/gate/verification/?zone={ZONE}"),
        Screen("gate-6-pending", "pending", gate),
        Screen("gate-refused", "refused", gate),
        Screen("gate-rejected", "rejected", gate),
        Screen("gate-withdrawn", "withdrawn", gate),
        Screen("gate-expired", "expired", gate),
        Screen("gate-revoked", "revoked", gate),
        Screen("gate-7-admitted", "admitted", gate),
        Screen("article-gated", "admitted", gated),
        Screen("me", "admitted", "/me/"),
        Screen("me-data", "admitted", "/me/data/"),
        Screen("me-receipt", "admitted", "/me/", open_receipt),
        Screen("verify-receipt", "", "/consent-receipts/verify/"),
        Screen("gate-asked", "asked", gate),
        Screen("gate-appealing", "appealing", gate),
        Screen("desk-queue", "reviewer", "/admin/review/"),
        Screen("desk-case", "reviewer", "/admin/review/", open_first),
        Screen("desk-case-revealed", "reviewer", "/admin/review/", reveal),
        Screen("desk-figures", "reviewer", "/admin/review/dashboard/"),
        Screen("admin-gate", "admin", "/admin/gate/gates/", open_first),
        Screen("admin-agreement", "admin", "/admin/gate/agreements/", open_first),
        Screen("admin-questionnaire", "admin", "/admin/gate/questionnaires/", open_first),
        Screen("admin-answers", "admin", "/admin/gate/answers/", open_first),
        Screen("admin-grants", "admin", "/admin/gate/grants/people/"),
        Screen("admin-audit-log", "admin", "/admin/audit/"),
        Screen("admin-webhooks", "admin", "/admin/webhooks/endpoints/"),
    ]


def open_first(page: Page) -> None:
    """What the first row of a list leads to: at the desk, the case that has waited longest."""
    page.locator("table.listing tbody a").first.click()
    page.wait_for_load_state("networkidle")


def open_receipt(page: Page) -> None:
    """The receipt of the latest decision."""
    page.goto(
        page.url + page.locator("a[href^='/me/consents/']").first.get_attribute("href").removeprefix("/me/")
    )


def reveal(page: Page) -> None:
    """Its credential, drawn by the demo; the look is on record like every other."""
    open_first(page)
    page.keyboard.press("v")
    page.wait_for_function("document.querySelector('[data-desk-viewer-target=picture]')?.naturalWidth > 0")


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


def save(page: Page, target: Path) -> None:
    """One picture of the whole page, in few colours."""
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    picture = picture.crop((0, 0, picture.width, min(picture.height, TALLEST)))
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(target, optimize=True)
    print(target)


def take(browser: Browser, url: str, wanted: list[Screen], folder: Path) -> None:
    """One picture of each screen and width; people sign in once for each width."""
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
                    page.goto(url + screen.path)
                    page.wait_for_load_state("networkidle")
                    if screen.act:
                        screen.act(page)
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
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        take(browser, url, wanted, chosen.folder)
        browser.close()


if __name__ == "__main__":
    main()
