"""Services that store answers to a questionnaire, and corrections of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from gate.decision.selectors import load_rules, load_subject
from gate.errors import AlreadyDecided, InvalidAnswers, UnknownAnswers
from gate.models import AnswerSet, AuditEvent, User
from gate.questions.answer_checks import clean_answers
from gate.questions.own_answers import may_be_asked
from gate.steps.turns import lock_user


@transaction.atomic
def correct_answers(*, user: User, given: UUID, answers: Mapping[str, Any]) -> AnswerSet:
    """Append a corrected version of the answers `given`.

    The row before is kept, and the gate's decision stays as it is: the same questions count as answered as
    before. They are checked against the version that was answered, with the questions that require consent
    where those were asked. It needs no step: a zone may have stopped asking. Sent unchanged, nothing is
    written. Raises UnknownAnswers for another user's row, AlreadyDecided for one that a newer row replaced
    or whose questions may not be asked any more, InvalidAnswers by question key.
    """
    user = lock_user(user.pk)
    row = AnswerSet.objects.filter(user=user, uuid=given).select_related("version").first()
    if row is None:
        raise UnknownAnswers
    same = AnswerSet.objects.filter(
        user=user, zone_id=row.zone_id, version__questionnaire=row.version.questionnaire_id
    )
    if same.filter(pk__gt=row.pk).exists():
        raise AlreadyDecided(_("You have answered this again since. Please correct the newest answers."))
    now = timezone.now()
    rules = load_rules(now=now, zone_ids=[row.zone_id]).get(row.zone_id)
    if not may_be_asked(row, rules, load_subject(user)):
        raise AlreadyDecided(_("These questions need a consent that you have not given."))
    kept, problems = clean_answers(row.version.questions, answers, with_consent=row.with_consent)
    if problems:
        raise InvalidAnswers(problems)
    changed = sorted(key for key in kept.keys() | row.answers.keys() if kept.get(key) != row.answers.get(key))
    if not changed:
        return row
    newer = AnswerSet.objects.create(
        user=user,
        zone_id=row.zone_id,
        version=row.version,
        answers=kept,
        with_consent=row.with_consent,
        submitted_at=now,
        corrects=row,
    )
    AuditEvent.record(AuditEvent.Action.DATA_CORRECTED, user, user, newer, fields=changed)
    return newer
