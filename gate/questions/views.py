"""Questions as one user is asked them, for the reader site's screens and the API."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gate.decision.facts import StepRule
from gate.models import QuestionnaireVersion
from gate.questions.conditions import Condition, condition_of
from gate.questions.suggestions import suggestions


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question to ask; answers come back under `key`.

    `condition`: it is shown only when an earlier question's answer is as it says; otherwise leave it out.
    `suggestions` are offered while a name is typed; any other is as good. A number lies between `minimum` and
    `maximum`, where they are set.
    """

    key: str
    kind: str
    text: str
    hint: str
    choices: tuple[str, ...]
    required: bool
    condition: Condition | None = None
    suggestions: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    whole_number: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """A questionnaire version without the questions that this user must not be asked."""

    version_id: int
    title: str
    introduction: str
    questions: tuple[QuestionView, ...]


def asked_of(steps: Iterable[StepRule], *, asks_bound: bool) -> dict[int, Questions]:
    """The questions by step id. One query, and two for suggestions."""
    wanted = {step.version_id: step.id for step in steps if step.version_id is not None}
    versions = list(QuestionnaireVersion.objects.filter(pk__in=list(wanted)))
    offered = suggestions(item["kind"] for row in versions for item in row.questions)
    return {
        wanted[row.pk]: questions_view(
            row.questions,
            version_id=row.pk,
            title=row.title,
            introduction=row.introduction,
            asks_bound=asks_bound,
            offered=offered,
        )
        for row in versions
    }


def questions_view(
    questions: list[dict[str, Any]],
    *,
    version_id: int,
    title: str,
    introduction: str,
    asks_bound: bool,
    offered: dict[str, tuple[str, ...]] | None = None,
) -> Questions:
    """Frozen questions as one user is asked them. `offered`: suggestions by kind, if they are known."""
    asked = [item for item in questions if asks_bound or not item["consent_bound"]]
    offered = offered if offered is not None else suggestions(item["kind"] for item in asked)
    shown = tuple(_question(item, offered.get(item["kind"], ())) for item in asked)
    return Questions(version_id, title, introduction, shown)


def _question(item: dict[str, Any], offered: tuple[str, ...]) -> QuestionView:
    names = ("key", "kind", "text", "hint", "required")
    return QuestionView(
        **{name: item[name] for name in names},
        choices=tuple(item["choices"]),
        condition=condition_of(item),
        suggestions=offered,
        minimum=item.get("minimum"),
        maximum=item.get("maximum"),
        whole_number=item.get("whole_number", False),
    )
