"""Deciding on agreements: agreed, refused, skipped, withdrawn. Records are only ever appended."""

from __future__ import annotations

from django.db import transaction
from django.utils import translation

from gate import privacy
from gate.errors import AlreadyDecided, InvalidChoice, StaleVersion
from gate.models import AnswerSet, ConsentRecord, GateStep, User
from gate.policy import Choice, StepKind, StepRule, last_choice
from gate.services.admissions import admit_if_complete
from gate.services.turns import Turn, take_turn

OFFERED = {
    StepKind.AGREEMENT: frozenset({Choice.AGREED, Choice.REFUSED, Choice.WITHDRAWN}),
    StepKind.CONSENT: frozenset({Choice.AGREED, Choice.SKIPPED, Choice.WITHDRAWN}),
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
        version_id = _agreed_version(turn)
    elif version_id is None or version_id != turn.step.version_id:
        raise StaleVersion(turn.step.version_id, turn.step)
    record = ConsentRecord.objects.create(
        user=turn.user,
        zone_id=turn.zone_id,
        version_id=version_id,
        decision=choice.value,
        decided_at=turn.now,
        surface=surface[:32],
        locale=translation.get_language() or "",
        context_hash=privacy.keyed_hash(context, purpose="consent context") if context else "",
    )
    if choice == Choice.WITHDRAWN and turn.step.kind == StepKind.CONSENT:
        forget_bound_answers(turn)
    admit_if_complete(user=turn.user, zone_id=turn.zone_id)
    return record


def _checked(turn: Turn, decision: Choice | str) -> Choice:
    """The choice, if the step offers it and it changes something."""
    offered = OFFERED[turn.step.kind]
    if decision not in [choice.value for choice in offered]:
        raise InvalidChoice(turn.next_step)
    choice = Choice(decision)
    last = last_choice(turn.subject, turn.zone_id, turn.step)
    # Agreement ends by withdrawal only: a second window that refuses comes too late.
    changes = last == Choice.AGREED if choice == Choice.WITHDRAWN else last not in (choice, Choice.AGREED)
    if not changes:
        raise AlreadyDecided(next_step=turn.next_step)
    return choice


def _agreed_version(turn: Turn) -> int:
    return next(
        fact.version_id
        for fact in reversed(turn.subject.consents)
        if fact.zone_id == turn.zone_id and fact.agreement_id == turn.step.subject_id
    )


def forget_bound_answers(turn: Turn) -> None:
    """Withdrawn consent takes away the ground on which consent-bound answers were kept: they are deleted."""
    for answers in AnswerSet.objects.filter(user=turn.user, zone_id=turn.zone_id).select_related("version"):
        bound = {question["key"] for question in answers.version.questions if question["consent_bound"]}
        if bound & answers.answers.keys() or answers.with_consent:
            answers.answers = {key: value for key, value in answers.answers.items() if key not in bound}
            answers.with_consent = False
            answers.save(update_fields=["answers", "with_consent"])
