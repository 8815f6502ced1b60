"""The kind of step that remains when every other step is complete: entering."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from gate.decision.facts import ENTER_STEP_ID, Reason, StepRule, Subject, ZoneRules
from gate.decision.policy import decide
from gate.decision.step_kinds import StepAnswer, StepKind, Written
from gate.errors import AlreadyDecided
from gate.steps.admissions import admit
from gate.steps.turns import out_of_order

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from gate.steps.turns import Turn


class EnterStep(StepKind):
    """The admission is missing or has run out; one tap gives it. No row of a zone asks for it."""

    code, template = "enter", "ended"
    title = _("Enter")
    enters = True
    implied_id = ENTER_STEP_ID

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """The policy requires it by itself, while the admission is missing. A row with this kind denies."""
        raise ValueError(f"a zone cannot be configured with a step of kind {self.code}")

    def message(self, reason: Reason) -> str | Promise | None:
        """Nothing has expired that the user would have to submit again."""
        return _("Everything is complete. One tap opens the zone.")

    def in_order(self, answer: StepAnswer) -> bool:
        """The admission itself checks whether everything is complete."""
        return False

    def take(self, turn: Turn, answer: StepAnswer) -> Written:
        """Renew the admission.

        StepOutOfOrder or UnderReview when something else is missing, AlreadyDecided when the user is
        admitted, or may not enter again.
        """
        admissions, after = admit(turn.user, turn.subject, [turn.zone], now=turn.now)
        if admissions:
            return Written(admissions[0], after)
        decision = decide(turn.subject, turn.zone, now=turn.now)
        if decision.allowed or decision.reason == Reason.REVOKED:
            raise AlreadyDecided
        raise out_of_order(decision)
