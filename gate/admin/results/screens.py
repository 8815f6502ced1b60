"""The admin's screens of answers: the questionnaires, one of them in charts, and its export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import TemplateView, View
from wagtail.admin.ui.tables import Column, Table, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from cms.models import ZonePage
from gate.admin.results.summaries import summaries
from gate.models import Questionnaire, QuestionnaireVersion
from gate.questions.results.access import zones_with_results
from gate.questions.results.exports import FORMATS, export_answers
from gate.questions.results.selection import Selection, questions_of

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ResultsFilter(forms.Form):
    """The zone and the version; empty means all that this user may see."""

    zone = forms.ModelChoiceField(
        queryset=ZonePage.objects.none(),
        required=False,
        label=gettext_lazy("Zone"),
        empty_label=gettext_lazy("All zones"),
    )
    version = forms.ModelChoiceField(
        queryset=QuestionnaireVersion.objects.none(),
        required=False,
        label=gettext_lazy("Version"),
        empty_label=gettext_lazy("All versions"),
    )

    def __init__(
        self, *args: Any, zones: QuerySet[ZonePage], questionnaire: Questionnaire, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].queryset = zones  # type: ignore[attr-defined]
        self.fields["version"].queryset = questionnaire.versions.order_by("-number")  # type: ignore[attr-defined]


class WithResults:
    """Mixin of every view: only for users with a zone whose answers they may see; nothing is cached."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.zones.exists():
            raise PermissionDenied
        response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        patch_cache_control(response, private=True, no_store=True)
        return response

    @cached_property
    def zones(self) -> QuerySet[ZonePage]:
        return zones_with_results(self.request.user)

    def questionnaires(self) -> QuerySet[Questionnaire]:
        """The questionnaires that are or were asked in these zones."""
        ids = list(self.zones.values_list("pk", flat=True))
        meant = Q(steps__gate__in=ids) | Q(versions__answer_sets__zone__in=ids)
        return Questionnaire.objects.filter(meant).distinct()

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return get_object_or_404(self.questionnaires(), pk=self.kwargs["pk"])

    def selection(self, form: ResultsFilter) -> Selection:
        zone = form.cleaned_data["zone"]
        chosen = [zone.pk] if zone else self.zones.values_list("pk", flat=True)
        return Selection(self.questionnaire, frozenset(chosen), form.cleaned_data["version"])

    def filter_form(self, data: Any) -> ResultsFilter:
        return ResultsFilter(data, zones=self.zones, questionnaire=self.questionnaire)


class ResultsIndexView(WithResults, WagtailAdminTemplateMixin, TemplateView):
    """The questionnaires of one's zones, each with how many answered."""

    template_name = "gate/results/index.html"
    page_title = gettext_lazy("Answers")
    header_icon = "table"

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [*super().get_breadcrumbs_items(), {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ids = list(self.zones.values_list("pk", flat=True))
        rows = (
            Questionnaire.objects.filter(pk__in=self.questionnaires().values("pk"))
            .annotate(
                answers=Count(
                    "versions__answer_sets", filter=Q(versions__answer_sets__zone__in=ids), distinct=True
                )
            )
            .order_by("title")
        )
        columns = [
            TitleColumn("title", label=_("Questionnaire"), url_name="gate_results:questionnaire"),
            Column("kind", label=_("Kind"), accessor=lambda row: row.get_kind_display()),
            Column("answers", label=_("Submissions")),
        ]
        return super().get_context_data(**kwargs) | {"table": Table(columns, rows) if rows else None}


class ResultsView(WithResults, WagtailAdminTemplateMixin, TemplateView):
    """One questionnaire: filters, how many answered, a chart per question, the exports."""

    template_name = "gate/results/questionnaire.html"
    page_title = gettext_lazy("Answers")
    header_icon = "table"

    def get_page_subtitle(self) -> str:
        return self.questionnaire.title

    def get_breadcrumbs_items(self) -> list[dict[str, Any]]:
        return [
            *super().get_breadcrumbs_items(),
            {"url": reverse("gate_results:index"), "label": _("Answers")},
            {"url": "", "label": self.questionnaire.title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        form = self.filter_form(self.request.GET)
        if not form.is_valid():
            form = self.filter_form({})
            form.is_valid()
        selection = self.selection(form)
        rows = selection.latest_answers()
        return super().get_context_data(**kwargs) | {
            "filter": form,
            "people": len({row.user_id for row in rows}),
            "submissions": selection.answer_sets().count(),
            "summaries": summaries(questions_of(selection.versions()), rows),
            "formats": list(FORMATS),
            "export_url": reverse("gate_results:export", args=[self.questionnaire.pk]),
        }


class ExportView(WithResults, View):
    """POST only: each export is on record."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        form = self.filter_form(request.POST)
        wanted = request.POST.get("format", "")
        if wanted not in FORMATS or not form.is_valid():
            return HttpResponseBadRequest(_("This cannot be exported."))
        content = export_answers(selection=self.selection(form), form=wanted, by=request.user)  # type: ignore[arg-type]
        response = HttpResponse(content, content_type=MEDIA_TYPES[wanted])
        response["Content-Disposition"] = f'attachment; filename="answers-{pk}.{wanted}"'
        response["X-Content-Type-Options"] = "nosniff"
        return response
