"""A user's own answers, to read and to correct: the current ones and those before them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from cms.models import ZonePage
from gate.decision.facts import RequiresConsent, Subject, ZoneRules
from gate.decision.policy import not_asked
from gate.decision.selectors import load_rules, load_subject
from gate.decision.step_kinds import kind_of
from gate.models import AnswerSet, User
from gate.questions.suggestions import suggestions
from gate.questions.views import Questions, questions_view


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One question and its answer."""

    question: str
    answer: Any

    @property
    def shown(self) -> str:
        """The answer as text."""
        return "、".join(map(str, self.answer)) if isinstance(self.answer, list) else str(self.answer)


@dataclass(frozen=True, slots=True)
class Given:
    """One submission or correction. `number` is the version of the questions, `values` the answers by key."""

    id: UUID
    submitted_at: datetime
    number: int
    values: dict[str, Any]
    lines: tuple[AnswerLine, ...]


@dataclass(frozen=True, slots=True)
class AnswersEntry:
    """All answers of a user to one questionnaire in one zone. `current` counts; `earlier`: newest first.

    `questions` are those of the version that was answered, as the user was asked them. `correctable` is
    False where they may not be asked any more, for want of the informed consent.
    """

    zone_slug: str
    zone_title: str
    kind: str
    current: Given
    earlier: tuple[Given, ...]
    correctable: bool
    questions: Questions


def answers_of(user: User) -> list[AnswersEntry]:
    """The entry whose answers are newest comes first. Its queries do not grow with the answers."""
    found: dict[tuple[int, int], list[AnswerSet]] = defaultdict(list)
    rows = AnswerSet.objects.filter(user=user).select_related("version__questionnaire").order_by("pk")
    for row in rows:
        found[row.zone_id, row.version.questionnaire_id].append(row)
    if not found:
        return []
    zones = ZonePage.objects.in_bulk({zone_id for zone_id, _questionnaire in found})
    rules = load_rules(now=timezone.now(), zone_ids=list(zones))
    subject = load_subject(user)
    newest = [group[-1] for group in found.values()]
    offered = suggestions(item["kind"] for row in newest for item in row.version.questions)
    entries = [
        AnswersEntry(
            zone_slug=zones[zone_id].slug if zone_id in zones else "",
            zone_title=zones[zone_id].title if zone_id in zones else "",
            kind=group[-1].version.questionnaire.kind,
            current=_given(group[-1]),
            earlier=tuple(_given(row) for row in reversed(group[:-1])),
            correctable=may_be_asked(group[-1], rules.get(zone_id), subject),
            questions=_questions(group[-1], offered),
        )
        for (zone_id, _questionnaire), group in found.items()
    ]
    return sorted(entries, key=lambda entry: entry.current.submitted_at, reverse=True)


def may_be_asked(row: AnswerSet, rules: ZoneRules | None, subject: Subject) -> bool:
    """False where all of its questions need a consent that is not (or no longer) given."""
    step = next(
        (
            step
            for step in (rules.steps if rules is not None else ())
            if kind_of(step).questionnaires and step.subject_id == row.version.questionnaire_id
        ),
        None,
    )
    if rules is not None and step is not None:
        return not not_asked(subject, rules, step)
    return row.with_consent or row.version.requires_consent != RequiresConsent.ALL


def _questions(row: AnswerSet, offered: dict[str, tuple[str, ...]]) -> Questions:
    version = row.version
    return questions_view(
        version.questions,
        version_id=version.pk,
        title=version.title,
        introduction=version.introduction,
        asks_bound=row.with_consent,
        offered=offered,
    )


def _given(row: AnswerSet) -> Given:
    lines = tuple(
        AnswerLine(question["text"], row.answers[question["key"]])
        for question in row.version.questions
        if question["key"] in row.answers
    )
    return Given(row.uuid, row.submitted_at, row.version.number, dict(row.answers), lines)
