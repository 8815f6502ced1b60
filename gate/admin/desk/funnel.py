"""How many people took each step of each zone's gate, from the records they left."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Case, Count, Q, Value, When
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.audiences import Audience
from cms.models import ZonePage
from gate.admin.desk.figures import APPROVED, Scope
from gate.decision.facts import Choice, StepKind
from gate.models import (
    Admission,
    Agreement,
    AnswerSet,
    ConsentRecord,
    GateStep,
    Verification,
    VerificationEvent,
)

SUBMITTED, ADMITTED = "submitted", "admitted"
# In the usual order of a gate; a zone's own order goes first.
LABELS: dict[str, str | Promise] = {
    StepKind.AGREEMENT: _("Agreed to the identity agreement"),
    StepKind.CONSENT: _("Informed consent decided"),
    StepKind.SEPARATE_CONSENT: _("Separate consent decided"),
    StepKind.PROFILE: _("Profile filled in"),
    StepKind.SURVEY: _("Survey answered"),
    SUBMITTED: _("Verification handed in"),
    APPROVED: _("Verification approved"),
    ADMITTED: _("Admitted"),
}


@dataclass(frozen=True, slots=True)
class ZoneFunnel:
    """`stages`: (label, distinct people in the period), in the zone's order of steps, admission last."""

    zone: ZonePage
    stages: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        return not any(number for _label, number in self.stages)


def funnels(scope: Scope, zones: Collection[ZonePage]) -> list[ZoneFunnel]:
    """One for each of `zones`, in their order. Six queries, however many zones.

    A step counts in the zone where it was taken: whoever was verified through another zone is admitted here
    without having handed in anything here.
    """
    counted = _counted(scope)
    asked: dict[int, list[str]] = defaultdict(list)
    steps = GateStep.objects.filter(gate__in=[zone.pk for zone in zones]).order_by("sort_order", "pk")
    for zone_id, kind in steps.values_list("gate_id", "kind"):
        asked[zone_id].append(kind)
    return [_funnel(zone, asked[zone.pk], counted[zone.pk]) for zone in zones]


def _funnel(zone: ZonePage, kinds: list[str], people: dict[str, int]) -> ZoneFunnel:
    own = [*kinds, StepKind.VERIFICATION] if zone.audience == Audience.HCP else kinds
    asked = [stage for kind in own for stage in _stages_of(kind)]
    # A step that is no longer asked for may still have been taken in the period.
    former = [stage for stage in LABELS if stage != ADMITTED and people.get(stage)]
    order = [*dict.fromkeys([*asked, *former]), ADMITTED]
    return ZoneFunnel(zone, tuple((str(LABELS[stage]), people.get(stage, 0)) for stage in order))


def _stages_of(kind: str) -> tuple[str, ...]:
    return (SUBMITTED, APPROVED) if kind == StepKind.VERIFICATION else (kind,)


def _counted(scope: Scope) -> dict[int, dict[str, int]]:
    """zone id → stage → people."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for rows in (_texts(scope), _answers(scope), _cases(scope), _approvals(scope), _admissions(scope)):
        for zone_id, stage, people in rows:
            counted[zone_id][stage] = people
    return counted


def _texts(scope: Scope) -> list[tuple[int, str, int]]:
    """An agreement counts when it was agreed to, a consent when it was decided either way."""
    kind = "version__agreement__kind"
    identity = Q(**{kind: Agreement.Kind.IDENTITY})
    counts = (identity & Q(decision=Choice.AGREED)) | (~identity & ~Q(decision=Choice.WITHDRAWN))
    stage = Case(
        When(identity, then=Value(str(StepKind.AGREEMENT))),
        When(**{kind: Agreement.Kind.CONSENT}, then=Value(str(StepKind.CONSENT))),
        default=Value(str(StepKind.SEPARATE_CONSENT)),
    )
    decided = ConsentRecord.objects.filter(scope.within("decided_at"), counts, zone__isnull=False)
    rows = decided.annotate(stage=stage)
    return list(rows.order_by().values_list("zone_id", "stage").annotate(n=Count("user_id", distinct=True)))


def _answers(scope: Scope) -> list[tuple[int, str, int]]:
    rows = AnswerSet.objects.filter(scope.within("submitted_at"), corrects=None).order_by()
    by_kind = rows.values_list("zone_id", "version__questionnaire__kind")
    return list(by_kind.annotate(n=Count("user_id", distinct=True)))


def _cases(scope: Scope) -> list[tuple[int, str, int]]:
    rows = Verification.objects.filter(scope.within("submitted_at"), zone__isnull=False).order_by()
    people = rows.values_list("zone_id").annotate(n=Count("user_id", distinct=True))
    return [(zone_id, SUBMITTED, n) for zone_id, n in people]


def _approvals(scope: Scope) -> list[tuple[int, str, int]]:
    zone = "verification__zone_id"
    rows = VerificationEvent.objects.filter(scope.within("at", zone=zone), action=APPROVED)
    counted = rows.filter(verification__zone__isnull=False).order_by().values_list(zone)
    people = counted.annotate(n=Count("verification__user_id", distinct=True))
    return [(zone_id, APPROVED, n) for zone_id, n in people]


def _admissions(scope: Scope) -> list[tuple[int, str, int]]:
    rows = Admission.objects.filter(scope.within("granted_at")).order_by()
    people = rows.values_list("zone_id").annotate(n=Count("user_id", distinct=True))
    return [(zone_id, ADMITTED, n) for zone_id, n in people]
