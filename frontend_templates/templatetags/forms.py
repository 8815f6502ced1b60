"""Template tags that render Django forms (allauth's) with the site's own fields."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from frontend_templates.fields import Field, form_fields, wrong
from frontend_templates.fields import question_fields as fields_of
from gate.questions import QuestionView

register = template.Library()


@register.simple_tag
def question_fields(questions: Iterable[QuestionView]) -> list[Field]:
    """Empty fields for questions, for the admin's previews."""
    return fields_of(questions)


@register.simple_tag
def form_controls(form: BaseForm, **hints: str) -> SafeString:
    """Hidden inputs and every field: label, hint, control, error. `hints` replaces hints by field name."""
    hidden = [str(field) for field in form.hidden_fields()]
    fields = [replace(field, hint=hints.get(field.name, field.hint)) for field in form_fields(form)]
    part = "frontend_templates/parts/field.html"
    shown = [render_to_string(part, {"field": field}) for field in fields]
    return mark_safe("".join([*hidden, *shown]))  # noqa: S308 - made of templates


@register.simple_tag
def form_errors(form: BaseForm) -> SafeString:
    """The summary above the form: errors of the whole form, then of its fields."""
    whole = [Field(name="", label="", error=str(message)) for message in form.non_field_errors()]
    errors = [*whole, *wrong(form_fields(form))]
    return render_to_string("frontend_templates/parts/error_summary.html", {"errors": errors})
