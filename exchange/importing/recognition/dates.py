"""Parses dates as editors write them: 2026-03-05, 2026年3月5日, 二〇二六年三月五日, 5 March 2026, Mar 5."""

from __future__ import annotations

import datetime as dt
import re

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_PARTS = ("year", "month", "day")
_DIGITS = {char: index % 10 for index, char in enumerate("〇一二三四五六七八九零")} | {"○": 0}
DATE = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)\s{,3}(?P<joint>[-/.．年])\s{,3}(?P<month>\d{1,2})\s{,3}[-/.．月]\s{,3}(?P<day>\d{1,2})(?!\d)\s?[日号]?"
    r"|(?P<cyear>[〇○零一二三四五六七八九]{4})年(?P<cmonth>[一二三四五六七八九十]{1,2})月(?P<cday>[一二三四五六七八九十]{1,3})日"
    rf"|(?<![\w.])(?P<eday>\d{{1,2}})(?:st|nd|rd|th)?\s{{1,3}}(?P<emonth>{_MONTH}),?\s{{1,3}}(?P<eyear>(?:19|20)\d\d)(?!\d)"
    rf"|(?<!\d)(?P<pyear>(?:19|20)\d\d)\s{{1,3}}(?P<pmonth>{_MONTH})\s{{1,3}}(?P<pday>\d{{1,2}})(?!\d)"
    rf"|(?<![\w.])(?P<amonth>{_MONTH})\s{{1,3}}(?P<aday>\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,3}}(?P<ayear>(?:19|20)\d\d)(?!\d)"
)
TIME = re.compile(
    r"T?(?<!\d)\d{1,2}[:：]\d{2}(?:[:：]\d{2})?(?!\d)(?:\s?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?|"
    r"[（(]?(?:星期|周|礼拜)[一二三四五六日天][)）]?(?![\u4e00-\u9fff])|"
    r"\b(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,"
)
"""What stands beside a date and adds nothing: the time of day, the day of the week."""


def date_of(text: str) -> dt.date | None:
    """The first date in a text that exists in the calendar."""
    return next((date for found in DATE.finditer(text) if (date := read(found))), None)


def read(found: re.Match[str]) -> dt.date | None:
    """The date of a match of DATE; None where the calendar has no such day."""
    try:
        if found["year"]:
            return dt.date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found["cyear"]:
            year = int("".join(str(_DIGITS[char]) for char in found["cyear"]))
            return dt.date(year, _chinese(found["cmonth"]), _chinese(found["cday"]))
        parts = [found[f"e{part}"] or found[f"a{part}"] or found[f"p{part}"] for part in _PARTS]
        return dt.date(int(parts[0]), _month(parts[1]), int(parts[2]))
    except ValueError:
        return None


def _chinese(text: str) -> int:
    """一 to 三十一; ValueError for anything else."""
    tens, ten, units = text.partition("十")
    if len(tens) > 1 or len(units) > 1:
        raise ValueError(text)
    if not ten:
        return _DIGITS[tens]
    return 10 * _DIGITS.get(tens, 1) + _DIGITS.get(units, 0)


def _month(name: str) -> int:
    """1 to 12 by an English name or its beginning; 0 for none."""
    short = name.rstrip(".").lower()[:3]
    whole = next((month for month in _MONTHS if month.startswith(short)), "")
    full = name.rstrip(".").lower()
    return _MONTHS.index(whole) + 1 if whole.startswith(full) or full == "sept" else 0
