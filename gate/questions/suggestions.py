"""Suggestions while a reader types an institution or a department."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count
from django.utils.translation import gettext as _

from gate.decision.facts import CaseState
from gate.models import Question, Verification

MOST = 100
# A name that fewer verified users gave could identify them, or be no name at all.
FEWEST_PEOPLE = 3


def suggestions(kinds: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names by kind of question, the most frequent first. At most two queries: two kinds have any."""
    offered = {}
    for kind in set(kinds):
        if kind == Question.Kind.INSTITUTION:
            offered[kind] = _verified("institution")
        elif kind == Question.Kind.DEPARTMENT:
            offered[kind] = tuple(dict.fromkeys([*_verified("department"), *_usual_departments()]))
    return offered


def _verified(field: str) -> tuple[str, ...]:
    approved = Verification.objects.filter(state=CaseState.APPROVED).exclude(**{field: ""})
    people = approved.values(field).annotate(people=Count("user", distinct=True))
    return tuple(
        people.filter(people__gte=FEWEST_PEOPLE)
        .order_by("-people", field)[:MOST]
        .values_list(field, flat=True)
    )


def _usual_departments() -> list[str]:
    return [
        _("Internal medicine"),
        _("Surgery"),
        _("Gastroenterology"),
        _("Cardiology"),
        _("Respiratory medicine"),
        _("Neurology"),
        _("Oncology"),
        _("Obstetrics and gynaecology"),
        _("Paediatrics"),
        _("Emergency medicine"),
        _("Intensive care"),
        _("Anaesthesiology"),
        _("Imaging"),
        _("Laboratory medicine"),
        _("Pathology"),
        _("Pharmacy"),
        _("Nursing"),
        _("General practice"),
    ]
