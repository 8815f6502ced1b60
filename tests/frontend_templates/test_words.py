"""How moments, lengths of time and numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone, translation

from frontend_templates.templatetags.site import html_lang, largest, licence_name, section_number, srcset
from frontend_templates.templatetags.words import ago, day, moment, span


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


@pytest.mark.parametrize("value", ["2026-11-23", date(2026, 11, 23), "2026-11-22T18:00:00+00:00"])
def test_dates_are_written_in_chinese(value):
    assert day(value) == "2026年11月23日"  # 18:00 in London is the next day in Shanghai


def test_moments_are_local():
    assert moment(datetime(2026, 11, 23, 6, 5, tzinfo=UTC)) == "2026年11月23日 14:05"
    assert moment("2026-11-23") == "2026年11月23日"
    assert day(None) == ""


def test_relative_only_under_a_day():
    with translation.override("en"):
        assert ago(timezone.now()) == "just now"
        assert ago(timezone.now() - timedelta(minutes=1)) == "1 minute ago"
        assert ago(timezone.now() - timedelta(hours=23, minutes=59)) == "23 hours ago"
    yesterday = timezone.now() - timedelta(hours=24)
    assert ago(yesterday) == day(yesterday)
    ahead = timezone.now() + timedelta(hours=1)
    assert ago(ahead) == day(ahead)


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=1), "1 minute"),
        (timedelta(minutes=59), "59 minutes"),
        (timedelta(minutes=61), "2 hours"),
        (timedelta(hours=23, minutes=30), "1 day"),
        (90000.0, "2 days"),
        (None, ""),
    ],
)
def test_spans_promise_no_less_than_it_takes(length, words):
    with translation.override("en"):
        assert span(length) == words


@pytest.mark.parametrize(
    ("number", "level", "written"),
    [
        ("一", 1, "一、"),
        ("（二）", 2, "（二）"),
        ("3", 3, "3. "),
        ("2", 1, "2 "),
        ("2.1", 2, "2.1 "),
        ("", 1, ""),
    ],
)
def test_numbers_before_headings(number, level, written):
    assert section_number({"number": number, "level": level}) == written


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("CC-BY-4.0", "CC BY 4.0"),
        ("CC-BY-NC-ND-4.0", "CC BY-NC-ND 4.0"),
        ("cc0", "cc0"),
        ("书面许可", "书面许可"),
    ],
)
def test_licences_are_named_as_people_write_them(given, shown):
    assert licence_name(given) == shown


def test_languages_as_html_has_them():
    assert [html_lang(code) for code in ("zh-hans", "en", "en-gb")] == ["zh-Hans", "en", "en-GB"]


def test_the_widest_picture_opens_on_a_tap():
    image = {"url": "/800", "srcset": [{"url": "/400", "width": 400}, {"url": "/1600", "width": 1200}]}
    assert largest(image) == "/1600"
    assert srcset(image) == "/400 400w, /1600 1200w"
    assert largest({"url": "/800", "srcset": []}) == "/800"
