"""Answering a questionnaire."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from gate.answers import clean_answers
from gate.errors import AlreadyDecided, InvalidAnswers, StaleVersion
from gate.facts import StepKind, StepRule
from gate.models import AnswerSet, GateStep, QuestionnaireVersion, User
from gate.policy import answered, consented
from gate.services.admissions import admit_if_complete
from gate.services.turns import take_turn


@transaction.atomic
def submit_answers(
    *, user: User, step: GateStep | StepRule | int, version_id: int | None, answers: Mapping[str, Any]
) -> AnswerSet:
    """Keep the answers to the step's current version; the last missing ones admit in the same transaction.

    Consent-bound questions are not asked without consent, and what was sent for them is not kept.
    Raises UnknownStep, StepOutOfOrder, StaleVersion, AlreadyDecided, InvalidAnswers.
    """
    turn = take_turn(user=user, step=step, kinds={StepKind.PROFILE, StepKind.SURVEY})
    if answered(turn.subject, turn.rules, turn.step):
        raise AlreadyDecided(next_step=turn.next_step)
    if version_id != turn.step.version_id or version_id is None:
        raise StaleVersion(turn.step.version_id, turn.step)
    version = QuestionnaireVersion.objects.get(pk=version_id)
    with_consent = consented(turn.subject, turn.rules)
    kept, problems = clean_answers(version.questions, answers, with_consent=with_consent)
    if problems:
        raise InvalidAnswers(problems, next_step=turn.step)
    row = AnswerSet.objects.create(
        user=turn.user,
        zone_id=turn.zone_id,
        version=version,
        answers=kept,
        with_consent=with_consent,
        submitted_at=turn.now,
    )
    admit_if_complete(user=turn.user, zone_id=turn.zone_id)
    return row
