"""Signing in during the grace period is how an erasure is cancelled."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from gate.models import User
from gate.privacy.erasure import cancel_erasure


def keep_account(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Receiver of user_logged_in."""
    if not user.is_closing or not cancel_erasure(user=user, by=user):
        return
    user.erasure_due_at = None
    if request is not None and hasattr(request, "_messages"):
        messages.success(
            request, _("Welcome back. Your account stays, with everything in it; nothing is erased.")
        )
