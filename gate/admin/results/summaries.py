"""Answers to one question in numbers: bars for choices, ranges for numbers and dates, a count of texts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from gate.admin.charts import Chart, bar_chart
from gate.models import AnswerSet, Question

MOST_RANGES = 8
MOST_NAMES = 10
# Names that fewer readers gave are counted, not shown: they could identify them.
FEWEST_FOR_A_NAME = 3


@dataclass(frozen=True, slots=True)
class Summary:
    """`answered` users of the `asked`, whose version had the question; `chart` is None for free text."""

    text: str
    kind: str
    kind_label: str
    answered: int
    asked: int
    chart: Chart | None


def summaries(questions: Iterable[dict[str, Any]], rows: list[AnswerSet]) -> list[Summary]:
    """One for each question, from the latest answers of each user."""
    return [_summary(question, rows) for question in questions]


def _summary(question: dict[str, Any], rows: list[AnswerSet]) -> Summary:
    key, kind = question["key"], question["kind"]
    having = [row for row in rows if _has(row, key, kind)]
    values = [row.answers[key] for row in having if key in row.answers]
    bars = _bars(question, values)
    chart = (
        bar_chart(bars, len(values), title=question["text"], hide_title=True) if bars is not None else None
    )
    label = str(Question.Kind(kind).label)
    return Summary(question["text"], kind, label, len(values), len(having), chart)


def _has(row: AnswerSet, key: str, kind: str) -> bool:
    return any(item["key"] == key and item["kind"] == kind for item in row.version.questions)


def _bars(question: dict[str, Any], values: list[Any]) -> list[tuple[str, int]] | None:
    match question["kind"]:
        case "single" | "multiple":
            counted = Counter(
                text for value in values for text in (value if isinstance(value, list) else [value])
            )
            return [(text, counted[text]) for text in question["choices"]]
        case "number":
            return number_ranges([float(value) for value in values])
        case "date":
            return date_ranges([date.fromisoformat(value) for value in values])
        case "institution" | "department":
            return _names(values)
    return None


def number_ranges(values: list[float]) -> list[tuple[str, int]]:
    """At most MOST_RANGES + 1 ranges of one round width (1, 2 or 5 times a power of ten), empty ones too."""
    if not values:
        return []
    low, high = min(values), max(values)
    width = _round_width((high - low) / MOST_RANGES, whole=all(value.is_integer() for value in values))
    first = math.floor(low / width)
    count = math.floor(high / width) - first + 1
    counted = Counter(min(math.floor(value / width) - first, count - 1) for value in values)
    ranges = [(_range((first + place) * width, width), counted[place]) for place in range(count)]
    # Numbers so large that their distance is lost in their digits: one bar for all.
    if len(dict(ranges)) < len(ranges):
        return [(_number(low), len(values))]
    return ranges


def _round_width(least: float, *, whole: bool) -> float:
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    width = next(step * power for step in (1, 2, 5, 10) if step * power >= least * (1 - 1e-9))
    return max(width, 1.0) if whole else width


def _range(start: float, width: float) -> str:
    if width == 1 and start.is_integer():
        return _number(start)
    return _("%(start)s to under %(end)s") % {"start": _number(start), "end": _number(start + width)}


def _number(value: float) -> str:
    text = f"{value:.10g}"
    return str(number_format(text)) if "e" not in text else text


def date_ranges(values: list[date]) -> list[tuple[str, int]]:
    """By day, month or year, whichever gives few enough bars; by decade where years are too many."""
    if not values:
        return []
    for form in ("%Y-%m-%d", "%Y-%m", "%Y"):
        counted = Counter(value.strftime(form) for value in values)
        if len(counted) <= MOST_RANGES:
            return sorted(counted.items())
    counted = Counter(_("%(year)s to %(end)s") % _decade(value.year) for value in values)
    return sorted(counted.items())


def _decade(year: int) -> dict[str, int]:
    start = year - year % 10
    return {"year": start, "end": start + 9}


def _names(values: list[str]) -> list[tuple[str, int]]:
    counted = Counter(values)
    shown = [pair for pair in counted.most_common(MOST_NAMES) if pair[1] >= FEWEST_FOR_A_NAME]
    rest = len(values) - sum(count for _name, count in shown)
    return [*shown, (_("Other"), rest)] if rest else shown
