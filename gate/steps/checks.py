"""Checks a configured step, and a sequence of them, before it is saved."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from gate.decision.step_kinds import kind_of
from gate.models import Agreement, GateStep, Questionnaire


def check_step(sender: type, step: GateStep, **kwargs: Any) -> None:
    """Receiver of gate.models.steps.step_checked: check what the step refers to.

    Its kind decides what it may refer to; that must have been published.
    """
    kind = kind_of(step.kind)
    if problems := kind.problems():
        raise ValidationError(dict(problems))
    if not kind.texts:
        step.agreement = None
    if not kind.questionnaires:
        step.questionnaire, step.needs_consent = None, False
    if kind.texts:
        _check_subject("agreement", step.agreement, kind.texts)
    elif kind.questionnaires:
        _check_subject("questionnaire", step.questionnaire, kind.questionnaires)


def _check_subject(field: str, subject: Agreement | Questionnaire | None, kinds: Collection[str]) -> None:
    if subject is None:
        raise ValidationError({field: _("This kind of step needs one.")})
    if subject.kind not in kinds:
        raise ValidationError({field: _("This is not of the kind of the step.")})
    if not subject.versions.exists():
        raise ValidationError({field: _("No version of it has been published yet.")})


def problem_with_order(steps: Sequence[GateStep]) -> str | None:
    """The first thing wrong with the steps in this order, as a sentence; None when they may be saved."""
    seen: set[tuple[int | None, int | None]] = set()
    for step in steps:
        key = (step.agreement_id, step.questionnaire_id)
        if key in seen:
            return _("“%(step)s” is there twice.") % {"step": step.title or step.get_kind_display()}
        seen.add(key)
    kinds = [kind_of(step.kind) for step in steps]
    asks = [place for place, kind in enumerate(kinds) if kind.questionnaires]
    consents = [place for place, kind in enumerate(kinds) if kind.gives_consent]
    if asks and consents and max(consents) > min(asks):
        return _("The informed consent must come before the questions: some of them depend on it.")
    if not consents and any(step.needs_consent for step in steps):
        return _("Questions that need the informed consent are never asked without a step for it.")
    return None
