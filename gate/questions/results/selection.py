"""Selects answers: of a questionnaire, in zones, perhaps of one version."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from gate.models import AnswerSet, Questionnaire, QuestionnaireVersion


@dataclass(frozen=True, slots=True)
class Selection:
    """`zone_ids` are zones that the viewer may see; `version` None means all versions."""

    questionnaire: Questionnaire
    zone_ids: frozenset[int]
    version: QuestionnaireVersion | None = None

    def answer_sets(self) -> QuerySet[AnswerSet]:
        """Every submission as it was corrected last, the oldest first."""
        rows = AnswerSet.objects.filter(
            version__questionnaire=self.questionnaire, zone_id__in=self.zone_ids, correction=None
        )
        return (rows.filter(version=self.version) if self.version else rows).order_by("submitted_at", "pk")

    def latest_answers(self) -> list[AnswerSet]:
        """The last submission of each user in each zone: a user who answered again counts once."""
        latest = {}
        for row in self.answer_sets().select_related("version").iterator():
            latest[row.user_id, row.zone_id] = row
        return list(latest.values())

    def versions(self) -> list[QuestionnaireVersion]:
        """The versions of the selection, the newest first."""
        rows = self.questionnaire.versions.order_by("-number")
        return list(rows.filter(pk=self.version.pk) if self.version else rows)


def questions_of(versions: Collection[QuestionnaireVersion]) -> list[dict[str, Any]]:
    """Each question once, as the newest version words it; those that were dropped come last.

    A question whose kind was changed counts as another one. Choices that older versions offered are kept.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for version in versions:
        for question in version.questions:
            known = found.setdefault((question["key"], question["kind"]), question | {"choices": []})
            known["choices"] += [text for text in question["choices"] if text not in known["choices"]]
    return list(found.values())
