"""Finding rows of the audit log: who, whom, what, when."""

from __future__ import annotations

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet

from gate.models import AuditEvent, User

Events = QuerySet[AuditEvent]


def people_named(text: str) -> QuerySet[User]:
    """Accounts whose address, name or number contains the text."""
    sought = Q(email__icontains=text) | Q(display_name__icontains=text)
    return User.objects.filter(sought | Q(uuid__istartswith=text)) if text else User.objects.none()


class AuditFilterSet(WagtailFilterSet):
    """Filters over AuditEvent; people are found by a part of their name or address."""

    actor = django_filters.CharFilter(label=_("Who"), method="filter_actor")
    subject = django_filters.CharFilter(label=_("Whom"), method="filter_subject")
    action = django_filters.MultipleChoiceFilter(label=_("What"), choices=AuditEvent.Action.choices)
    at = django_filters.DateFromToRangeFilter(label=_("When"), widget=DateRangePickerWidget)

    class Meta:
        model = AuditEvent
        fields: list[str] = []

    def filter_actor(self, queryset: Events, name: str, value: str) -> Events:
        return queryset.filter(actor__in=people_named(value.strip()))

    def filter_subject(self, queryset: Events, name: str, value: str) -> Events:
        return queryset.filter(subject__in=people_named(value.strip()))
