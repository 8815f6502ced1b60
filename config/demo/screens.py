"""The demo's screens in the order of docs/screens.md: for pictures (bin/screenshots.py) and browser tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.request import urlopen

if TYPE_CHECKING:
    from playwright.sync_api import Page  # only for development

ZONE = "digestive"  # the demo's zone with the full gate
GATE = f"/gate/{ZONE}/"
QUEUE = "/admin/review/"


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen. `who`: name of a demo login, "" for anonymous readers. `act` runs once the page is open."""

    name: str
    who: str
    path: str
    act: Callable[[Page], None] | None = None


def screens(url: str) -> list[Screen]:
    """Every screen of readers, reviewers and administrators of the gate."""
    article = _articles(url)
    return [*_reading(article), *GATE_SCREENS, *_reader(article), *_desk(), *ADMINISTRATION]


def _articles(url: str) -> dict[str, str]:
    """The path of the first article for each audience."""
    first: dict[str, str] = {}
    with urlopen(f"{url}/api/v1/articles?limit=50", timeout=10) as answer:  # noqa: S310 - the demo, here
        items: list[dict[str, Any]] = json.load(answer)["items"]
    for item in items:
        first.setdefault(item["audience"], item["path"])
    return first


def _reading(article: dict[str, str]) -> list[Screen]:
    return [
        Screen("home", "", "/"),
        Screen("zone", "", f"/zones/{ZONE}/"),
        Screen("article-public", "", article["public"]),
        Screen("article-locked", "", article["hcp"]),
        Screen("search", "", "/search/?q=肝"),
        Screen("sign-in", "", "/accounts/login/"),
        Screen("sign-up", "", "/accounts/signup/"),
        Screen("password-reset", "", "/accounts/password/reset/"),
        Screen("not-found", "", "/articles/00000000-0000-4000-8000-000000000000/"),
    ]


def _reader(article: dict[str, str]) -> list[Screen]:
    return [
        Screen("gate-7-admitted", "admitted", GATE),
        Screen("article-gated", "admitted", article["hcp"]),
        Screen("me", "admitted", "/me/"),
        Screen("me-data", "admitted", "/me/data/"),
        Screen("me-erasure", "admitted", "/me/data/erasure/"),
        Screen("me-correction", "admitted", "/me/data/", _correction),
        Screen("me-change", "admitted", f"/gate/verification/?change=1&zone={ZONE}"),
        Screen("me-changing", "changing", "/me/"),
        Screen("me-address", "admitted", "/accounts/email/"),
        Screen("me-password", "admitted", "/accounts/password/change/"),
        Screen("me-second-factor", "admitted", "/accounts/mfa/"),
        Screen("me-receipt", "admitted", "/me/", _receipt),
        Screen("verify-receipt", "", "/consent-receipts/verify/"),
    ]


def _receipt(page: Page) -> None:
    """The receipt of the latest decision."""
    page.locator("main a[href^='/me/consents/']").first.click()
    page.wait_for_load_state("networkidle")


def _correction(page: Page) -> None:
    """The form in which answers are corrected."""
    page.locator("main a[href^='/me/data/answers/']").first.click()
    page.wait_for_load_state("networkidle")


def _first(page: Page) -> None:
    """The address that the first row of a list links to: at the desk, the case that has waited longest."""
    page.locator("table.listing tbody a").first.click()
    page.wait_for_load_state("networkidle")


def _called(title: str) -> Callable[[Page], None]:
    """The address that the row with this title links to."""

    def act(page: Page) -> None:
        page.locator("table.listing tbody a", has_text=title).first.click()
        page.wait_for_load_state("networkidle")

    return act


def _case(key: str) -> Callable[[Page], None]:
    """The first case of the list, claimed by the reviewer where it is free; then one key of the desk."""
    opened: list[str] = []  # a claimed case leaves the list

    def act(page: Page) -> None:
        if opened:
            page.goto(opened[0])
        else:
            _first(page)
            opened.append(page.url)
        take = page.locator("form[action$='/claim/'] button")
        if take.count():
            take.click()
            page.wait_for_load_state("networkidle")
        if key in ("v", "a"):  # an approval requires a look
            _reveal(page)
        if key not in ("", "v"):
            page.keyboard.press(key)
            page.locator(".desk-sheet[open]").wait_for()

    return act


