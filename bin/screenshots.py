"""Pictures of the running demo's screens at 390 and 1440 px, into docs/screenshots/.

`make screenshots` (PORT=…) or `python bin/screenshots.py --url … [--only NAME] [--login MAIL --password …]`.
The demo must be running; Debian's Chromium takes the pictures (bin/browser-up installs it).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

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


def listed(url: str, resource: str) -> list[dict[str, Any]]:
    """The entries of a list of the API."""
    with urlopen(f"{url}/api/v1/{resource}", timeout=10) as answer:  # noqa: S310 - the demo on this machine
        page = json.load(answer)
    return list(page.get("results") or page.get("items"))


def screens(url: str) -> dict[str, str]:
    """Name → path of everything an anonymous reader can open."""
    articles = listed(url, "articles?limit=50")
    found = {
        "home": "/",
        "search": "/search/?q=肝",
        "search-nothing": "/search/?q=没有这样的词",
        "sign-in": "/accounts/login/",
        "sign-up": "/accounts/signup/",
        "not-found": "/articles/00000000-0000-4000-8000-000000000000/",
    }
    for zone in listed(url, "zones"):
        found[f"zone-{zone['slug']}"] = f"/zones/{zone['slug']}/"
    for audience in ("public", "registered", "hcp"):
        for article in articles:
            if article["audience"] == audience:
                found[f"article-{audience}"] = article["path"]
                break
    return found


SIGNED_IN = {"me": "/me/", "verification": "/gate/verification/"}
ADMIN = {"admin-home": "/admin/", "admin-pages": "/admin/pages/", "admin-login": "/admin/login/"}


def take(
    browser: Browser, url: str, wanted: dict[str, str], folder: Path, login: tuple[str, str] | None
) -> None:
    """One picture of each screen and width."""
    folder.mkdir(parents=True, exist_ok=True)
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        if login:
            page.goto(f"{url}/accounts/login/")
            page.fill("input[name=login]", login[0])
            page.fill("input[name=password]", login[1])
            page.locator("form:has(input[name=password]) [type=submit]").first.click()
            page.wait_for_load_state()
        for name, path in wanted.items():
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            target = folder / f"{name}-{width}.png"
            page.screenshot(path=target, full_page=True)
            print(target)
        context.close()


def main() -> None:
    """Read the arguments, open one browser."""
    parser = argparse.ArgumentParser(prog="make screenshots", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--folder", type=Path, default=ROOT / "docs" / "screenshots")
    parser.add_argument("--only", help="name of one screen, or NAME=/path of any other", action="append")
    parser.add_argument("--login", help="mail address of a demo login")
    parser.add_argument("--password", default="")
    chosen = parser.parse_args()
    wanted = screens(chosen.url) | (SIGNED_IN | ADMIN if chosen.login else {})
    if chosen.only:
        named = dict(one.split("=", 1) if "=" in one else (one, wanted[one]) for one in chosen.only)
        wanted = named
    login = (chosen.login, chosen.password) if chosen.login else None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
        take(browser, chosen.url.rstrip("/"), wanted, chosen.folder, login)
        browser.close()


if __name__ == "__main__":
    main()
