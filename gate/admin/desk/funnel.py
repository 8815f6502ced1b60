"""Counts the readers who took each step of each zone's gate, from their records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.audiences import Audience
from cms.models import ZonePage
from gate.admin.desk.figures import Scope
from gate.decision.step_kinds import families, kind_of, kinds
from gate.models import Admission, GateStep

ADMITTED = "admitted"


def labels() -> dict[str, str | Promise]:
    """The label of each stage, in the usual order of a gate; a zone's own order goes first."""
    stages = {stage: label for kind in kinds() for stage, label in kind.stages.items()}
    return stages | {ADMITTED: _("Admitted")}


@dataclass(frozen=True, slots=True)
class ZoneFunnel:
    """`stages`: (label, distinct users in the period), in the zone's order of steps, admission last."""

    zone: ZonePage
    stages: tuple[tuple[str, int], ...]

    @property
    def is_empty(self) -> bool:
        return not any(number for _label, number in self.stages)


def funnels(scope: Scope, zones: Collection[ZonePage]) -> list[ZoneFunnel]:
    """One for each of `zones`, in their order. Six queries, however many zones.

    A step counts in the zone where it was taken: a reader who was verified through another zone is admitted
    here without a submission in this zone.
    """
    counted = _counted(scope)
    asked: dict[int, list[str]] = defaultdict(list)
    steps = GateStep.objects.filter(gate__in=[zone.pk for zone in zones]).order_by("sort_order", "pk")
    for zone_id, kind in steps.values_list("gate_id", "kind"):
        asked[zone_id].append(kind)
    return [_funnel(zone, asked[zone.pk], counted[zone.pk]) for zone in zones]


def _funnel(zone: ZonePage, codes: list[str], people: dict[str, int]) -> ZoneFunnel:
    implied = [kind.code for kind in kinds() if kind.implied_at(Audience(zone.audience))]
    asked = [stage for code in [*codes, *implied] for stage in kind_of(code).stages]
    names = labels()
    # A step that is no longer asked for may still have been taken in the period.
    former = [stage for stage in names if stage != ADMITTED and people.get(stage)]
    order = [*dict.fromkeys([*asked, *former]), ADMITTED]
    return ZoneFunnel(zone, tuple((str(names[stage]), people.get(stage, 0)) for stage in order))


def _counted(scope: Scope) -> dict[int, dict[str, int]]:
    """zone id → stage → number of readers."""
    counted: dict[int, dict[str, int]] = defaultdict(dict)
    for kind in families():
        for zone_id, stage, people in kind.counted(scope.within):
            counted[zone_id][stage] = people
    for zone_id, people in _admissions(scope):
        counted[zone_id][ADMITTED] = people
    return counted


def _admissions(scope: Scope) -> list[tuple[int, int]]:
    rows = Admission.objects.filter(scope.within("granted_at")).order_by()
    return list(rows.values_list("zone_id").annotate(people=Count("user_id", distinct=True)))
