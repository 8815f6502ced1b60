"""Takes a step, for site and API alike: lock, load, decide and write once, and pass the facts on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import transaction

from cms.audiences import Audience
from gate.decision.policy import at_audience, decide
from gate.decision.state import GateState, build_state
from gate.decision.step_kinds import StepAnswer
from gate.errors import TakenElsewhere
from gate.models import User
from gate.steps.admissions import admit
from gate.steps.turns import Facts, Turn, check_order, find_turn, lock_and_load

if TYPE_CHECKING:
    from cms.models import ZonePage


@dataclass(frozen=True, slots=True)
class Taken:
    """The record that was written, and the facts with it."""

    record: Any
    facts: Facts

    def state(self, zone: ZonePage, audience: str | None = None) -> GateState:
        """The gate after the step, at the zone's or an article's audience. Nothing is loaded twice."""
        facts, rules = self.facts, at_audience(self.facts.zone, Audience(audience or zone.audience))
        decision = decide(facts.subject, rules, now=facts.now)
        return build_state(facts.user, zone, rules, facts.subject, decision, now=facts.now, cases=facts.cases)


@transaction.atomic
def take_step(*, user: User, zone_id: int | None, step_id: int, read: Callable[[Turn], StepAnswer]) -> Taken:
    """Record what the user decided, answered or entered. The last missing step admits, in one transaction.

    `read` parses the answer once the step and its kind are known; what it raises ends the transaction.
    Raises UnknownStep, TakenElsewhere, StepOutOfOrder, UnderReview, and what the kind raises.
    """
    facts = lock_and_load(user=user, zone_id=zone_id)
    turn = find_turn(facts, step_id)
    kind = turn.kind
    if kind.body is None:
        raise TakenElsewhere(kind)
    turn = replace(turn, version=kind.load(turn.step))
    answer = read(turn)
    if kind.in_order(answer):
        check_order(turn)
    written = kind.take(turn, answer)
    _admissions, subject = admit(facts.user, written.subject, [facts.zone], now=facts.now)
    return Taken(written.record, replace(facts, subject=subject))
