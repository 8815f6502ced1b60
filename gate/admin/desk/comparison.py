"""Compares a case with similar cases of other accounts: what was stated, never a credential."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from gate.admin.desk.labels import label_of
from gate.models import User, Verification
from gate.people.reviewing import reviewable_cases
from gate.verification.duplicates import Alike, compared, requests_alike
from gate.verification.status import INPUT_FIELDS

DUPLICATES_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Row:
    """One field of both cases."""

    label: str
    here: str
    there: str

    @property
    def same(self) -> bool:
        return self.here == self.there


@dataclass(frozen=True, slots=True)
class Comparison:
    """One similar case. Outside the reviewer's zones only in what it is similar: no rows, no `url`."""

    alike: Alike
    state: str
    rows: list[Row]
    url: str


def comparisons_of(case: Verification, viewer: User) -> list[Comparison]:
    """The latest of them, at most DUPLICATES_SHOWN."""
    others = list(requests_alike(case)[:DUPLICATES_SHOWN])
    seen = reviewable_cases(viewer).filter(pk__in=[other.pk for other in others])
    openable = set(seen.values_list("pk", flat=True))
    return [_compare(case, alike, alike.case.pk in openable) for alike in compared(case, others)]


def _compare(case: Verification, alike: Alike, openable: bool) -> Comparison:
    if not openable:
        return Comparison(alike, state="", rows=[], url="")
    return Comparison(
        alike,
        state=str(alike.case.get_state_display()),
        rows=[Row(label_of(name), _shown(case, name), _shown(alike.case, name)) for name in INPUT_FIELDS],
        url=reverse("gate_desk:case", args=[alike.case.uuid]),
    )


def _shown(case: Verification, name: str) -> str:
    return str(case.get_profession_display() if name == "profession" else getattr(case, name))
