"""Chromium against the live server of the test. `browse()` opens a window, `browse(width=390)` a phone's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from django.db import connections
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Loaded machines are slow; a test that hangs is still found.
PATIENCE_MS = 20_000


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Browser]:
    migrated = getattr(connections["default"], "_test_serialized_contents", None)
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Under a running event loop Django has other connections, which must know what `serialized_rollback`
        # puts back: the rows that the migrations made.
        patch.setattr(connections["default"], "_test_serialized_contents", migrated, raising=False)
        # Playwright keeps an event loop running in this thread; queries of the tests are still synchronous.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def browse(live_server: Any, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Windows that share nothing. Errors of a page's scripts fail the test."""
    errors: list[str] = []
    with ExitStack() as stack:

        def open_window(*, width: int = 1440, height: int = 900, **options: Any) -> Page:
            context = chromium.new_context(
                base_url=live_server.url,
                viewport={"width": width, "height": height},
                **{"locale": "zh-CN"} | options,
            )
            stack.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            # Pictures on their way would meet a database that the test's end is emptying.
            stack.callback(lambda: page.is_closed() or page.wait_for_load_state("networkidle"))
            page.on("pageerror", lambda error: errors.append(str(error)))
            return page

        yield open_window
    assert errors == []
