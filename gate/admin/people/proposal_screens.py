"""Screens in which a second administrator confirms rights on credentials: the list, and a page for each."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic.base import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy

from gate.errors import GateError
from gate.models import ProposedGrant, User
from gate.people.giving import Giver
from gate.people.proposals import confirm, decline, why_not


class ProposalPolicy(ModelPermissionPolicy):
    """Seen by users who appoint or grant; nothing is added, changed or deleted by hand."""

    def user_has_permission(self, user: User, action: str) -> bool:
        if action != "view" or not isinstance(user, User):
            return False
        giver = Giver(user)
        return giver.appoints or giver.grants


def _moment(value: Any) -> str:
    return date_format(localtime(value), "SHORT_DATETIME_FORMAT")


class ProposalIndexView(generic.IndexView):
    """Open proposals first, then the rest by age."""

    any_permission_required = ["view"]
    page_title = gettext_lazy("Rights to be confirmed")

    def get_base_queryset(self) -> QuerySet[ProposedGrant]:
        rows: QuerySet[ProposedGrant] = super().get_base_queryset()
        return rows.select_related("user", "group", "gate__zone", "proposed_by", "decided_by")

    def get_add_url(self) -> None:
        return None

    def get_edit_url(self, instance: Any) -> str:
        return reverse("gate_proposals:decide", args=[instance.pk])

    def get_delete_url(self, instance: Any) -> None:
        return None


class DecideView(WagtailAdminTemplateMixin, TemplateView):
    """Who gets which right and why; confirmed by a second administrator, declined by any of them."""

    template_name = "gate/people/proposal.html"
    page_title = gettext_lazy("Right to be confirmed")
    header_icon = "key"
    http_method_names = ["get", "head", "post"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not ProposalPolicy(ProposedGrant).user_has_permission(self.by, "view"):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    @property
    def by(self) -> User:
        return cast("User", self.request.user)

    @cached_property
    def proposed(self) -> ProposedGrant:
        rows = ProposedGrant.objects.select_related("user", "group", "gate__zone", "proposed_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_page_subtitle(self) -> str:
        return self.proposed.holder

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("gate_proposals:index"), "label": _("Rights to be confirmed")},
            {"url": "", "label": self.proposed.holder},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        row = self.proposed
        rows = [
            (_("User or group"), row.holder),
            (_("Right"), row.what),
            (_("Reason"), row.reason),
            (_("Ends"), _moment(row.ends_at) if row.ends_at else _("until taken back")),
            (_("Proposed by"), str(row.proposed_by or "")),
            (_("Proposed"), _moment(row.proposed_at)),
            (_("Lapses"), _moment(row.lapses_at)),
            (_("State"), row.state_label),
        ]
        refusal = why_not(row, self.by) if row.is_open else ""
        return super().get_context_data(**kwargs) | {"row": row, "rows": rows, "refusal": refusal}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            if request.POST.get("decision") == "confirm":
                confirm(proposed=self.proposed, by=self.by)
                messages.success(request, _("The right is given. It holds from the next request."))
            else:
                decline(proposed=self.proposed, by=self.by)
                messages.success(request, _("The right is not given."))
        except GateError as refusal:
            messages.error(request, refusal.message)
            return redirect("gate_proposals:decide", self.proposed.pk)
        return redirect("gate_proposals:index")


class ProposalViewSet(ModelViewSet):
    model = ProposedGrant
    name = "gate_proposals"
    url_prefix = "gate/grants/proposed"
    icon = "key"
    menu_label = gettext_lazy("Rights to be confirmed")
    index_view_class = ProposalIndexView
    add_to_reference_index = False
    form_fields: list[str] = []
    copy_view_enabled = False
    list_display = [
        TitleColumn(
            "holder",
            label=gettext_lazy("User or group"),
            get_url=lambda row: reverse("gate_proposals:decide", args=[row.pk]),
        ),
        Column("what", label=gettext_lazy("Right")),
        Column("reason", label=gettext_lazy("Reason")),
        Column("proposed_by", label=gettext_lazy("Proposed by"), accessor=lambda row: row.proposed_by or ""),
        Column("lapses_at", label=gettext_lazy("Lapses"), accessor=lambda row: _moment(row.lapses_at)),
        Column("state_label", label=gettext_lazy("State")),
    ]

    def get_urlpatterns(self) -> list[Any]:
        """The list and the decision: rows are neither added, changed nor deleted by hand."""
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", DecideView.as_view(), name="decide"),
        ]
