"""Adapts allauth to this product (ACCOUNT_ADAPTER)."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest

from cms.site_profile import named_site
from gate.people.signin.allauth_internal import get_authentication_records


class AccountAdapter(DefaultAccountAdapter):
    """One limit on guesses (gate.people.signin.lock), and a password just typed counts as one."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: axes, the first of AUTHENTICATION_BACKENDS, counts and refuses."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """With the site's name where allauth would write the Host header."""
        super().send_mail(template_prefix, email, {"current_site": named_site()} | context)

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """True for the account's own password. allauth's looks for confirmed addresses only."""
        found = self.authenticate(self.request, email=user.get_username(), password=password)
        return found is not None and found.pk == user.pk

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """False just after signing in with the password, so that staff sent to enrolment type it once."""
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        records = get_authentication_records(self.request, self.request.user)
        return required and not any(
            record["method"] == "password" and record["at"] > since for record in records
        )
