"""Checks answers against the questions of a version. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cms.characters import clean_line, clean_text, is_visible
from gate.questions.conditions import is_shown

LINE_LENGTH = 300
TEXT_LENGTH = 4000
# Where a question has no bounds of its own: beyond this, JavaScript cannot represent every whole number.
LARGEST_NUMBER = 10**15

Value = str | float | list[str]


def clean_answers(
    questions: list[dict[str, Any]], given: Mapping[str, Any], *, with_consent: bool
) -> tuple[dict[str, Value], dict[str, str]]:
    """(answers to store, errors by question key). Unanswered optional questions are left out.

    What was sent for a question that is not shown (for lack of consent, or by its condition) is not stored.
    A condition on an answer that is wrong does not hold: that answer is asked for first.
    """
    known = {item["key"] for item in questions}
    problems = {str(key): _("This question is not asked.") for key in given if str(key) not in known}
    kept: dict[str, Value] = {}
    for question in questions:
        if (question["consent_bound"] and not with_consent) or not is_shown(question, kept):
            continue
        key = question["key"]
        value = given.get(key)
        if _is_empty(value):
            if question["required"]:
                problems[key] = _("Please answer this question.")
            continue
        try:
            kept[key] = clean_value(question, value)
        except ValueError as problem:
            problems[key] = str(problem)
    return kept, problems


def _is_empty(value: Any) -> bool:
    return value is None or value == [] or (isinstance(value, str) and not is_visible(value))


def clean_value(question: dict[str, Any], value: Any) -> Value:
    """The value in its stored form; ValueError with a sentence for the reader."""
    match question["kind"]:
        case "single":
            return _one_of(question, value)
        case "multiple":
            values = value if isinstance(value, list) else [value]
            return list(dict.fromkeys(_one_of(question, item) for item in values))
        case "number":
            return _number(question, value)
        case "date":
            return _date(value)
        case kind:
            return _text(value, TEXT_LENGTH if kind == "long_text" else LINE_LENGTH)


def _one_of(question: dict[str, Any], value: Any) -> str:
    if not isinstance(value, str) or value not in question["choices"]:
        raise ValueError(_("Please choose one of the given answers."))
    return value


def _text(value: Any, limit: int) -> str:
    if not isinstance(value, str):
        raise ValueError(_("Please answer in words."))
    text = clean_text(value).strip() if limit > LINE_LENGTH else clean_line(value)
    if len(text) > limit:
        raise ValueError(_("Please use at most %(limit)s characters.") % {"limit": limit})
    return text


def _number(question: Mapping[str, Any], value: Any) -> float:
    number = _finite(value)
    low, high = question.get("minimum", -LARGEST_NUMBER), question.get("maximum", LARGEST_NUMBER)
    if question.get("whole_number") and not number.is_integer():
        raise ValueError(_("Please enter a whole number."))
    if number < low:
        raise ValueError(_("Please enter a number that is at least %(limit)s.") % {"limit": low})
    if number > high:
        raise ValueError(_("Please enter a number that is at most %(limit)s.") % {"limit": high})
    return int(number) if number.is_integer() else number


def _finite(value: Any) -> float:
    try:
        number = (
            float(value) if isinstance(value, str | int | float) and not isinstance(value, bool) else math.nan
        )
    except (ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number):
        raise ValueError(_("Please enter a number."))
    return number


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise ValueError(_("Please enter a date, such as 2026-03-01.")) from error
