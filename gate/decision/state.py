"""The gate of one zone as one person sees it: for the reader site's screens and the API's answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from cms.audiences import Audience
from gate.consent.shown_texts import AgreementText, agreement_texts
from gate.decision.facts import DECLINABLE, Choice, Decision, Reason, StepKind, StepRule, Subject, ZoneRules
from gate.decision.policy import consented, last_choice, not_asked, required_steps, shortfall
from gate.decision.reason_texts import message, step_title
from gate.models import QuestionnaireVersion
from gate.questions.conditions import Condition, condition_of
from gate.questions.suggestions import suggestions
from gate.verification.status import CaseStatus, case_status

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from cms.models import ZonePage
    from gate.models import User

COUNTDOWN_SECONDS = 5
"""How long the admitted screen stays before the article opens by itself."""

StepMark = Literal["done", "now", "waiting", "todo", "skipped"]


@dataclass(frozen=True, slots=True)
class QuestionView:
    """One question to ask; answers come back under `key`.

    `condition`: it is shown only when an earlier question's answer is as it says; otherwise leave it out.
    `suggestions` are offered while a name is typed; any other is as good. A number lies between `minimum` and
    `maximum`, where they are set.
    """

    key: str
    kind: str
    text: str
    hint: str
    choices: tuple[str, ...]
    required: bool
    condition: Condition | None = None
    suggestions: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    whole_number: bool = False


@dataclass(frozen=True, slots=True)
class Questions:
    """A questionnaire version, without the questions this person must not be asked."""

    version_id: int
    title: str
    introduction: str
    questions: tuple[QuestionView, ...]


@dataclass(frozen=True, slots=True)
class StepState:
    """One step; `waiting`: staff are at it. `choice`: the last decision on an agreement."""

    rule: StepRule
    title: str
    state: StepMark
    choice: Choice | None = None
    agreement: AgreementText | None = None
    questionnaire: Questions | None = None

    @property
    def id(self) -> int:
        return self.rule.id

    @property
    def kind(self) -> StepKind:
        return self.rule.kind

    @property
    def minutes(self) -> int:
        return self.rule.minutes


@dataclass(frozen=True, slots=True)
class GateState:
    """`current` is the reader's next step, `waits_at` the one that staff are at.

    `minutes_left` estimates what remains for the reader to do. `narrower`: `audience` is
    that of an article for fewer people than its zone.
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
        """How many open requests stand before this person's, plus one."""
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
) -> GateState:
    """Put decision, steps and texts together. At most seven queries beyond those of the decision."""
    required = required_steps(rules)
    if decision.next_step is not None and decision.next_step.kind == StepKind.ENTER:
        required = (*required, decision.next_step)
    texts = agreement_texts(required, subject, rules.zone_id)
    questions = _questions(required, asks_bound=consented(subject, rules))
    steps = tuple(
        StepState(
            rule=step,
            title=step_title(step),
            state=_mark(subject, rules, step, decision, now),
            choice=last_choice(subject, rules.zone_id, step) if step.id in texts else None,
            agreement=texts.get(step.id),
            questionnaire=questions.get(step.id),
        )
        for step in required
    )
    needs_case = any(step.kind == StepKind.VERIFICATION for step in required)
    case = case_status(user, now=now) if needs_case and subject.user_id is not None else None
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
    """Where the step stands. What was declined or must not be asked is skipped, not done."""
    if decision.next_step is not None and step.id == decision.next_step.id:
        return "now"
    if step == decision.waits_at:
        return "waiting"
    if step.kind == StepKind.ENTER or subject.user_id is None or shortfall(subject, rules, step, now=now):
        return "todo"
    if step.kind in DECLINABLE and last_choice(subject, rules.zone_id, step) != Choice.AGREED:
        return "skipped"
    if step.kind in (StepKind.PROFILE, StepKind.SURVEY) and not_asked(subject, rules, step):
        return "skipped"
    return "done"


def _questions(steps: tuple[StepRule, ...], *, asks_bound: bool) -> dict[int, Questions]:
    """By step id. One query."""
    wanted = {
        step.version_id: step.id
        for step in steps
        if step.kind in (StepKind.PROFILE, StepKind.SURVEY) and step.version_id is not None
    }
    versions = list(QuestionnaireVersion.objects.filter(pk__in=list(wanted)))
    offered = suggestions(item["kind"] for row in versions for item in row.questions)
    return {
        wanted[row.pk]: questions_view(
            row.questions,
            version_id=row.pk,
            title=row.title,
            introduction=row.introduction,
            asks_bound=asks_bound,
            offered=offered,
        )
        for row in versions
    }


def questions_view(
    questions: list[dict[str, Any]],
    *,
    version_id: int,
    title: str,
    introduction: str,
    asks_bound: bool,
    offered: dict[str, tuple[str, ...]] | None = None,
) -> Questions:
    """Frozen questions as one person is asked them. `offered`: suggestions by kind, if they are known."""
    asked = [item for item in questions if asks_bound or not item["consent_bound"]]
    offered = offered if offered is not None else suggestions(item["kind"] for item in asked)
    shown = tuple(_question(item, offered.get(item["kind"], ())) for item in asked)
    return Questions(version_id, title, introduction, shown)


def _question(item: dict[str, Any], offered: tuple[str, ...]) -> QuestionView:
    names = ("key", "kind", "text", "hint", "required")
    return QuestionView(
        **{name: item[name] for name in names},
        choices=tuple(item["choices"]),
        condition=condition_of(item),
        suggestions=offered,
        minimum=item.get("minimum"),
        maximum=item.get("maximum"),
        whole_number=item.get("whole_number", False),
    )
