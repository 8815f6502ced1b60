"""The lock on guessing: after so many wrong passwords or codes for one account from one address, a pause.

django-axes counts in the database, so the lock holds over all workers and without Redis. It counts account
and address together (AXES_LOCKOUT_PARAMETERS): a guesser locks one account, and only at their own address.
Every place where a password or a code is typed checks here or through django.contrib.auth.
"""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_cool_off, get_failure_limit
from axes.models import AccessAttempt
from django.contrib.auth.signals import user_login_failed
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from gate.models import User
from gate.people.signin.allauth_internal import filter_users_by_email
from gate.sealing import keyed_hash

PURPOSE = "sign-in attempts"


def attempts_key(request: HttpRequest, credentials: dict[str, Any] | None) -> str | None:
    """The key of an attempt (AXES_USERNAME_CALLABLE): the account, whichever of its addresses was typed.

    A keyed hash: the table of attempts names no user. An address without an account counts for itself, so
    that the lock does not reveal which addresses are known. None where nothing was typed.
    """
    typed = next((str(value) for name in _FIELDS if (value := (credentials or {}).get(name))), "")
    email = typed.strip().lower()
    if not email:
        return None
    accounts = filter_users_by_email(email, prefer_verified=True, for_login=True)
    return _key_of(min(user.pk for user in accounts)) if accounts else keyed_hash(email, purpose=PURPOSE)


def attempts_of(user: User) -> QuerySet[AccessAttempt]:
    """The wrong attempts on record for an account, and for its address before it was one."""
    keys = (_key_of(user.pk), keyed_hash(user.email, purpose=PURPOSE))
    return AccessAttempt.objects.filter(username__in=keys)


def is_locked(request: HttpRequest, user: User) -> bool:
    """True when no password or code of this account is checked now; the response becomes a 429."""
    locked = not AxesProxyHandler.is_allowed(request, {"email": user.email})
    if locked:
        request.axes_locked_out = True  # type: ignore[attr-defined]  # axes' middleware reads it
        request.axes_credentials = {"email": user.email}  # type: ignore[attr-defined]
    return locked


def count_wrong_code(request: HttpRequest, user: User) -> None:
    """A wrong code counts like a wrong password."""
    user_login_failed.send(sender=__name__, credentials={"email": user.email}, request=request)


def seconds_locked(request: HttpRequest, credentials: dict[str, Any] | None) -> int:
    """How long the lock on these credentials lasts from now on; at least 1."""
    cool_off = get_cool_off(request) or timedelta()
    limit = get_failure_limit(request, credentials)
    AxesProxyHandler.update_request(request)
    (attempts,) = AxesProxyHandler.get_implementation().get_user_attempts(request, credentials)
    rows = list(attempts.order_by("attempt_time").values_list("attempt_time", "failures_since_start"))
    counted = sum(failures for _at, failures in rows)
    opens = timezone.now()
    for at, failures in rows:  # each row stops counting when it is as old as the pause is long
        if counted < limit:
            break
        opens = at + cool_off
        counted -= failures
    return max(1, math.ceil((opens - timezone.now()).total_seconds()))


def forget_attempts(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Receiver of allauth's password_reset: a user with the mailbox and a new password starts at zero."""
    attempts_of(user).delete()


# Where django.contrib.auth, allauth and axes itself put the input.
_FIELDS = ("email", "login", "username")


def _key_of(user_id: int) -> str:
    return keyed_hash(f"account {user_id}", purpose=PURPOSE)
