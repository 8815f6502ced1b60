"""What a sequence of steps must keep. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from gate.models import GateStep


def problem_with_order(steps: Sequence[GateStep]) -> str | None:
    """The first thing wrong with the steps in this order, as a sentence; None when they may be saved."""
    seen: set[tuple[int | None, int | None]] = set()
    for step in steps:
        key = (step.agreement_id, step.questionnaire_id)
        if key in seen:
            return _("“%(step)s” is there twice.") % {"step": step.title or step.get_kind_display()}
        seen.add(key)
    kinds = [GateStep.Kind(step.kind) for step in steps]
    asks = [
        place for place, kind in enumerate(kinds) if kind in (GateStep.Kind.PROFILE, GateStep.Kind.SURVEY)
    ]
    consents = [place for place, kind in enumerate(kinds) if kind == GateStep.Kind.CONSENT]
    if asks and consents and max(consents) > min(asks):
        return _("The informed consent must come before the questions: some of them depend on it.")
    if not consents and any(step.needs_consent for step in steps):
        return _("Questions that need the informed consent are never asked without a step for it.")
    return None
