"""The draft of a questionnaire as it would be frozen, and the problems that prevent publishing it."""

from __future__ import annotations

import math
from typing import Any

from django.utils.translation import gettext as _

from gate.models import Question, Questionnaire
from gate.questions.answer_checks import LARGEST_NUMBER, clean_value

WITH_CHOICES = (Question.Kind.SINGLE, Question.Kind.MULTIPLE)


def frozen_questions(questionnaire: Questionnaire) -> list[dict[str, Any]]:
    """The draft's questions in order, in the form of QuestionnaireVersion.questions; perhaps not
    publishable.

    A question that is shown because of an answer that requires the informed consent requires it too.
    """
    bound: set[str] = set()
    numbers: set[str] = set()
    frozen = []
    for question in questionnaire.questions.order_by("sort_order", "pk"):
        item = _frozen(question)
        condition = item.get("shown_when", {})
        if condition.get("question") in bound:
            item["consent_bound"] = True
        if condition.get("question") in numbers:
            condition["value"] = _as_number(condition["value"])
        if item["consent_bound"]:
            bound.add(item["key"])
        if item["kind"] == Question.Kind.NUMBER:
            numbers.add(item["key"])
        frozen.append(item)
    return frozen


def draft_problems(questions: list[dict[str, Any]]) -> list[str]:
    """Sentences for staff, in the order of the questions; none means that it can be published."""
    if not questions:
        return [_("There is no question yet.")]
    keys = [item["key"] for item in questions]
    if len(set(keys)) < len(keys):
        return [_("Two questions have the same key. Please delete one and write it again.")]
    before: dict[str, dict[str, Any]] = {}
    found = []
    for item in questions:
        named = {"question": item["text"]}
        if item["kind"] in WITH_CHOICES and len(item["choices"]) < 2:
            found.append(_("“%(question)s” needs at least two choices.") % named)
        elif len(set(item["choices"])) < len(item["choices"]):
            found.append(_("“%(question)s” offers the same choice twice.") % named)
        elif not _has_a_number(item):
            found.append(
                _("No number can answer “%(question)s”: its smallest is beyond its largest.") % named
            )
        found += _condition_problems(item, before, keys)
        before[item["key"]] = item
    return found


def _condition_problems(
    item: dict[str, Any], before: dict[str, dict[str, Any]], keys: list[str]
) -> list[str]:
    condition = item.get("shown_when")
    if condition is None:
        return []
    other = before.get(condition["question"])
    named = {"question": item["text"], "other": other["text"] if other else "", "value": condition["value"]}
    if other is None and condition["question"] in keys:
        return [_("“%(question)s” depends on a question that comes later, or on itself.") % named]
    if other is None:
        return [_("“%(question)s” depends on a question that was deleted.") % named]
    if other["kind"] == Question.Kind.LONG_TEXT:
        return [_("“%(question)s” cannot depend on a long text, such as “%(other)s”.") % named]
    if not condition["value"]:
        return [_("Choose which answer to “%(other)s” shows “%(question)s”.") % named]
    try:
        clean_value(other, condition["value"])
    except ValueError:
        return [
            _("“%(value)s” is no possible answer to “%(other)s”, on which “%(question)s” depends.") % named
        ]
    return []


def _frozen(question: Question) -> dict[str, Any]:
    item: dict[str, Any] = {
        "key": str(question.key),
        "kind": question.kind,
        "text": question.text,
        "hint": question.hint,
        "choices": question.choice_list() if question.kind in WITH_CHOICES else [],
        "required": question.required,
        "consent_bound": question.consent_bound,
    }
    if question.kind == Question.Kind.NUMBER:
        item |= _bounds(question)
    if question.condition_question is not None:
        # Left out without a condition, so that versions from before there were any still count as the same.
        value = question.condition_value.strip()
        item["shown_when"] = {"question": str(question.condition_question), "value": value}
    return item


def _bounds(question: Question) -> dict[str, Any]:
    """Left out where there are none, so that versions from before there were any still count as the same."""
    given = {"minimum": question.minimum, "maximum": question.maximum}
    bounds: dict[str, Any] = {
        name: int(value) if value.is_integer() else value
        for name, value in given.items()
        if value is not None
    }
    return bounds | ({"whole_number": True} if question.whole_number else {})


def _has_a_number(item: dict[str, Any]) -> bool:
    low, high = item.get("minimum", -LARGEST_NUMBER), item.get("maximum", LARGEST_NUMBER)
    if item.get("whole_number"):
        low, high = math.ceil(low), math.floor(high)
    return bool(low <= high)


def _as_number(text: str) -> str:
    """The same text for "3.0" and "3", which are one number: as conditions compare answers."""
    try:
        return str(clean_value({"kind": "number"}, text))
    except ValueError:
        return text
