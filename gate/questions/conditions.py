"""Conditions of questions: shown only after an earlier answer that is, or contains, a given value. Pure.

A question whose condition does not hold is not shown; a condition on a question that is not shown does not
hold either, so conditions form chains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Condition:
    """`question`: the key of an earlier question. `value`: text; for numbers, as Python writes the number."""

    question: str
    value: str


def condition_of(question: Mapping[str, Any]) -> Condition | None:
    """The condition of a frozen question (see QuestionnaireVersion.questions)."""
    found = question.get("shown_when")
    return Condition(found["question"], found["value"]) if found else None


def is_shown(question: Mapping[str, Any], answers: Mapping[str, Any]) -> bool:
    """Whether the question is shown after these cleaned answers to the questions before it."""
    condition = condition_of(question)
    if condition is None:
        return True
    given = answers.get(condition.question)
    if isinstance(given, list):
        return condition.value in given
    return given is not None and str(given) == condition.value
