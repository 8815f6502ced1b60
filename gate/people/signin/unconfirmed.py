"""Accounts with an unconfirmed address: they hold nothing, and the next registration replaces them.

Deleted and not taken over: a password that was set by one user must never be confirmed by another.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction

from gate.models import User
from gate.people.grants import current_grants


def is_confirmed(user: User) -> bool:
    """True when the user proved that an address of the account is theirs."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def discard_unconfirmed(*, user: User) -> bool:
    """Delete an account that was never confirmed, used or given anything. False when it stays."""
    if user.last_login is not None or is_confirmed(user) or _was_given_something(user):
        return False
    try:
        with transaction.atomic():
            user.delete()
    except DatabaseError:  # there is a record about the account after all
        return False
    return True


def _was_given_something(user: User) -> bool:
    """True for accounts that staff created or closed: a stranger's form must not delete their rights."""
    return bool(
        user.is_staff
        or user.is_superuser
        or not user.is_active
        or user.is_closing
        or user.groups.exists()
        or Permission.objects.filter(user=user).exists()
        or current_grants(user)
    )
