"""Replaces Wagtail's own ways to sign in, sign out and reset a password by redirects to allauth's.

Mounted before Wagtail's, at the same addresses. One way in means one second factor, one lock on guesses and
one limit on mails (docs/adr/0022-one-way-in.md).
"""

from __future__ import annotations

from urllib.parse import urlencode

from allauth.account.views import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, re_path, reverse
from django.views.decorators.cache import never_cache

from frontend_templates.addresses import next_of
from gate.admin import own_account


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to allauth, and afterwards to `next`, else the admin. A password posted here is not read."""
    target = next_of(request, reverse("wagtailadmin_home"))
    if not request.user.is_authenticated:
        return HttpResponseRedirect(f"{reverse('account_login')}?{urlencode({'next': target})}")
    if not request.user.has_perm("wagtailadmin.access_admin"):
        # Not to allauth, which would redirect a user who is signed in back to where they came from.
        raise PermissionDenied
    return HttpResponseRedirect(target)


@never_cache
def reset_password(request: HttpRequest) -> HttpResponse:
    """Redirect to allauth's reset, from each of Wagtail's four steps."""
    return HttpResponseRedirect(reverse("account_reset_password"))


staff_doors = [
    path("admin/login/", sign_in),
    path("admin/logout/", logout),
    path("admin/account/", never_cache(own_account)),
    re_path(r"^admin/password_reset/", reset_password),
]
