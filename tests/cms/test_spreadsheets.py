"""Every export opens, computes nothing, and goes through one writer: ours and Wagtail's."""

from __future__ import annotations

import csv
import datetime as dt
import io
import sys
from collections.abc import Iterator

import pytest
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from cms.spreadsheets import LONGEST_CELL, csv_lines, safe, xlsx_bytes
from tests.factories.gate import UserFactory

EVERY_CHARACTER = "".join(map(chr, [*range(0x3000), *range(0xD7F0, 0xE010), *range(0xFDD0, 0x10010)]))


@pytest.mark.parametrize(
    "text",
    ["=1", "+1", "-1", "@x", "\t=1", " =1", "＝1", "－1", "＋1", "＠x", "\r\n=1", "\x0b=1", "\u3000=1"],
)
def test_what_looks_like_a_formula_is_text(text):
    assert str(safe(text)).startswith("'")


@pytest.mark.parametrize("value", ["媒体合作", "a-b", "", 5, -5, 1.5, True, None, dt.date(2026, 1, 2)])
def test_everything_else_stays_as_it_is(value):
    assert safe(value) == value


@pytest.mark.parametrize("text", ["|calc", "%0A=1"])
def test_csv_is_defused_further(text):
    (line,) = csv_lines([[text]])
    assert line.decode("utf-8-sig").startswith("'")


def test_a_spreadsheet_of_every_character_opens():
    moment = dt.datetime(2026, 1, 2, 3, 4, tzinfo=dt.UTC)
    book = load_workbook(io.BytesIO(xlsx_bytes([["标题"], [EVERY_CHARACTER, moment, 3, None]], title="表")))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "标题"
    assert rows[1][1:3] == (moment.replace(tzinfo=None), 3)
    text = b"".join(csv_lines([[EVERY_CHARACTER]])).decode("utf-8-sig")
    assert len(next(csv.reader(io.StringIO(text, newline="")))) == 1


def test_long_texts_fit_a_cell():
    assert len(str(safe("字" * (LONGEST_CELL + 9)))) == LONGEST_CELL


def exporting_views(resolver: URLResolver, spaces: tuple[str, ...] = ()) -> Iterator[str]:
    """The names of all addresses without arguments whose view can export."""
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from exporting_views(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        elif isinstance(pattern, URLPattern):
            view = getattr(pattern.callback, "view_class", None)
            if pattern.name and isinstance(view, type) and issubclass(view, SpreadsheetExportMixin):
                yield ":".join((*spaces, pattern.name))


def addresses() -> list[str]:
    found = set()
    for name in exporting_views(get_resolver()):
        try:
            found.add(reverse(name))
        except NoReverseMatch:
            continue
    return sorted(found)


@pytest.mark.django_db
def test_every_listing_and_report_of_the_admin_exports(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True, display_name="=1+1\x0b"))
    places = addresses()
    assert {reverse("wagtailusers_users:index"), reverse("gate_audit:log")} <= set(places)
    assert any("/reports/" in place for place in places)
    for place in places:
        for form in ("csv", "xlsx"):
            answer = client.get(place, {"export": form})
            assert answer.status_code == 200, (place, form)
            if not answer.streaming:  # a screen of its own that exports nothing
                continue
            content = b"".join(answer.streaming_content)
            if form == "xlsx":
                load_workbook(io.BytesIO(content))
                continue
            text = content.decode()
            assert text.startswith("\ufeff"), (place, "is not written by cms.spreadsheets")
            cells = [cell for row in csv.reader(io.StringIO(text[1:])) for cell in row]
            assert not any(cell.startswith(("=", "+", "@")) for cell in cells), place


@pytest.mark.django_db
def test_people_are_exported(client):
    client.force_login(UserFactory(is_superuser=True, is_staff=True, email="boss@example.org"))
    UserFactory(email="one@example.org", display_name="=1+1")
    content = b"".join(client.get(reverse("wagtailusers_users:index"), {"export": "csv"}).streaming_content)
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert ["one@example.org", "'=1+1"] in [row[:2] for row in rows]


def test_nothing_else_writes_spreadsheets():
    """A second writer would have rules of its own."""
    for name in ("gate.questions.results.exports", "gate.admin.audit.log", "gate.audit.export"):
        module = sys.modules.get(name) or __import__(name, fromlist=["_"])
        assert not {"Workbook", "csv"} & set(vars(module)), name
