"""The second factor between signing in and the admin: explained, set up, asked for or postponed."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from api.responses import PRIVATE
from frontend_templates.addresses import next_of, own_path
from frontend_templates.views.reading import page
from gate.models import User
from gate.people import OFFERED, SKIPPED, is_enrolled, lacks_second_factor

NEXT = "second_factor_next"  # in the session: enrolling takes several pages


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Redirect onwards when the session has a factor, else to the code or the enrolment. POST postpones."""
    user = cast(User, request.user)
    target = next_of(request, own_path(request.session.get(NEXT)))
    may_skip = settings.XINGLIN_SECOND_FACTOR == OFFERED and not is_enrolled(user)
    if request.method == "POST" and may_skip:
        request.session[SKIPPED] = True
        return redirect(target)
    if not lacks_second_factor(request, user):
        request.session.pop(NEXT, None)
        return redirect(target)
    if is_enrolled(user):
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': target})}")
    request.session[NEXT] = target
    return page(
        request, "account/second_factor.html", {"may_skip": may_skip, "next": target}, cache_control=PRIVATE
    )
