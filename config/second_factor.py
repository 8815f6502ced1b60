"""Requires a second factor of every user whose rights demand one (gate.people.signin)."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from gate.models import User
from gate.people import REQUIRED, SKIPPED, lacks_second_factor


class SecondFactorMiddleware:
    """Redirects to the enrolment or to the code, and from there back; scripts of the admin get a 403."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not _is_staff_door(request.path_info) or not self._is_wanting(request):
            return self.get_response(request)
        if request.headers.get("X-Requested-With") == "XMLHttpRequest":
            raise PermissionDenied
        back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("wagtailadmin_home")
        return HttpResponseRedirect(f"{reverse('site:second_factor')}?{urlencode({'next': back})}")

    def _is_wanting(self, request: HttpRequest) -> bool:
        if not isinstance(request.user, User):
            return False  # the view itself redirects to the sign-in
        if settings.XINGLIN_SECOND_FACTOR != REQUIRED and request.session.get(SKIPPED):
            return False
        return lacks_second_factor(request, request.user)


def _is_staff_door(path: str) -> bool:
    # Checked for every request, before the session is loaded; the addresses are those of config.urls.
    return path != "/admin/logout/" and path.startswith(("/admin/", settings.MEDIA_URL))
