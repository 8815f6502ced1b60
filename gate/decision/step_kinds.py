"""Kinds of steps: their base class, which policy, state, screens, API and funnel use, and the registry.

The classes are in the packages of their subjects, where they write. gate.apps registers one object of each.
docs/howto/add-a-step.md explains how to add one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from cms.audiences import Audience
from gate.decision.facts import ConsentDecision, Reason, StepRule, Subject, ZoneRules

if TYPE_CHECKING:
    from django.db.models import Q
    from django.utils.functional import Promise

    from gate.steps.turns import Turn


class Body(StrEnum):
    """The content that a step takes. The API has a strict body for each, the reader site a form."""

    DECISION = "decision"
    """A `decision` on the `version` of a text that was shown."""
    ANSWERS = "answers"
    """`answers` by question key, to the `version` of the questions that were shown."""
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class StepAnswer:
    """The content as it was sent, parsed and not checked. `context`: address and user agent."""

    version_id: int | None = None
    decision: str = ""
    answers: Mapping[str, Any] = field(default_factory=dict)
    surface: str = ""
    context: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """The record of a step that was taken, and the user's facts with it: as if loaded again."""

    record: Any
    subject: Subject


@dataclass(frozen=True, slots=True)
class Shown:
    """The data for the screen of a step: a text with the last decision on it, or questions."""

    decided: ConsentDecision | None = None
    agreement: Any = None  # gate.consent.shown_texts.AgreementText
    questionnaire: Any = None  # gate.questions.views.Questions


