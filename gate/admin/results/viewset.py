"""The answers' addresses below /admin/ and their entry in the menu."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import path, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem
from wagtail.admin.viewsets.base import ViewSet

from gate.admin.results import screens
from gate.questions.results.access import may_see_results


class ResultsMenuItem(MenuItem):
    """Shown to users who may see any answers."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_results(request.user)


class ResultsViewSet(ViewSet):
    name = "gate_results"
    url_prefix = "gate/answers"
    icon = "table"
    menu_label = _("Answers")
    menu_item_class = ResultsMenuItem

    @cached_property
    def menu_url(self) -> Any:
        return reverse_lazy("gate_results:index")

    def get_urlpatterns(self) -> list[Any]:
        return [
            path("", screens.ResultsIndexView.as_view(), name="index"),
            path("<int:pk>/", screens.ResultsView.as_view(), name="questionnaire"),
            path("<int:pk>/export/", screens.ExportView.as_view(), name="export"),
        ]
