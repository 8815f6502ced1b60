"""The queue of cases, the longest waiting first."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import TitleColumn
from wagtail.admin.views.generic.base import BaseListingView
from wagtail.admin.widgets.button import BaseButton, HeaderButton

from gate.admin.desk.access import ReviewerRequired
from gate.admin.desk.cases import overdue_for, queue_of
from gate.admin.desk.columns import (
    ChooseColumn,
    FlagsColumn,
    QueueTable,
    StackedColumn,
    WaitingColumn,
    licence_suffix,
)
from gate.admin.desk.filters import QueueFilterSet
from gate.admin.desk.skipping import forget_skipped
from gate.models import AuditEvent, Verification
from gate.sealing import keyed_hash

# Fewer characters would match half the register.
SHORTEST_LICENCE_SUFFIX = 3


class QueueView(ReviewerRequired, BaseListingView):
    """A table without any credential. Search takes a part of a name or the end of a licence number."""

    template_name = "gate/desk/queue.html"
    results_template_name = "gate/desk/queue_results.html"
    page_title = _("Review desk")
    header_icon = "clipboard-list"
    index_url_name = "gate_desk:queue"
    index_results_url_name = "gate_desk:queue_results"
    verbose_name_plural = _("cases")
    table_class = QueueTable
    filterset_class = QueueFilterSet
    is_searchable = True
    paginate_by = 20
    default_ordering = "since"
    columns = [
        ChooseColumn("choose", label=_("Take"), width="4%"),
        WaitingColumn("waiting", label=_("Waiting"), sort_key="since", width="14%"),
        TitleColumn(
            "full_name",
            label=_("Full name"),
            get_url=lambda case: reverse("gate_desk:case", args=[case.uuid]),
            sort_key="full_name",
        ),
        StackedColumn(
            "get_profession_display",
            label=_("Profession"),
            below=lambda case: case.professional_title,
            classname="desk-col-profession",
        ),
        StackedColumn(
            "institution", label=_("Institution"), below=lambda case: case.department, sort_key="institution"
        ),
        StackedColumn(
            "licence",
            label=_("Licence number"),
            accessor=licence_suffix,
            below=lambda case: case.zone.title if case.zone else "",
            classname="desk-licence",
        ),
        FlagsColumn("flags", label=_("Notes")),
    ]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        forget_skipped(request)
        if self.is_searching:
            # Not the search text: a name or a licence number. Its hash shows whether a known one was
            # searched for.
            sought = keyed_hash(self.search_query.strip().lower(), purpose="search")
            AuditEvent.record(
                AuditEvent.Action.PEOPLE_SEARCHED, self.reviewer, target="verification", sought=sought
            )
        return super().get(request, *args, **kwargs)

    def get_header_buttons(self) -> list[BaseButton]:
        figures = HeaderButton(_("Figures"), reverse("gate_desk:dashboard"), icon_name="table")
        return [*super().get_header_buttons(), figures]

    def get_base_queryset(self) -> QuerySet[Verification]:
        return queue_of(self.reviewer)

    def search_queryset(self, queryset: QuerySet[Verification]) -> QuerySet[Verification]:
        if not self.is_searching:
            return queryset
        sought = self.search_query.strip()
        found = Q(full_name__icontains=sought)
        if len(sought) >= SHORTEST_LICENCE_SUFFIX:
            found |= Q(licence_number__iendswith=sought)
        return queryset.filter(found)

    @cached_property
    def is_filtering(self) -> bool:
        # The filter set has no value for "waiting": any value means something was chosen.
        return bool(self.filters and self.filters.is_valid() and self.filters.form.has_changed())

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **kwargs) | {"overdue": overdue_for(self.reviewer).count()}