def _reveal(page: Page) -> None:
    """Look at the credential, and wait until it is drawn; on each further call it is drawn again."""
    page.keyboard.press("v")
    page.wait_for_url("**look=*")
    page.wait_for_function("document.querySelector('[data-desk-viewer-target=picture]')?.naturalWidth > 0")
    page.wait_for_load_state("networkidle")


def _several(page: Page) -> None:
    """Three cases selected in the queue: several can be claimed at once, none decided."""
    for box in page.locator("table.listing tbody input[type=checkbox]").all()[:3]:
        box.check()
    page.wait_for_timeout(500)


def _desk() -> list[Screen]:
    """Created for each run: a claimed case is opened again by its address."""
    return [
        Screen("desk-queue", "reviewer", QUEUE),
        Screen("desk-queue-several", "reviewer", QUEUE, _several),
        Screen("desk-case", "reviewer", QUEUE, _first),
        Screen("desk-case-revealed", "reviewer", QUEUE, _case("v")),
        Screen("desk-approve", "reviewer", QUEUE, _case("a")),
        Screen("desk-reject", "reviewer", QUEUE, _case("r")),
        Screen("desk-ask", "reviewer", QUEUE, _case("q")),
        Screen("desk-hand-over", "reviewer", QUEUE, _case("o")),
        Screen("desk-note", "reviewer", QUEUE, _case("m")),
        Screen("desk-appeal", "reviewer2", QUEUE + "?state=appeal", _case("")),
        Screen("desk-second-eyes", "reviewer2", QUEUE + "?state=second", _case("")),
        Screen("desk-resubmitted", "reviewer2", QUEUE + "?resubmitted=yes", _case("")),
        Screen("desk-duplicate", "reviewer2", QUEUE + "?duplicate=yes", _case("")),
        Screen("desk-decided", "reviewer2", QUEUE + "?state=decided"),
        Screen("desk-figures", "reviewer", QUEUE + "dashboard/"),
    ]


GATE_SCREENS = [
    Screen("gate-1-agreement", "reader", GATE),
    Screen("gate-2-informed-consent", "at-consent", GATE),
    Screen("gate-2-separate-consent", "at-sharing", GATE),
    Screen("gate-3-profile", "at-profile", GATE),
    Screen("gate-4-survey", "at-survey", GATE),
    Screen("gate-5-credential-consent", "at-credentials", f"/gate/verification/?zone={ZONE}"),
    Screen("gate-5-verification", "at-verification", f"/gate/verification/?zone={ZONE}"),
    Screen("gate-6-pending", "pending", GATE),
    Screen("gate-question", "asked", GATE),
    Screen("gate-rejected", "rejected", GATE),
    Screen("gate-appeal", "rejected", f"/gate/verification/appeal/?zone={ZONE}"),
    Screen("gate-appealing", "appealing", GATE),
    Screen("gate-refused", "refused", GATE),
    Screen("gate-withdrawn", "withdrawn", GATE),
    Screen("gate-expired", "expired", GATE),
    Screen("gate-revoked", "revoked", GATE),
]
ADMINISTRATION = [
    Screen("admin-gate", "admin", "/admin/gate/gates/", _called("消化专区")),
    Screen("admin-agreement", "admin", "/admin/gate/agreements/", _first),
    Screen("admin-questionnaire", "admin", "/admin/gate/questionnaires/", _first),
    Screen("admin-answers", "admin", "/admin/gate/answers/", _first),
    Screen("admin-grants", "admin", "/admin/gate/grants/people/"),
    Screen("admin-home", "admin", "/admin/"),
    Screen("admin-site", "admin", "/admin/settings/cms/siteprofile/"),
    Screen("admin-people", "admin", "/admin/users/"),
    Screen("admin-proposed-rights", "admin", "/admin/gate/grants/proposed/"),
    Screen("admin-reader", "admin", "/admin/gate/readers/"),
    Screen("admin-front-ends", "admin", "/admin/clients/new/"),
    Screen("admin-audit-log", "admin", "/admin/audit/"),
    Screen("admin-webhooks", "admin", "/admin/webhooks/endpoints/new/"),
]
