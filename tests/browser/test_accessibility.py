"""axe-core over every page and gate state of the demo, at 390 and 1440 px; and the language of each text.

The screens are those of config/demo/screens.py, on the demo's data: a new screen there is checked here.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.core.management import call_command
from playwright.sync_api import Page

from config.demo.logins import READERS, STAFF
from config.demo.screens import Screen, screens

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

PASSWORDS = {login.name: (login.email, login.password) for login in (*STAFF, *READERS)}
SIZES = ((390, 844), (1440, 900))
# What Wagtail itself ships: (rule, the start of the element's HTML). Nothing of ours may be listed here.
UPSTREAM = {
    ("aria-allowed-role", '<h2 role="alert">'),  # the number of rows of a filtered listing
    ("aria-input-field-name", '<div aria-describedby="placeholder-'),  # Draftail's text field
}
# Colours are measured when they have changed.
AT_ONCE = "*, *::before, *::after { transition: none !important; animation: none !important; }"
RUN = "axe.run({resultTypes: ['violations']}).then(results => results.violations)"
# Texts in Han script whose language, as a screen reader sees it, is not Chinese.
UNMARKED = """() => {
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const parent = text.parentElement;
    if (!/\\p{Script=Han}/u.test(text.data) || parent.closest("script, style, template")) continue;
    if (!parent.closest("[lang]").lang.toLowerCase().startsWith("zh")) found.push(text.data.trim());
  }
  return found;
}"""


@pytest.fixture
def demo(live_server, settings):
    """The address of a server with the demo, and with the register that it goes by."""
    settings.XINGLIN_REGISTERS = ["gate.verification.registers.csv_file.CsvRegister"]
    settings.XINGLIN_REGISTER_CSV = str(settings.BASE_DIR / "config" / "demo" / "register.csv")
    call_command("seed_demo", verbosity=0)
    call_command("search_rebuild", verbosity=0)
    return live_server.url


def visits(browse, url: str, wanted: Callable[[Screen], bool], **options: Any) -> Iterator[tuple[str, Page]]:
    """(name, window) of each screen of the demo, opened as its user sees it; one window for each user."""
    chosen = sorted(filter(wanted, screens(url)), key=lambda screen: screen.who)
    for who, group in itertools.groupby(chosen, lambda screen: screen.who):
        page = browse(bypass_csp=True, **options)  # axe is evaluated
        if who:
            page.goto("/accounts/login/")
            page.fill("main input[name=login]", PASSWORDS[who][0])
            page.fill("main input[name=password]", PASSWORDS[who][1])
            page.press("main input[name=password]", "Enter")
            page.wait_for_url(lambda address: "/login/" not in address)
        for screen in group:
            page.goto(screen.path)
            page.wait_for_load_state("networkidle")
            if screen.act:
                screen.act(page)
            yield screen.name, page
        page.context.close()


def is_staffs(screen: Screen) -> bool:
    return screen.path.startswith("/admin/")


def is_readers(screen: Screen) -> bool:
    return not is_staffs(screen)


@pytest.mark.parametrize("wanted", [is_readers, is_staffs])
def test_axe_finds_nothing_on_any_screen(browse, demo, wanted):
    found = set()
    for name, page in visits(browse, demo, wanted):
        page.evaluate(AXE_SCRIPT)
        page.add_style_tag(content=AT_ONCE)
        for (width, height), scheme in itertools.product(SIZES, ("light", "dark")):
            page.set_viewport_size({"width": width, "height": height})
            page.emulate_media(color_scheme=scheme)
            for violation in page.evaluate(RUN):
                for node in violation["nodes"]:
                    rule = violation["id"]
                    if not any(rule == known and node["html"].startswith(start) for known, start in UPSTREAM):
                        where = " ".join(map(str, node["target"]))
                        found.add(f"{name} {width} {scheme}: {rule} at {where}: {node['html'][:200]}")
    assert not found, "\n".join(sorted(found))


@pytest.mark.parametrize("wanted", [is_readers, is_staffs])
def test_chinese_texts_say_so_in_the_english_interface(browse, demo, wanted):
    found = {
        f"{name}: {text}"
        for name, page in visits(browse, demo, wanted, locale="en")
        for text in page.evaluate(UNMARKED)
    }
    assert not found, "\n".join(sorted(found))
