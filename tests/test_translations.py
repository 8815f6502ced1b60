"""The Chinese catalogs are complete, and compiled from their source files."""

from __future__ import annotations

import ast
import gettext
import re
from pathlib import Path

import pytest

from config.management.commands.makemessages import KEYWORDS
from tests.test_architecture import PACKAGES, product_modules, tracked

ROOT = Path(__file__).parent.parent
CATALOGS = sorted((ROOT / "locale").rglob("zh_Hans/LC_MESSAGES/django.po"))
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|(?<!\{)\{\w+\}(?!\})")


def entries(path: Path) -> list[dict[str, str]]:
    """Each message of a .po file as {"msgctxt", "msgid", "msgid_plural", "msgstr"} (those that are there)."""
    found: list[dict[str, str]] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        entry: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if match := re.match(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[0\])? (".*")$', line):
                key = match[1]
                entry[key] = ast.literal_eval(match[2])
            elif line.startswith('"'):
                entry[key] += ast.literal_eval(line)
            elif line.startswith("#,") and "fuzzy" in line:
                entry["fuzzy"] = "yes"
        if entry.get("msgid"):
            found.append(entry)
    return found


def test_there_are_catalogs_for_us_and_for_wagtail():
    assert {str(path.relative_to(ROOT).parents[2]) for path in CATALOGS} == {"locale", "locale/wagtail"}


@pytest.mark.parametrize("path", CATALOGS, ids=str)
def test_each_message_is_translated_with_known_placeholders(path):
    for entry in entries(path):
        assert entry["msgstr"], entry["msgid"]
        assert "fuzzy" not in entry, entry["msgid"]
        offered = set(PLACEHOLDER.findall(entry["msgid"] + entry.get("msgid_plural", "")))
        assert set(PLACEHOLDER.findall(entry["msgstr"])) <= offered, entry["msgid"]


@pytest.mark.parametrize("path", CATALOGS, ids=str)
def test_the_compiled_catalog_says_the_same(path):
    with path.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for entry in entries(path):
        if "msgid_plural" in entry:
            said = compiled.ngettext(entry["msgid"], entry["msgid_plural"], 2)
        elif "msgctxt" in entry:
            said = compiled.pgettext(entry["msgctxt"], entry["msgid"])
        else:
            said = compiled.gettext(entry["msgid"])
        assert said == entry["msgstr"]


# The argument that holds the text.
TEXT_OF = dict.fromkeys(
    (*KEYWORDS, "_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"), 0
)
TEXT_OF |= dict.fromkeys(("pgettext", "pgettext_lazy", "npgettext", "npgettext_lazy"), 1)


def texts_in(source: str) -> set[str]:
    """The literal texts that a module has translated."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXT_OF:
            text = node.args[TEXT_OF[node.func.id]]
            if isinstance(text, ast.Constant) and isinstance(text.value, str):
                found.add(text.value)
    return found


def test_each_text_of_the_code_is_in_our_catalog():
    """`make messages` adds it. A text that was reworded in one of the two places is found here."""
    known = {entry["msgid"] for entry in entries(ROOT / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po")}
    texts = {path: texts_in(path.read_text(encoding="utf-8")) for path in product_modules()}
    for path in (
        each for package in PACKAGES for kind in ("html", "txt") for each in tracked(f"{package}/*.{kind}")
    ):
        texts[path] = set(re.findall(r"{% trans(?:late)? \"([^\"]+)\"", path.read_text(encoding="utf-8")))
    assert sum(map(len, texts.values())) > 1000
    missing = {str(path.relative_to(ROOT)): sorted(found - known) for path, found in texts.items()}
    assert {path: found for path, found in missing.items() if found} == {}
