"""Kinds of step that are a decision on an agreement's text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.db.models import Case, CharField, Count, Q, Value, When
from django.utils.translation import gettext_lazy as _

from gate.consent.decisions import append_decision
from gate.consent.diff import comparison_of
from gate.consent.shown_texts import agreement_texts
from gate.decision.facts import ConsentDecision, ConsentFact, Reason, StepRule, Subject, ZoneRules
from gate.decision.policy import last_decided, standing
from gate.decision.step_kinds import Body, Shown, StepAnswer, StepKind, Written, kinds
from gate.errors import AlreadyDecided, InvalidConsentDecision, StaleVersion
from gate.models import Agreement, ConsentRecord

if TYPE_CHECKING:
    from django.utils.functional import Promise

    from gate.steps.turns import Turn


class TextStep(StepKind):
    """A text to decide on. `offered`: possible decisions; `counting`: which of them count in the funnel."""

    family = "text"
    body = Body.DECISION
    offered: ClassVar[frozenset[ConsentDecision]]
    counting: ClassVar[frozenset[ConsentDecision]]

    def shown(self, steps: Sequence[StepRule], subject: Subject, rules: ZoneRules) -> Mapping[int, Shown]:
        """The texts in force, each with the last decision on it. One query."""
        texts = agreement_texts(steps, subject, rules.zone_id)
        return {
            step.id: Shown(last_decided(subject, rules.zone_id, step), texts[step.id])
            for step in steps
            if step.id in texts
        }

    def in_order(self, answer: StepAnswer) -> bool:
        """As easy as agreeing: a consent can be withdrawn although a step before it is open again."""
        return answer.decision != ConsentDecision.WITHDRAWN

    def take(self, turn: Turn, answer: StepAnswer) -> Written:
        """Append the decision. StaleVersion, InvalidChoice, AlreadyDecided.

        A withdrawal needs no version: it is of what was agreed to.
        """
        decided, version_id = self._checked(turn, answer.decision), answer.version_id
        if decided == ConsentDecision.WITHDRAWN:
            given = standing(turn.subject, turn.zone_id, turn.step.subject_id or 0)
            if given is None:
                raise AlreadyDecided(next_step=turn.next_step)
            version_id = given.version_id
        elif version_id is None or version_id != turn.step.version_id:
            changes = comparison_of(turn.step.subject_id, version_id, turn.step.version_id)
            raise StaleVersion(turn.step.version_id, turn.step, changes=changes)
        record = append_decision(
            user=turn.user,
            zone_id=turn.zone_id,
            version_id=version_id,
            agreement_kind=turn.step.subject_kind,
            decided=decided,
            surface=answer.surface,
            context=answer.context,
        )
        return Written(record, self._after(turn, decided, version_id))

    def counted(self, within: Callable[..., Q]) -> Iterable[tuple[int, str, int]]:
        """Readers with a decision that counts. One query for all kinds of text."""
        own = [kind for kind in kinds() if isinstance(kind, TextStep)]
        agreement, decision = "version__agreement__kind__in", "decision__in"
        counts = Q()
        for kind in own:
            counts |= Q(**{agreement: kind.texts, decision: kind.counting})
        stage = Case(
            *(When(**{agreement: kind.texts}, then=Value(kind.code)) for kind in own),
            output_field=CharField(),
        )
        decided = ConsentRecord.objects.filter(within("decided_at"), counts, zone__isnull=False)
        rows = decided.annotate(stage=stage).order_by().values_list("zone_id", "stage")
        return list(rows.annotate(people=Count("user_id", distinct=True)))

    def _checked(self, turn: Turn, decision: str) -> ConsentDecision:
        """The choice, if the step offers it and it changes something."""
        if decision not in [decided.value for decided in self.offered]:
            offered = [decided.value for decided in ConsentDecision if decided in self.offered]
            raise InvalidConsentDecision(turn.next_step, offered=offered)
        decided = ConsentDecision(decision)
        last = last_decided(turn.subject, turn.zone_id, turn.step)
        # Agreement ends by withdrawal only: a second window that refuses comes too late.
        if decided != ConsentDecision.WITHDRAWN and last in (decided, ConsentDecision.AGREED):
            raise AlreadyDecided(next_step=turn.next_step)
        return decided

    def _after(self, turn: Turn, decided: ConsentDecision, version_id: int) -> Subject:
        """The user's facts with the decision."""
        fact = ConsentFact(turn.zone_id, turn.step.subject_id or 0, version_id, decided)
        return replace(turn.subject, consents=(*turn.subject.consents, fact))


