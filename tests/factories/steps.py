"""Steps taken by a user, through gate.steps.taking.take_step() as the site and the API do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cms.models import ZonePage
from gate.decision.facts import ENTER_STEP_ID, StepRule
from gate.decision.step_kinds import StepAnswer
from gate.models import Admission, AnswerSet, ConsentRecord, GateStep, User
from gate.steps.taking import Taken, take_step


def answer_step(user: User, step: GateStep | StepRule | int, answer: StepAnswer) -> Taken:
    """Take a configured step; UnknownStep where there is none."""
    step_id = step if isinstance(step, int) else step.id
    zone_id = GateStep.objects.filter(pk=step_id).values_list("gate_id", flat=True).first()
    return take_step(user=user, zone_id=zone_id, step_id=step_id, read=lambda turn: answer)


def decide_agreement(
    *,
    user: User,
    step: GateStep | StepRule | int,
    version_id: int | None,
    decision: str,
    surface: str = "test",
    context: str = "",
) -> ConsentRecord:
    """The record of a decision on the step's text."""
    answer = StepAnswer(version_id, str(decision), surface=surface, context=context)
    record: ConsentRecord = answer_step(user, step, answer).record
    return record


def submit_answers(
    *, user: User, step: GateStep | StepRule | int, version_id: int | None, answers: Mapping[str, Any]
) -> AnswerSet:
    """The answers to the step's questions."""
    record: AnswerSet = answer_step(user, step, StepAnswer(version_id, answers=answers)).record
    return record


def enter(*, user: User, zone: ZonePage) -> Admission:
    """The admission to a zone of which nothing else is missing."""
    record: Admission = take_step(
        user=user, zone_id=zone.pk, step_id=ENTER_STEP_ID, read=lambda turn: StepAnswer()
    ).record
    return record
