"""Corrects answers to profile and survey questions: the form filled with the current ones."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from api.responses import PRIVATE
from frontend_templates.fields import question_fields, wrong
from frontend_templates.kept_input import forget_kept_input, mark_of, sign_in_and_come_back
from frontend_templates.views.gate import given_answers, kept
from frontend_templates.views.reading import page
from gate.errors import AlreadyDecided, InvalidAnswers
from gate.models import User
from gate.questions import AnswersEntry, answers_of, correct_answers


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, answers_id: UUID) -> HttpResponse:
    """The form, or the saved version; answers that were replaced since redirect to the list."""
    if not request.user.is_authenticated:
        return sign_in_and_come_back(request, request.path, form=f"answers {answers_id}")
    user = request.user
    entry = _entry_of(user, answers_id)
    if entry.current.id != answers_id or not entry.correctable:
        if entry.correctable:
            messages.info(
                request, _("You have answered this again since. Please correct the newest answers.")
            )
        return redirect(reverse("site:own_data") + "#answers")
    if request.method != "POST":
        sent = kept(request, f"answers {answers_id}")
        typed = _as_typed(entry.current.values)
        return _form(request, entry, given_answers(sent, entry.questions.questions) if sent else typed)
    forget_kept_input(request)
    given = given_answers(request.POST, entry.questions.questions)
    try:
        row = correct_answers(user=user, given=answers_id, answers=given)
    except InvalidAnswers as error:
        return _form(request, entry, given, error.fields)
    except AlreadyDecided as error:
        messages.info(request, error.message)
    else:
        saved = row.uuid != answers_id
        messages.success(
            request, _("Saved.") if saved else _("No answer was different, so nothing was changed.")
        )
    return redirect(reverse("site:own_data") + "#answers")


def _entry_of(user: User, answers_id: UUID) -> AnswersEntry:
    for entry in answers_of(user):
        if answers_id in {given.id for given in (entry.current, *entry.earlier)}:
            return entry
    raise Http404


def _as_typed(values: dict[str, Any]) -> dict[str, str | list[str]]:
    return {key: value if isinstance(value, list) else str(value) for key, value in values.items()}


def _form(
    request: HttpRequest,
    entry: AnswersEntry,
    given: dict[str, str | list[str]],
    errors: dict[str, str] | None = None,
) -> HttpResponse:
    fields = question_fields(entry.questions.questions, given, errors)
    context = {
        "entry": entry,
        "fields": fields,
        "errors": wrong(fields),
        "reader_mark": mark_of(request.user),
    }
    status = 422 if errors else 200
    return page(request, "account/correct_answers.html", context, status=status, cache_control=PRIVATE)
