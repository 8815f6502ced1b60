"""The form in which staff compose a questionnaire: questions in order, each with an optional condition.

The browser knows a question by its key before it is saved (question-draft.js), so that a condition can refer
to a question that is not saved either. Whether conditions make sense is checked at publishing: a draft may
be incomplete.
"""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, InlinePanel

from gate.models import Question

# Of questions answered with a number; question-draft.js shows them for those.
BOUNDS = ("minimum", "maximum", "whole_number")


class ConditionSelect(forms.Select):
    """Which question: the script fills in those before this one. Without it the saved one is kept."""

    template_name = "django/forms/widgets/select.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        words = {
            "data-always": _("Always shown"),
            "data-gone": _("A question that comes later or was deleted"),
        }
        super().__init__({**words, **(attrs or {})}, choices=[("", _("Always shown"))])

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        if value:
            self.choices = [("", _("Always shown")), (str(value), str(value))]
        return super().get_context(name, str(value) if value else "", attrs)


class QuestionForm(WagtailAdminModelForm):
    """One question. A question that exists keeps its key: answers are found by it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].required = False

    class Meta:
        model = Question
        fields = ["text", "kind", "choices", *BOUNDS, "hint", "required", "consent_bound", "key"]

    def clean_key(self) -> uuid.UUID:
        if self.instance.pk:
            return Question.objects.values_list("key", flat=True).get(pk=self.instance.pk)
        return self.cleaned_data["key"] or uuid.uuid4()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("condition_question"):
            data["condition_value"] = ""
        return data


class QuestionnaireForm(WagtailAdminModelForm):
    """No two questions share a key."""

    class Media:
        js = ["gate/question-draft.js"]

    def is_valid(self) -> bool:
        valid = bool(super().is_valid())
        if valid:
            self._part_keys()
        return valid

    def _part_keys(self) -> None:
        """A key sent twice stays with the first question; the other gets one of its own."""
        rows = [form for form in self.formsets["questions"].forms if form.cleaned_data]
        seen = {form.instance.key for form in rows if form.instance.pk}
        for form in rows:
            if form.instance.pk:
                continue
            if form.instance.key in seen:
                form.instance.key = uuid.uuid4()
            seen.add(form.instance.key)


class QuestionsPanel(InlinePanel):
    """Wagtail's InlinePanel (drag, or the arrows by keyboard) with a form of our own for each question."""

    def get_form_options(self) -> dict[str, Any]:
        options: dict[str, Any] = super().get_form_options()
        options["formsets"][self.relation_name]["form"] = QuestionForm
        return options


def question_panels() -> list[Any]:
    """The fields of each question, the condition last."""
    return [
        FieldPanel("text"),
        FieldPanel("kind"),
        FieldPanel("choices", widget=forms.Textarea(attrs={"rows": 4})),
        *(FieldPanel(name) for name in BOUNDS),
        FieldPanel("hint"),
        FieldPanel("required"),
        FieldPanel("consent_bound"),
        FieldPanel("condition_question", widget=ConditionSelect),
        FieldPanel("condition_value"),
        FieldPanel("key", classname="w-hidden", widget=forms.HiddenInput),
    ]
