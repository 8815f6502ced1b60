"""Questionnaires in the admin: compose the draft, see it as readers will, publish it as a version."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.generic import View
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from gate.admin.configuring.instances import InstanceChecked
from gate.admin.configuring.publishing import PublishForm, PublishView
from gate.admin.configuring.question_forms import QuestionnaireForm, QuestionsPanel, question_panels
from gate.admin.configuring.texts import VersionedEditView, VersionedViewSet
from gate.models import Questionnaire, QuestionnaireVersion
from gate.questions.drafts import draft_problems, frozen_questions
from gate.questions.publish import publish_questionnaire
from gate.questions.results.access import may_see_results
from gate.questions.views import questions_view


class PublishQuestionnaireView(PublishView):
    """Problems that prevent publishing are shown before the button is pressed."""

    model = Questionnaire
    form_class = PublishForm
    permission = "gate.publish_questionnaire"
    template_name = "gate/configuring/publish_questionnaire.html"

    def publish(self, form: PublishForm) -> QuestionnaireVersion:
        return publish_questionnaire(questionnaire=self.object, by=self.publisher, **form.cleaned_data)

    def preview(self) -> SafeString:
        """Nothing: the template shows the reader's own page instead."""
        return SafeString()

    def columns(self) -> list[Column]:
        def address(version: QuestionnaireVersion) -> str:
            return reverse("gate_questionnaires:preview_version", args=[self.object.pk, version.number])

        return [TitleColumn("number", label=_("Version"), get_url=address), *super().columns()[1:]]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        questions = frozen_questions(self.object)
        return super().get_context_data(**kwargs) | {
            "questions": questions,
            "problems": draft_problems(questions),
            "preview_url": reverse("gate_questionnaires:preview", args=[self.object.pk]),
        }


class QuestionnaireEditView(VersionedEditView):
    """The draft, with links to its preview, its versions and the readers' answers."""

    @property
    def header_buttons(self) -> list[Any]:
        pk = self.object.pk
        buttons = [
            HeaderButton(
                _("Preview"), url=reverse("gate_questionnaires:preview", args=[pk]), icon_name="view"
            ),
            *super().header_buttons,
        ]
        if may_see_results(self.request.user):
            url = reverse("gate_results:questionnaire", args=[pk])
            buttons.append(HeaderButton(_("Answers"), url=url, icon_name="table"))
        return buttons


class PreviewView(InstanceChecked, View):
    """The draft, or a published version, on the reader's own page. Nothing can be sent from it."""

    permission_policy: Any = None

    def get_object(self) -> Questionnaire:
        return get_object_or_404(Questionnaire, pk=self.kwargs["pk"])

    def user_has_permission_for_instance(self, action: str, instance: Questionnaire) -> bool:
        return bool(
            self.permission_policy.user_has_permission_for_instance(self.request.user, action, instance)
        )

    def get(self, request: HttpRequest, pk: int, number: int | None = None) -> HttpResponse:
        shown: Questionnaire | QuestionnaireVersion = self.get_object()
        if number is None:
            frozen = frozen_questions(cast(Questionnaire, shown))
        else:
            shown = get_object_or_404(QuestionnaireVersion, questionnaire_id=pk, number=number)
            frozen = shown.questions
        questions = questions_view(
            frozen, version_id=0, title=shown.title, introduction=shown.introduction, asks_bound=True
        )
        step = {"title": shown.title, "questionnaire": questions}
        context = {"step": step, "preview": True, "next": request.path, "back_label": _("Preview")}
        return TemplateResponse(request, settings.XINGLIN_QUESTIONS_PREVIEW_TEMPLATE, context)


class QuestionnaireViewSet(VersionedViewSet):
    model = Questionnaire
    name = "gate_questionnaires"
    url_prefix = "gate/questionnaires"
    icon = "list-ul"
    menu_label = gettext_lazy("Questionnaires")
    publish_view_class = PublishQuestionnaireView
    edit_view_class = QuestionnaireEditView
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("kind"),
            FieldPanel("introduction"),
            QuestionsPanel(
                "questions",
                heading=gettext_lazy("Questions"),
                label=gettext_lazy("Question"),
                panels=question_panels(),
            ),
        ],
        base_form_class=QuestionnaireForm,
    )

    def get_urlpatterns(self) -> list[Any]:
        preview = xframe_options_sameorigin(PreviewView.as_view(permission_policy=self.permission_policy))
        return [
            *super().get_urlpatterns(),
            path("preview/<int:pk>/", preview, name="preview"),
            path("preview/<int:pk>/<int:number>/", preview, name="preview_version"),
        ]
