"""Publishes questionnaire versions."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.decision.facts import RequiresConsent
from gate.errors import NotPublishable
from gate.models import AuditEvent, Questionnaire, QuestionnaireVersion, User
from gate.questions.drafts import draft_problems, frozen_questions


@transaction.atomic
def publish_questionnaire(
    *, questionnaire: Questionnaire, by: User | None, asks_again: bool = False
) -> QuestionnaireVersion:
    """Freeze the draft's questions as the next version. `asks_again`: readers of an older one answer again.

    Raises NotPublishable for a draft that cannot work (gate.questions.drafts) and when nothing has changed.
    """
    row = Questionnaire.objects.select_for_update().get(pk=questionnaire.pk)
    questions = frozen_questions(row)
    problems = draft_problems(questions)
    if problems:
        raise NotPublishable(" ".join(problems))
    latest = row.versions.order_by("-number").first()
    shown = (row.title, row.introduction, questions)
    if latest is not None and (latest.title, latest.introduction, latest.questions) == shown:
        raise NotPublishable(_("Nothing has changed since version %(number)s.") % {"number": latest.number})
    now = timezone.now()
    version = QuestionnaireVersion.objects.create(
        questionnaire=row,
        number=latest.number + 1 if latest else 1,
        title=row.title,
        introduction=row.introduction,
        questions=questions,
        requires_consent=_bound(questions).value,
        asks_again=asks_again,
        published_at=now,
        published_by=by,
    )
    AuditEvent.record(AuditEvent.Action.QUESTIONNAIRE_PUBLISHED, by, target=version)
    return version


def _bound(questions: list[dict[str, Any]]) -> RequiresConsent:
    requires_consent = [question["consent_bound"] for question in questions]
    if all(requires_consent):
        return RequiresConsent.ALL
    return RequiresConsent.SOME if any(requires_consent) else RequiresConsent.NONE
