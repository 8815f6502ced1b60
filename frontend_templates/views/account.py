"""The reader's account page: open zones, the verification's state, consent decisions."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from api.account import account_answer
from api.responses import PRIVATE
from frontend_templates.addresses import post_or_back_to
from frontend_templates.views.reading import page
from gate.consent import consents_of
from gate.decision import access_of
from gate.models import User
from gate.notify import choose_mails, wants_optional_mails


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The account, the zones, the verification and every consent decision."""
    context = {
        "account": account_answer(access_of(request)).data,
        "consents": consents_of(cast(User, request.user)),
        "optional_mails": wants_optional_mails(cast(User, request.user)),
    }
    return page(request, "account/me.html", context, cache_control=PRIVATE)


@login_required
@post_or_back_to("site:me")
def mails(request: HttpRequest) -> HttpResponse:
    """Switch optional mails on (`optional=on`) or off."""
    choose_mails(user=cast(User, request.user), optional_mails=request.POST.get("optional") == "on")
    messages.success(request, _("Your choice of mails is saved."))
    return redirect("site:me")
