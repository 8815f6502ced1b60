"""Records decisions on agreements: agreed, refused, skipped, withdrawn. Records are only ever appended."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from gate import sealing
from gate.decision.facts import ConsentDecision
from gate.decision.policy import standing
from gate.decision.selectors import load_subject
from gate.errors import AlreadyDecided, UnknownConsent
from gate.models import Agreement, AnswerSet, ConsentRecord, GateStep, User
from gate.notify.notifications import notify_after_commit
from gate.steps.admissions import admit_if_complete
from gate.steps.turns import lock_user
from gate.verification.files.credentials import stop_using_credentials


@transaction.atomic
def withdraw_consent(*, user: User, consent: UUID, surface: str, context: str = "") -> ConsentRecord:
    """Withdraw what the record `consent` is about, whatever the zone asks for today.

    The withdrawal is of the version that was agreed to last; it decides nothing on a newer one. It needs no
    step: a zone may have stopped asking, or may be deleted. Raises UnknownConsent for another user's record,
    AlreadyDecided where nothing is agreed to (any longer).
    """
    user = lock_user(user.pk)
    record = (
        ConsentRecord.objects.select_related("version__agreement").filter(user=user, uuid=consent).first()
    )
    if record is None:
        raise UnknownConsent
    given = standing(load_subject(user), record.zone_id, record.version.agreement_id)
    if given is None:
        raise AlreadyDecided
    withdrawal = append_decision(
        user=user,
        zone_id=record.zone_id,
        version_id=given.version_id,
        agreement_kind=record.version.agreement.kind,
        decided=ConsentDecision.WITHDRAWN,
        surface=surface,
        context=context,
    )
    if record.zone_id is not None:
        admit_if_complete(user=user, zone_id=record.zone_id)
    return withdrawal


def append_decision(
    *,
    user: User,
    zone_id: int | None,
    version_id: int,
    agreement_kind: str,
    decided: ConsentDecision,
    surface: str,
    context: str,
) -> ConsentRecord:
    """Append a decision that was checked, of the (locked) user, with its consequences but an admission.

    `context` (address and user agent) is stored as a keyed hash only.
    """
    record = ConsentRecord.objects.create(
        user=user,
        zone_id=zone_id,
        version_id=version_id,
        decision=decided.value,
        decided_at=timezone.now(),
        surface=surface[:32],
        locale=translation.get_language() or "",
        context_hash=sealing.keyed_hash(context, purpose="consent context") if context else "",
    )
    if decided == ConsentDecision.WITHDRAWN and agreement_kind == Agreement.Kind.SENSITIVE:
        stop_using_credentials(user)
    elif (
        decided == ConsentDecision.WITHDRAWN
        and agreement_kind == Agreement.Kind.CONSENT
        and zone_id is not None
    ):
        forget_bound_answers(user=user, zone_id=zone_id)
    notify_after_commit(f"consent.{decided.value}", user=user, zone=zone_id, consent=record)
    return record


def forget_bound_answers(*, user: User, zone_id: int) -> None:
    """Delete the answers that required a consent which is now withdrawn.

    All answers of a step that requires the consent as a whole are deleted, whatever its questions require.
    """
    whole = set(
        GateStep.objects.filter(gate_id=zone_id, needs_consent=True).values_list(
            "questionnaire_id", flat=True
        )
    )
    changed = []
    for answers in AnswerSet.objects.filter(user=user, zone_id=zone_id).select_related("version"):
        everything = answers.version.questionnaire_id in whole
        requires_consent = {
            question["key"]
            for question in answers.version.questions
            if everything or question["consent_bound"]
        }
        if requires_consent & answers.answers.keys() or answers.with_consent:
            answers.answers = {
                key: value for key, value in answers.answers.items() if key not in requires_consent
            }
            answers.with_consent = False
            changed.append(answers)
    AnswerSet.objects.bulk_update(changed, ["answers", "with_consent"])
