"""A reader's own page: what is open to them, how their verification stands, what they agreed to."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from api.account import account_answer
from api.answers import PRIVATE
from frontend_templates.views.gate import SURFACE, context_of
from frontend_templates.views.reading import page
from gate.access import access_of
from gate.consent_history import consents_of
from gate.errors import GateError
from gate.models import User
from gate.policy import Choice
from gate.services import decide_agreement


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The account, the zones, the verification and every decision on an agreement."""
    context = {
        "account": account_answer(access_of(request)).data,
        "consents": consents_of(cast(User, request.user)),
    }
    return page(request, "account/me.html", context, cache_control=PRIVATE)


@login_required
@require_POST
def withdraw(request: HttpRequest, step_id: int) -> HttpResponse:
    """Withdraw what was agreed to: one tap, as agreeing was. It closes what depended on it at once."""
    try:
        decide_agreement(
            user=cast(User, request.user),
            step=step_id,
            version_id=None,
            decision=Choice.WITHDRAWN,
            surface=SURFACE,
            context=context_of(request),
        )
    except GateError as error:
        messages.warning(request, error.message)
    else:
        messages.success(request, _("Withdrawn. What depended on it is closed from now on."))
    return redirect("site:me")
