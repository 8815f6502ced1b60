"""The gate of one zone as one user sees it: for the reader site's screens and the API's responses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from cms.audiences import Audience
from gate.decision.facts import ConsentDecision, Decision, Reason, StepRule, Subject, ZoneRules
from gate.decision.policy import required_steps, shortfall
from gate.decision.reason_texts import message, step_title
from gate.decision.step_kinds import Shown, by_family, kind_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cms.models import ZonePage
    from gate.consent.shown_texts import AgreementText
    from gate.models import User, Verification
    from gate.questions.views import Questions
    from gate.verification.status import CaseStatus

COUNTDOWN_SECONDS = 5
"""How long the admitted screen stays before the article opens by itself."""

StepMark = Literal["done", "now", "waiting", "todo", "skipped"]


NOTHING_SHOWN = Shown()


@dataclass(frozen=True, slots=True)
class StepState:
    """One step; `waiting`: staff are at it."""

    rule: StepRule
    title: str
    state: StepMark
    shown: Shown = NOTHING_SHOWN

    @property
    def id(self) -> int:
        return self.rule.id

    @property
    def kind(self) -> str:
        return self.rule.kind

    @property
    def minutes(self) -> int:
        return kind_of(self.rule).minutes(self.rule)

    @property
    def screen(self) -> str:
        """The name of its template in frontend_templates/gate/."""
        return kind_of(self.rule).template

    @property
    def enters(self) -> bool:
        """Whether everything else is complete, so that one tap opens the zone."""
        return kind_of(self.rule).enters

    @property
    def decided(self) -> ConsentDecision | None:
        """The last decision on its text."""
        return self.shown.decided

    @property
    def agreement(self) -> AgreementText | None:
        text: AgreementText | None = self.shown.agreement
        return text

    @property
    def questionnaire(self) -> Questions | None:
        questions: Questions | None = self.shown.questionnaire
        return questions


@dataclass(frozen=True, slots=True)
class GateState:
    """`current` is the reader's next step, `waits_at` the one that staff are at.

    `minutes_left` estimates what remains for the reader to do. `narrower`: `audience` is that of an article
    with a narrower audience than its zone.
    """

    zone_id: int
    zone_slug: str
    zone_title: str
    audience: Audience
    decision: Decision
    message: str
    steps: tuple[StepState, ...]
    current: StepState | None
    minutes_left: int
    verification: CaseStatus | None
    admitted_until: datetime | None
    waits_at: StepState | None = None
    narrower: bool = False
    countdown_seconds: int = COUNTDOWN_SECONDS

    @property
    def position(self) -> int | None:
        """The user's place among the open cases, from 1."""
        return self.verification.position if self.verification else None

    @property
    def usual_wait(self) -> timedelta | None:
        """The median time to a decision lately."""
        return self.verification.usual_wait if self.verification else None


def build_state(
    user: User | AnonymousUser,
    zone: ZonePage,
    rules: ZoneRules,
    subject: Subject,
    decision: Decision,
    *,
    now: datetime,
    cases: Sequence[Verification] | None = None,
) -> GateState:
    """Combine decision, steps and texts. At most seven queries beyond those of the decision.

    One less with the user's `cases`, if they are loaded already.
    """
    required = required_steps(rules)
    if decision.next_step is not None and kind_of(decision.next_step).enters:
        required = (*required, decision.next_step)
    shown = _shown(required, subject, rules)
    steps = tuple(
        StepState(
            rule=step,
            title=step_title(step),
            state=_mark(subject, rules, step, decision, now),
            shown=shown.get(step.id, NOTHING_SHOWN),
        )
        for step in required
    )
    reviewed = next((kind_of(step) for step in required if kind_of(step).has_case), None)
    signed_in = subject.user_id is not None
    case = reviewed.case(user, now=now, cases=cases) if reviewed is not None and signed_in else None
    return GateState(
        zone_id=zone.pk,
        zone_slug=zone.slug,
        zone_title=zone.title,
        audience=rules.audience,
        decision=decision,
        message=message(decision),
        steps=steps,
        current=next((step for step in steps if step.state == "now"), None),
        minutes_left=sum(step.minutes for step in steps if step.state in ("now", "todo")),
        verification=case,
        admitted_until=decision.expires_at if decision.reason == Reason.ADMITTED else None,
        waits_at=next((step for step in steps if step.state == "waiting"), None),
        narrower=rules.audience != zone.audience,
    )


def _mark(subject: Subject, rules: ZoneRules, step: StepRule, decision: Decision, now: datetime) -> StepMark:
    """The state of the step. What was declined or must not be asked is skipped, not done."""
    if decision.next_step is not None and step.id == decision.next_step.id:
        return "now"
    if step == decision.waits_at:
        return "waiting"
    if subject.user_id is None or shortfall(subject, rules, step, now=now):
        return "todo"
    return "skipped" if kind_of(step).skipped(subject, rules, step) else "done"


def _shown(steps: tuple[StepRule, ...], subject: Subject, rules: ZoneRules) -> dict[int, Shown]:
    """The data of the steps' screens, by step id; a constant number of queries for each family."""
    shown: dict[int, Shown] = {}
    for kind, own in by_family(steps).items():
        shown |= kind.shown(own, subject, rules)
    return shown