class AgreementStep(TextStep):
    """The identity agreement: only agreeing completes it."""

    code, template = "agreement", "agreement"
    title = _("Identity agreement")
    texts = frozenset({Agreement.Kind.IDENTITY})
    offered = frozenset({ConsentDecision.AGREED, ConsentDecision.REFUSED, ConsentDecision.WITHDRAWN})
    counting = frozenset({ConsentDecision.AGREED})
    stages: ClassVar[Mapping[str, str | Promise]] = {code: _("Agreed to the identity agreement")}

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """The reason that the last valid decision leaves open."""
        match last_decided(subject, zone.zone_id, step):
            case ConsentDecision.AGREED:
                return None
            case ConsentDecision.REFUSED | ConsentDecision.SKIPPED:
                return Reason.REFUSED
            case ConsentDecision.WITHDRAWN:
                return Reason.WITHDRAWN
            case _:
                return Reason.AGREEMENT_REQUIRED


class DeclinableStep(TextStep):
    """Any decision completes it: declining or withdrawing closes only what depends on the consent."""

    offered = frozenset({ConsentDecision.AGREED, ConsentDecision.SKIPPED, ConsentDecision.WITHDRAWN})
    counting = frozenset({ConsentDecision.AGREED, ConsentDecision.REFUSED, ConsentDecision.SKIPPED})

    def shortfall(self, subject: Subject, zone: ZoneRules, step: StepRule, *, now: datetime) -> Reason | None:
        """Whether a decision that counts is on record."""
        decided = last_decided(subject, zone.zone_id, step) is not None
        return None if decided else Reason.CONSENT_REQUIRED

    def skipped(self, subject: Subject, rules: ZoneRules, step: StepRule) -> bool:
        """Declined or withdrawn."""
        return last_decided(subject, rules.zone_id, step) != ConsentDecision.AGREED


class ConsentStep(DeclinableStep):
    """The informed consent, on which questions may depend."""

    code, template = "consent", "consent"
    title = _("Informed consent")
    texts = frozenset({Agreement.Kind.CONSENT})
    gives_consent = True
    stages: ClassVar[Mapping[str, str | Promise]] = {code: _("Informed consent decided")}

    def _after(self, turn: Turn, decided: ConsentDecision, version_id: int) -> Subject:
        """A withdrawal has deleted the answers that depended on it (gate.consent.decisions)."""
        after = super()._after(turn, decided, version_id)
        if decided != ConsentDecision.WITHDRAWN:
            return after
        answers = (
            replace(fact, with_consent=False) if fact.zone_id == turn.zone_id else fact
            for fact in after.answers
        )
        return replace(after, answers=tuple(answers))


class SeparateConsentStep(DeclinableStep):
    """A consent that PIPL requires separately.

    Agreement.Kind.SENSITIVE is not among its texts: every verification asks for that by itself, for the
    whole site.
    """

    code, template = "separate_consent", "separate_consent"
    title = _("Separate consent")
    texts = frozenset({Agreement.Kind.PUBLICATION, Agreement.Kind.SHARING, Agreement.Kind.CROSS_BORDER})
    stages: ClassVar[Mapping[str, str | Promise]] = {code: _("Separate consent decided")}
