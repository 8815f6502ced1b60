"""A reader's own data: correction, export, accesses by staff, retention, erasure."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from api.own_data import archive_response, privacy_answer
from api.responses import PRIVATE
from frontend_templates.addresses import post_or_back_to
from frontend_templates.kept_input import forget_kept_input, mark_of, sign_in_and_come_back
from frontend_templates.templatetags.words import day
from frontend_templates.views.gate import SURFACE, kept
from frontend_templates.views.reading import page
from gate.errors import GateError, InvalidAnswers
from gate.models import User
from gate.privacy import NAME_LENGTH, accesses_of, correct_account, request_erasure
from gate.questions import answers_of

# As many as fit on a page; the export holds all.
ACCESSES_SHOWN = 20


@require_http_methods(["GET", "HEAD", "POST"])
def own_data(request: HttpRequest) -> HttpResponse:
    """The page, and the form on it that corrects name and language."""
    if not request.user.is_authenticated:
        return sign_in_and_come_back(request, request.path, form="own data")
    user = request.user
    errors: dict[str, str] = {}
    values = {"display_name": user.display_name, "locale": user.locale}
    if request.method != "POST" and (sent := kept(request, "own data")) is not None:
        values = {name: str(sent.get(name, "")) for name in values}
    if request.method == "POST":
        forget_kept_input(request)
        values = {name: request.POST.get(name, "") for name in values}
        try:
            user = correct_account(user=user, **values)
        except InvalidAnswers as refusal:
            errors = refusal.fields
        else:
            with translation.override(user.locale):
                messages.success(request, _("Saved."))
            return redirect("site:own_data")
    context: dict[str, Any] = {
        "values": values,
        "reader_mark": mark_of(user),
        "errors": errors,
        "name_length": NAME_LENGTH,
        "languages": settings.LANGUAGES,
        "privacy": privacy_answer(user).data,
        "answers": answers_of(user),
        "accesses": accesses_of(user, most=ACCESSES_SHOWN),
    }
    return page(request, "account/own_data.html", context, cache_control=PRIVATE)


@login_required
@post_or_back_to("site:own_data")
@reauthentication_required
def export(request: HttpRequest) -> HttpResponseBase:
    """The archive, after the password. It has no address of its own."""
    try:
        return archive_response(cast(User, request.user), SURFACE)
    except GateError as error:
        messages.warning(request, error.message)
        return redirect("site:own_data")


@login_required
@require_safe
def erasure(request: HttpRequest) -> HttpResponse:
    """The consequences of an erasure, before the reader decides."""
    context = {"privacy": privacy_answer(cast(User, request.user)).data}
    return page(request, "account/erasure.html", context, cache_control=PRIVATE)


@login_required
@post_or_back_to("site:erasure")
@reauthentication_required
def erase(request: HttpRequest) -> HttpResponse:
    """Request the erasure, after the password. Everything closes with this response."""
    try:
        due = request_erasure(user=cast(User, request.user), surface=SURFACE)
    except GateError as error:
        messages.warning(request, error.message)
        return redirect("site:own_data")
    logout(request)
    messages.success(
        request,
        _("Your account is closed and will be erased on %(day)s. To keep it, sign in before then.")
        % {"day": day(due)},
    )
    return redirect("site:home")
