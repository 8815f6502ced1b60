"""allauth's forms with our limits: registering, passwords, codes (ACCOUNT_FORMS, MFA_FORMS)."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ChangePasswordForm, SignupForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from gate.people.signin.allauth_internal import filter_users_by_email
from gate.people.signin.lock import count_wrong_code, is_locked
from gate.people.signin.unconfirmed import discard_unconfirmed


class RegistrationForm(SignupForm):
    """The same response for known and unknown addresses; the next account replaces an unconfirmed one."""

    def try_save(self, request: HttpRequest) -> tuple[Any, Any]:
        """(account, response) as allauth's: for a known address no account, and the same response."""
        email = self.cleaned_data["email"]
        known = filter_users_by_email(email)
        self.account_already_exists = not all(discard_unconfirmed(user=user) for user in known)
        try:
            with transaction.atomic():
                saved = super().try_save(request)
        except IntegrityError:  # another request registered the address in this moment
            self.account_already_exists = True
            saved = super().try_save(request)
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])  # takes the time that an account takes
        return saved


class PasswordChangeForm(ChangePasswordForm):
    """Guesses at the present password count here like anywhere else."""

    def clean_oldpassword(self) -> str:
        """The password, through the lock."""
        typed: str = self.cleaned_data.get("oldpassword", "")
        if not get_adapter().reauthenticate(self.user, typed):
            raise get_adapter().validation_error("enter_current_password")
        return typed


class _LockedCode:
    """Of the two forms below: ten wrong codes lock as ten wrong passwords do."""

    user: Any

    def clean_code(self) -> str:
        """The code; a ValidationError when it is wrong, or the account is locked."""
        request = context.request
        if is_locked(request, self.user):
            raise get_adapter().validation_error("too_many_login_attempts")
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of allauth's form beside it
        except ValidationError:
            count_wrong_code(request, self.user)
            raise
        return code


class CodeForm(_LockedCode, AuthenticateForm):
    """The second factor when signing in."""


class CodeAgainForm(_LockedCode, ReauthenticateForm):
    """The second factor when confirming the identity again."""
