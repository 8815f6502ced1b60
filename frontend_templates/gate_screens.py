"""The screen of the gate for a state. Pure: records decide the state, the state decides the screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from gate.decision import Reason

if TYPE_CHECKING:
    from gate.decision import GateState

CONTEXT: dict[str, Callable[[HttpRequest, GateState], dict[str, Any]]] = {}
"""By screen: what its template needs beyond what every screen has."""
BEFORE: dict[str, Callable[[HttpRequest, GateState], HttpResponse | None]] = {}
"""By screen: what may have to be shown in its place first."""

# These show their explanation first; the step itself follows on request (`change`).
EXPLAINED = {
    Reason.REFUSED: "refused",
    Reason.WITHDRAWN: "ended",
    Reason.EXPIRED: "ended",
    Reason.REVOKED: "ended",
}


@dataclass(frozen=True, slots=True)
class Ended:
    """Texts of the screen after access has ended."""

    title: str
    action: str
    show_reason: bool = False
    show_expiry: bool = False


def screen_for(state: GateState, *, change: bool = False) -> str | None:
    """The name of a template in gate/; None when there is nothing to show and the reader may go on.

    `change`: the reader has read the explanation and goes to the step.
    """
    decision = state.decision
    if decision.allowed:
        return "admitted" if decision.reason == Reason.ADMITTED else None
    if state.waits_at is not None:
        return "pending"
    if state.current is None:
        return "ended"
    if decision.reason == Reason.PENDING_REVIEW:
        return "question"
    if decision.reason in EXPLAINED and not change:
        return EXPLAINED[decision.reason]
    return state.current.screen


def ended(state: GateState) -> Ended:
    """The texts for `expired`, `withdrawn` and `revoked`."""
    if state.current is not None and state.current.enters:
        return Ended(_("Welcome back"), _("Open the zone"))
    match state.decision.reason:
        case Reason.WITHDRAWN:
            return Ended(_("You withdrew your agreement"), _("Read it and agree again"))
        case Reason.REVOKED if state.current is None:
            return Ended(_("This zone is closed to you"), "")
        case Reason.REVOKED:
            return Ended(_("Your verification was revoked"), _("Submit a new one"), show_reason=True)
        case _:
            return Ended(_("Your verification has expired"), _("Renew it"), show_expiry=True)


def step_number(state: GateState) -> int | None:
    """The number of the reader's step, from 1; None when there is none."""
    step = state.current or state.waits_at
    if step is None or state.decision.allowed:
        return None
    return 1 + [one.id for one in state.steps].index(step.id)
