"""The second factor: whose rights demand one, and whether this session has shown one.

settings.XINGLIN_SECOND_FACTOR: "required" (production), "offered" (the demo: enrolment is shown and can be
skipped), "off". config.second_factor checks it before every view of staff.
"""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import Permission
from django.db.models import Q
from django.http import HttpRequest
from wagtail.models import GroupPagePermission

from cms.models import MedicalReviewTask
from gate.models import User
from gate.people.grants import Right, current_grants
from gate.people.signin.allauth_internal import get_authentication_records, record_authentication

REQUIRED, OFFERED, OFF = "required", "offered", "off"
# In the session: the user chose to do without for now, where that is allowed.
SKIPPED = "second_factor_skipped"
MODES = (REQUIRED, OFFERED, OFF)
# What may be done with a password alone: writing drafts that others review. Any other right demands more, so
# that a right added later demands it too.
WRITING = frozenset(
    {
        "wagtailadmin.access_admin",
        "cms.view_contributor",
        "cms.add_contributor",
        "cms.change_contributor",
        "wagtaildocs.choose_document",
    }
)
WRITING_PAGES = frozenset({"add_page", "change_page"})


def demands_second_factor(user: User) -> bool:
    """True for users who may decide verifications, see credentials, manage accounts, publish, or more."""
    if user.is_superuser:
        return True
    held = Permission.objects.filter(Q(user=user) | Q(group__user=user))
    if {f"{app}.{name}" for app, name in held.values_list("content_type__app_label", "codename")} - WRITING:
        return True
    if any(right is not Right.READ for _zone, right, _end in current_grants(user)):
        return True
    pages = GroupPagePermission.objects.filter(group__user=user)
    if set(pages.values_list("permission__codename", flat=True)) - WRITING_PAGES:
        return True
    return MedicalReviewTask.objects.filter(active=True, groups__user=user).exists()  # approving publishes


def is_enrolled(user: User) -> bool:
    """True when the user has an authenticator app for this account."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def has_shown_factor(request: HttpRequest, user: User) -> bool:
    """True when a code of one of the account's present authenticators was typed in this session."""
    shown = [row.get("id") for row in get_authentication_records(request, user) if row["method"] == "mfa"]
    return bool(shown) and Authenticator.objects.filter(user=user, pk__in=shown).exists()


def lacks_second_factor(request: HttpRequest, user: User) -> bool:
    """True when this session may not open a view of staff before a code was typed."""
    return (
        settings.XINGLIN_SECOND_FACTOR != OFF
        and not has_shown_factor(request, user)
        and (is_enrolled(user) or demands_second_factor(user))
    )


def keep_shown_factor(sender: Any, instance: Authenticator, created: bool, **kwargs: Any) -> None:
    """Receiver of post_save for Authenticator: enrolling took a code, so this session has shown one."""
    request = context.request
    own = request is not None and request.user.pk == instance.user_id
    if own and created and instance.type == Authenticator.Type.TOTP:
        record_authentication(request, request.user, "mfa", id=instance.pk, type=instance.type)
