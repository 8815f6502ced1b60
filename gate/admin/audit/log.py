"""The screen of the audit log: who, whom, what, when; searched, filtered, exported."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.views.mixins import SpreadsheetExportMixin

from gate.audit.export import HEADINGS, object_label, row_of, what_was_done
from gate.models import AuditEvent, User

VIEW, EXPORT = "gate.view_auditevent", "gate.export_auditevent"


Events = QuerySet[AuditEvent]


def people_named(text: str) -> QuerySet[User]:
    """Accounts whose address, name or number contains the text."""
    sought = Q(email__icontains=text) | Q(display_name__icontains=text)
    return User.objects.filter(sought | Q(uuid__istartswith=text)) if text else User.objects.none()


class AuditFilterSet(WagtailFilterSet):
    """Filters over AuditEvent; users are found by a part of their name or address."""

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


def _moment(row: AuditEvent) -> str:
    return f"{timezone.localtime(row.at):%Y-%m-%d %H:%M:%S}"


class AuditLogView(SpreadsheetExportMixin, BaseListingView):
    """Newest first. Reading takes one right, exporting another; an export leaves a row of its own."""

    model = AuditEvent
    template_name = "wagtailadmin/reports/base_report.html"
    results_template_name = "wagtailadmin/generic/listing_results.html"
    page_title = _("Audit log")
    header_icon = "history"
    index_url_name = "gate_audit:log"
    index_results_url_name = "gate_audit:log_results"
    verbose_name_plural = _("entries")
    filterset_class = AuditFilterSet
    is_searchable = True
    paginate_by = 50
    default_ordering = "-at"
    columns = [
        Column("at", label=_("When"), accessor=_moment, sort_key="at", width="14%"),
        Column("actor", label=_("Who"), accessor=lambda row: str(row.actor or _("the system"))),
        Column("action", label=_("What"), accessor=what_was_done, sort_key="action"),
        Column("subject", label=_("Whom"), accessor=lambda row: str(row.subject or "")),
        Column("target", label=_("Object"), accessor=lambda row: object_label(row.target)),
        Column("reason", label=_("Reason"), accessor=lambda row: row.reason_label),
    ]
    list_export = list(HEADINGS)
    export_headings = HEADINGS

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = request.user
        if not user.has_perm(VIEW) or (self.is_export and not user.has_perm(EXPORT)):
            raise PermissionDenied
        response: HttpResponseBase = super().dispatch(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    def get_base_queryset(self) -> QuerySet[AuditEvent]:
        """Without what staff did with the viewer's own verification: that is for others to read."""
        events = AuditEvent.objects.select_related("actor", "subject")
        of_a_case = Q(target__startswith="verification:") | Q(target__startswith="credential:")
        return events.exclude(of_a_case, subject=self.request.user)

    def search_queryset(self, queryset: QuerySet[AuditEvent]) -> QuerySet[AuditEvent]:
        """A name or address of either side, an object such as "credential:12", or text of a reason."""
        if not self.is_searching:
            return queryset
        sought = self.search_query.strip()
        people = people_named(sought).values("pk")
        return queryset.filter(
            Q(actor__in=people)
            | Q(subject__in=people)
            | Q(target__iexact=sought)
            | Q(reason__icontains=sought)
        )

    @cached_property
    def show_export_buttons(self) -> bool:
        return bool(self.request.user.has_perm(EXPORT))

    def get_filename(self) -> str:
        return f"audit-log-{timezone.localdate().isoformat()}"

    def render_to_response(self, context: dict[str, Any], **kwargs: Any) -> HttpResponseBase:
        if not self.is_export:
            response: HttpResponseBase = super().render_to_response(context, **kwargs)
            return response
        rows = context["object_list"]
        AuditEvent.record(
            AuditEvent.Action.AUDIT_EXPORTED,
            self.request.user,
            target="auditevent",
            rows=rows.count(),
            format=self.request.GET["export"],
        )
        return self.as_spreadsheet(rows, self.request.GET["export"])

    def to_row_dict(self, item: AuditEvent) -> dict[str, Any]:
        return row_of(item)
