"""Whose turn it is: lock the person, load their facts, find the step, refuse what is out of order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from cms.audiences import Audience
from gate.decision.facts import Decision, StepKind, StepRule, Subject, ZoneRules
from gate.decision.policy import at_audience, decide, required_steps, shortfall
from gate.decision.selectors import load_rules, load_subject
from gate.errors import AccountErased, GateError, StepOutOfOrder, UnderReview, UnknownStep
from gate.models import GateStep, User

if TYPE_CHECKING:
    from collections.abc import Collection


@dataclass(frozen=True, slots=True)
class Turn:
    """The facts under which a step is taken. `rules` are at the zone's own audience."""

    user: User
    zone_id: int
    rules: ZoneRules
    subject: Subject
    step: StepRule
    now: datetime

    @property
    def next_step(self) -> StepRule | None:
        """What the person can do now, before this step is written."""
        return decide(self.subject, self.rules, now=self.now).next_step


def lock_person(user_id: int) -> User:
    """Until the transaction ends, nobody else writes this person's records. Inside a transaction only.

    Always the first lock, before any of the person's rows. Rows elsewhere may go on pointing to the person
    meanwhile (`no_key`): they would otherwise wait for us, and we perhaps for them.
    AccountErased when a request that was under way comes too late: nothing new is kept about a pseudonym.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user_id)
    if person.erased_at is not None:
        raise AccountErased
    return person


def take_turn(
    *, user: User, step: GateStep | StepRule | int, kinds: Collection[StepKind], in_order: bool = True
) -> Turn:
    """Lock the person; check that `step` exists, is of one of `kinds`, and none before it is missing.

    `in_order=False` leaves out the last: what takes something back waits for no other step.
    """
    step_id = step if isinstance(step, int) else step.id
    person = lock_person(user.pk)
    now = timezone.now()
    zone_id = GateStep.objects.filter(pk=step_id).values_list("gate_id", flat=True).first()
    rules = load_rules(now=now, zone_ids=[zone_id]).get(zone_id) if zone_id is not None else None
    if rules is None:
        raise UnknownStep
    subject = load_subject(person)
    rule = next((rule for rule in rules.steps if rule.id == step_id), None)
    # The steps of a public zone guard the articles in it that are for fewer people.
    turn_rules = rules if rules.audience != Audience.PUBLIC else at_audience(rules, Audience.REGISTERED)
    if rule is None or rule.kind not in kinds or subject.user_id is None:
        raise UnknownStep(decide(subject, turn_rules, now=now).next_step)
    turn = Turn(person, zone_id, turn_rules, subject, rule, now)
    for earlier in required_steps(turn_rules) if in_order else ():
        if earlier.id == rule.id:
            break
        if shortfall(subject, turn_rules, earlier, now=now) is not None:
            raise out_of_order(decide(subject, turn_rules, now=now))
    return turn


def out_of_order(decision: Decision) -> GateError:
    """Why another step cannot be taken now: one comes first, or the reviewers are at one."""
    return UnderReview() if decision.waits_at is not None else StepOutOfOrder(decision.next_step)