class StepKind(ABC):
    """One kind of step. `code` is what GateStep.kind stores and the API shows.

    `template`: the screen, frontend_templates/gate/<template>.html. `texts`, `questionnaires`: the kinds of
    agreement or questionnaire, one of which a step of this kind refers to. `family`: kinds of one family are
    shown and counted together, by the methods of the first.
    """

    code: ClassVar[str]
    title: ClassVar[str | Promise]
    template: ClassVar[str]
    family: ClassVar[str] = ""
    body: ClassVar[Body | None] = Body.NOTHING
    """None: the step is taken at an address of its own (`address`).

    Then `elsewhere` and `elsewhere_here` are the sentences for API clients (with %(address)s) and for the
    reader site.
    """
    elsewhere: ClassVar[str | Promise] = ""
    elsewhere_here: ClassVar[str | Promise] = ""
    texts: ClassVar[frozenset[str]] = frozenset()
    questionnaires: ClassVar[frozenset[str]] = frozenset()
    gives_consent: ClassVar[bool] = False
    """Whether questions may require this step: the informed consent."""
    enters: ClassVar[bool] = False
    """Whether this is the step that remains when everything else is complete."""
    has_case: ClassVar[bool] = False
    """Whether staff review it, so that screens show the state of the user's verification (`case`)."""
    implied_id: ClassVar[int | None] = None
    """The step's id where no row of a zone asks for it."""
    stages: ClassVar[Mapping[str, str | Promise]] = {}
    """Its stages in the funnel of the desk's dashboard, with labels, in order."""

    # --- the policy -------------------------------------------------------------------------------------
    @abstractmethod
    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """The reason that `step` leaves open, or None when it is satisfied. Pure."""

    def asked_at(self, audience: Audience) -> bool:
        """Whether a configured step of this kind is required for `audience`."""
        return True

    def implied_at(self, audience: Audience) -> bool:
        """Whether `audience` requires it where the zone does not."""
        return False

    def waits(self, subject: Subject, reason: Reason) -> bool:
        """Whether staff, not the user, are at a step that lacks `reason`."""
        return False

    def counts_until(self, subject: Subject, now: datetime) -> datetime | None:
        """When a satisfied step ends by itself, and the admission with it; None: it does not."""
        return None

    def implied_step(self) -> StepRule:
        """The step where no row asks for it."""
        if self.implied_id is None:
            raise ValueError(f"no zone implies a step of kind {self.code}")
        return StepRule(id=self.implied_id, kind=self.code)

    # --- configuring ------------------------------------------------------------------------------------
    def problems(self) -> Mapping[str, str]:
        """Reasons why no zone may use this step now, by field of GateStep."""
        return {}

    def text_screen(self, agreement_kind: str) -> str | None:
        """The template that shows a text of that kind, where this kind of step asks for it."""
        return self.template if agreement_kind in self.texts else None

    # --- showing ----------------------------------------------------------------------------------------
    def minutes(self, step: StepRule) -> int:
        """The estimated time for a reader."""
        return step.minutes

    def message(self, reason: Reason) -> str | Promise | None:
        """The sentence for the user who can take the step now; None: the usual one of `reason`."""
        return None

    def address(self, *, asked: bool) -> str | None:
        """The address after /api/v1; None: the zone's own address of the step.

        `asked`: a reviewer waits for an answer.
        """
        return None

    def shown(self, steps: Sequence[StepRule], subject: Subject, rules: ZoneRules) -> Mapping[int, Shown]:
        """By step id, for all steps of the family. A constant number of queries."""
        return {}

    def skipped(self, subject: Subject, rules: ZoneRules, step: StepRule) -> bool:
        """Whether a satisfied step was declined or must not be asked."""
        return False

    def case(self, user: Any, *, now: datetime, cases: Sequence[Any] | None = None) -> Any:
        """The user's verification (gate.verification.status.CaseStatus), with `has_case`.

        `cases`: their verifications, oldest first, if they are loaded already.
        """
        return None

    # --- taking -----------------------------------------------------------------------------------------
    def in_order(self, answer: StepAnswer) -> bool:
        """Whether the steps before it must be complete. A withdrawal waits for none."""
        return True

    def load(self, step: StepRule) -> Any:
        """The version that the answer is to, passed on as Turn.version; at most one query."""
        return None

    def take(self, turn: Turn, answer: StepAnswer) -> Written:
        """Check the answer under the user's lock and append its record, or raise a GateError."""
        raise NotImplementedError(f"steps of kind {self.code} are taken elsewhere")

    # --- counting ---------------------------------------------------------------------------------------
    def counted(self, within: Callable[..., Q]) -> Iterable[tuple[int, str, int]]:
        """(zone id, stage, users) of the whole family, a constant number of queries.

        `within(field, zone=…)` limits rows to the period and the zones of the figures.
        """
        return ()


_KINDS: dict[str, StepKind] = {}


def register(*kinds: StepKind) -> None:
    """Add kinds, in the usual order of a gate. A second one with the same code replaces the first."""
    _KINDS.update({kind.code: kind for kind in kinds})


def unregister(code: str) -> None:
    """Remove a kind; for tests that register one of their own."""
    del _KINDS[code]


def kinds() -> tuple[StepKind, ...]:
    """Every kind, in the usual order of a gate."""
    return tuple(_KINDS.values())


def kind_of(step: StepRule | str) -> StepKind:
    """The kind of a step, or of a code. KeyError for an unknown one: the gate denies."""
    return _KINDS[step if isinstance(step, str) else step.kind]


def entering() -> StepKind:
    """The kind that remains when everything else is complete."""
    return next(kind for kind in kinds() if kind.enters)


def by_family(steps: Iterable[StepRule]) -> dict[StepKind, list[StepRule]]:
    """The steps, grouped under the first kind of their family."""
    first: dict[str, StepKind] = {}
    groups: dict[StepKind, list[StepRule]] = defaultdict(list)
    for step in steps:
        kind = kind_of(step)
        groups[first.setdefault(kind.family or kind.code, kind)].append(step)
    return groups


def families() -> list[StepKind]:
    """The first kind of each family."""
    return list({kind.family or kind.code: kind for kind in reversed(kinds())}.values())[::-1]
