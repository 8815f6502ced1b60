"""The filters of the queue. Without a choice: everything that waits for a decision of this reviewer."""

from __future__ import annotations

from typing import Any, TypeAlias

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from cms.models import ZonePage
from gate.admin.desk.waiting import LONG_AFTER, OVERDUE_AFTER
from gate.models import DESK_STATES, OPEN_STATES, Profession, User, Verification
from gate.people.grants import Right, holds_everywhere, zones_with_right
from gate.people.reviewing import AWAITS_DECISION, REVIEW_EVERYWHERE, waiting_for

DECIDED_STATES = tuple(
    state
    for state in Verification.State
    if state.value not in OPEN_STATES and state != Verification.State.DRAFT
)


# Annotated with possible_duplicate, which the type of the model does not know.
Cases: TypeAlias = QuerySet[Any]


def zones_of(request: HttpRequest | None) -> QuerySet[ZonePage]:
    """The zones that the reviewer reviews, by title."""
    zones = ZonePage.objects.order_by("title")
    if request is None or not isinstance(request.user, User):
        return zones.none()
    if holds_everywhere(request.user, REVIEW_EVERYWHERE):
        return zones
    return zones.filter(pk__in=zones_with_right(request.user, Right.REVIEW))


class QueueFilterSet(WagtailFilterSet):
    """Filters over the queryset of `cases`, which annotates `possible_duplicate` and `since`."""

    state = django_filters.ChoiceFilter(
        label=_("State"),
        choices=[
            ("mine", _("With me")),
            ("second", _("For a second pair of eyes")),
            ("appeal", _("Appeals")),
            (Verification.State.NEEDS_ANSWER.value, Verification.State.NEEDS_ANSWER.label),
            ("decided", _("Decided")),
            *[(state.value, state.label) for state in DECIDED_STATES],
        ],
        empty_label=_("Waiting"),
        widget=forms.RadioSelect,
        method="filter_state",
    )
    zone = django_filters.ModelMultipleChoiceFilter(
        label=_("Zone"), queryset=zones_of, widget=forms.CheckboxSelectMultiple
    )
    waiting = django_filters.ChoiceFilter(
        label=_("Waiting time"),
        choices=[("long", _("More than a day")), ("overdue", _("More than three days"))],
        empty_label=_("Any"),
        widget=forms.RadioSelect,
        method="filter_waiting",
    )
    profession = django_filters.MultipleChoiceFilter(
        label=_("Profession"), choices=Profession.choices, widget=forms.CheckboxSelectMultiple
    )
    resubmitted = django_filters.ChoiceFilter(
        label=_("Resubmitted"),
        choices=[("yes", _("Resubmitted")), ("no", _("First request"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="filter_resubmitted",
    )
    duplicate = django_filters.ChoiceFilter(
        label=_("Possible duplicate"),
        choices=[("yes", _("Number or picture on another account"))],
        empty_label=_("All"),
        widget=forms.RadioSelect,
        method="filter_duplicate",
    )

    class Meta:
        model = Verification
        fields: list[str] = []

    def filter_queryset(self, queryset: Cases) -> Cases:
        """A method filter is not called without a value, and no value means waiting here."""
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(pk__in=waiting_for(self.request.user).values("pk"))
        return super().filter_queryset(queryset)

    def filter_state(self, queryset: Cases, name: str, value: str) -> Cases:
        if value == "mine":
            return queryset.filter(state=Verification.State.IN_REVIEW, reviewer=self.request.user)
        if value == "second":
            return queryset.filter(AWAITS_DECISION).exclude(proposal={})
        if value == "appeal":
            return queryset.filter(state__in=DESK_STATES, appealed_from__isnull=False)
        return queryset.filter(state__in=DECIDED_STATES if value == "decided" else [value])

    def filter_waiting(self, queryset: Cases, name: str, value: str) -> Cases:
        shortest = OVERDUE_AFTER if value == "overdue" else LONG_AFTER
        return queryset.filter(since__lte=timezone.now() - shortest)

    def filter_resubmitted(self, queryset: Cases, name: str, value: str) -> Cases:
        return queryset.filter(previous__isnull=value != "yes")

    def filter_duplicate(self, queryset: Cases, name: str, value: str) -> Cases:
        return queryset.filter(possible_duplicate=True)
