"""Starts taking a step: lock the user, load their facts once, find the step, refuse what is out of order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from cms.audiences import Audience
from gate.decision.facts import Decision, StepRule, Subject, ZoneRules
from gate.decision.policy import at_audience, decide, required_steps, shortfall
from gate.decision.selectors import load_rules, load_subject
from gate.decision.step_kinds import StepKind, entering, kind_of
from gate.errors import AccountErased, GateError, StepOutOfOrder, UnderReview, UnknownStep
from gate.models import User, Verification


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of a (locked) user before one zone, loaded once. `cases`: their verifications."""

    user: User
    zone: ZoneRules
    subject: Subject
    cases: Sequence[Verification]
    now: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """The facts under which a step is taken.

    `zone`: the rules at its own audience; `rules`: those that guard its articles. `version`: what
    StepKind.load found.
    """

    facts: Facts
    rules: ZoneRules
    step: StepRule
    version: Any = None

    @property
    def user(self) -> User:
        return self.facts.user

    @property
    def zone(self) -> ZoneRules:
        return self.facts.zone

    @property
    def zone_id(self) -> int:
        return self.facts.zone.zone_id

    @property
    def subject(self) -> Subject:
        return self.facts.subject

    @property
    def now(self) -> datetime:
        return self.facts.now

    @property
    def kind(self) -> StepKind:
        return kind_of(self.step)

    @property
    def next_step(self) -> StepRule | None:
        """What the user can do now, before this step is written."""
        return decide(self.subject, self.rules, now=self.now).next_step


def lock_user(user_id: int) -> User:
    """Lock the user's records against other writers until commit. Inside a transaction only.

    Always the first lock, before any of the user's rows. Rows elsewhere may still refer to the user
    meanwhile (`no_key`): they would otherwise wait for this transaction, and it perhaps for them.
    AccountErased when a request that was under way comes too late: nothing new is stored about a pseudonym.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if user.erased_at is not None:
        raise AccountErased
    return user


def lock_and_load(*, user: User, zone_id: int | None) -> Facts:
    """Lock the user, then load the facts. UnknownStep for a zone that is gone."""
    user = lock_user(user.pk)
    now = timezone.now()
    zone = load_rules(now=now, zone_ids=[zone_id]).get(zone_id) if zone_id is not None else None
    if zone is None:
        raise UnknownStep
    cases = list(Verification.objects.filter(user=user).order_by("pk"))
    return Facts(user, zone, load_subject(user, cases=cases), cases, now)


def find_turn(facts: Facts, step_id: int) -> Turn:
    """The turn of the zone's step with that id, its own or an implied one. UnknownStep."""
    # The steps of a public zone guard its articles with a narrower audience.
    public = facts.zone.audience == Audience.PUBLIC
    rules = at_audience(facts.zone, Audience.REGISTERED) if public else facts.zone
    every = (*facts.zone.steps, *required_steps(at_audience(facts.zone, Audience.HCP)))
    steps = {step.id: step for step in (*every, entering().implied_step())}
    if step_id not in steps or facts.subject.user_id is None:
        raise UnknownStep(decide(facts.subject, rules, now=facts.now).next_step)
    return Turn(facts, rules, steps[step_id])


def check_order(turn: Turn) -> None:
    """StepOutOfOrder or UnderReview while a step before this one is missing."""
    for earlier in required_steps(turn.rules):
        if earlier.id == turn.step.id:
            return
        if shortfall(turn.subject, turn.rules, earlier, now=turn.now) is not None:
            raise out_of_order(decide(turn.subject, turn.rules, now=turn.now))


def out_of_order(decision: Decision) -> GateError:
    """Why another step cannot be taken now: one comes first, or the reviewers are at one."""
    return UnderReview() if decision.waits_at is not None else StepOutOfOrder(decision.next_step)
