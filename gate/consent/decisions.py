"""Deciding on agreements: agreed, refused, skipped, withdrawn. Records are only ever appended."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.utils import timezone, translation

from gate import sealing
from gate.consent.diff import comparison_of
from gate.decision.facts import Choice, StepKind, StepRule
from gate.decision.policy import last_choice, standing
from gate.decision.selectors import load_subject
from gate.errors import AlreadyDecided, InvalidChoice, StaleVersion, UnknownConsent
from gate.models import Agreement, AnswerSet, ConsentRecord, GateStep, User
from gate.notify.notifications import tell_after_commit
from gate.steps.admissions import admit_if_complete
from gate.steps.turns import Turn, lock_person, take_turn
from gate.verification.files.credentials import stop_using_credentials

OFFERED = {
    StepKind.AGREEMENT: frozenset({Choice.AGREED, Choice.REFUSED, Choice.WITHDRAWN}),
    StepKind.CONSENT: frozenset({Choice.AGREED, Choice.SKIPPED, Choice.WITHDRAWN}),
    StepKind.SEPARATE_CONSENT: frozenset({Choice.AGREED, Choice.SKIPPED, Choice.WITHDRAWN}),
}


@transaction.atomic
def decide_agreement(
    *,
    user: User,
    step: GateStep | StepRule | int,
    version_id: int | None,
    decision: Choice | str,
    surface: str,
    context: str = "",
) -> ConsentRecord:
    """Record one decision on the step's current version; the last missing one admits in the same transaction.

    `context` (address and user agent) is kept as a keyed hash only. A withdrawal needs no `version_id`: it is
    of what was agreed to. Raises UnknownStep, StepOutOfOrder, StaleVersion, InvalidChoice, AlreadyDecided.
    """
    # As easy as agreeing: a consent can be withdrawn although a step before it is open again.
    in_order = decision != Choice.WITHDRAWN
    turn = take_turn(user=user, step=step, kinds=OFFERED.keys(), in_order=in_order)
    choice = _checked(turn, decision)
    if choice == Choice.WITHDRAWN:
        given = standing(turn.subject, turn.zone_id, turn.step.subject_id or 0)
        if given is None:
            raise AlreadyDecided(next_step=turn.next_step)
        version_id = given.version_id
    elif version_id is None or version_id != turn.step.version_id:
        changes = comparison_of(turn.step.subject_id, version_id, turn.step.version_id)
        raise StaleVersion(turn.step.version_id, turn.step, changes=changes)
    return append_decision(
        user=turn.user,
        zone_id=turn.zone_id,
        version_id=version_id,
        choice=choice,
        surface=surface,
        context=context,
    )


@transaction.atomic
def withdraw_consent(*, user: User, consent: UUID, surface: str, context: str = "") -> ConsentRecord:
    """Withdraw what the record `consent` is about, whatever the zone asks for today.

    The withdrawal is of the version that was agreed to last; it decides nothing on a newer one. It needs no
    step: a zone may have stopped asking, or have gone. Raises UnknownConsent for a record that is not this
    person's, AlreadyDecided where nothing (any longer) is agreed to.
    """
    person = lock_person(user.pk)
    record = ConsentRecord.objects.select_related("version").filter(user=person, uuid=consent).first()
    if record is None:
        raise UnknownConsent
    given = standing(load_subject(person), record.zone_id, record.version.agreement_id)
    if given is None:
        raise AlreadyDecided
    return append_decision(
        user=person,
        zone_id=record.zone_id,
        version_id=given.version_id,
        choice=Choice.WITHDRAWN,
        surface=surface,
        context=context,
    )


def append_decision(
    *, user: User, zone_id: int | None, version_id: int, choice: Choice, surface: str, context: str
) -> ConsentRecord:
    """Record a decision that was checked, of the (locked) person, and what follows from it."""
    record = ConsentRecord.objects.create(
        user=user,
        zone_id=zone_id,
        version_id=version_id,
        decision=choice.value,
        decided_at=timezone.now(),
        surface=surface[:32],
        locale=translation.get_language() or "",
        context_hash=sealing.keyed_hash(context, purpose="consent context") if context else "",
    )
    kind = record.version.agreement.kind
    if choice == Choice.WITHDRAWN and kind == Agreement.Kind.SENSITIVE:
        stop_using_credentials(user)
    elif choice == Choice.WITHDRAWN and kind == Agreement.Kind.CONSENT and zone_id is not None:
        forget_bound_answers(user=user, zone_id=zone_id)
    if zone_id is not None:
        admit_if_complete(user=user, zone_id=zone_id)
    tell_after_commit(f"consent.{choice.value}", user=user, zone=zone_id, consent=record)
    return record


def _checked(turn: Turn, decision: Choice | str) -> Choice:
    """The choice, if the step offers it and it changes something."""
    offered = OFFERED[turn.step.kind]
    if decision not in [choice.value for choice in offered]:
        raise InvalidChoice(turn.next_step, offered=[choice.value for choice in Choice if choice in offered])
    choice = Choice(decision)
    last = last_choice(turn.subject, turn.zone_id, turn.step)
    # Agreement ends by withdrawal only: a second window that refuses comes too late.
    if choice != Choice.WITHDRAWN and last in (choice, Choice.AGREED):
        raise AlreadyDecided(next_step=turn.next_step)
    return choice


def forget_bound_answers(*, user: User, zone_id: int) -> None:
    """Withdrawn consent takes away the ground on which consent-bound answers were kept: they are deleted.

    All answers of a step that needs the consent as a whole go, whatever its questions say.
    """
    whole = set(
        GateStep.objects.filter(gate_id=zone_id, needs_consent=True).values_list(
            "questionnaire_id", flat=True
        )
    )
    for answers in AnswerSet.objects.filter(user=user, zone_id=zone_id).select_related("version"):
        everything = answers.version.questionnaire_id in whole
        bound = {
            question["key"]
            for question in answers.version.questions
            if everything or question["consent_bound"]
        }
        if bound & answers.answers.keys() or answers.with_consent:
            answers.answers = {key: value for key, value in answers.answers.items() if key not in bound}
            answers.with_consent = False
            answers.save(update_fields=["answers", "with_consent"])
