"""Accounts whose address nobody confirmed: they hold nothing, and give way to whoever registers it next.

Deleted and not taken over: a password that was set by one person must never be confirmed by another.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Permission
from django.db import DatabaseError, transaction

from gate.models import User
from gate.people.grants import current_grants


def is_confirmed(user: User) -> bool:
    """True when the person proved that an address of the account is theirs."""
    return EmailAddress.objects.filter(user=user, verified=True).exists()


def discard_unconfirmed(*, user: User) -> bool:
    """Delete an account that nobody confirmed, used or was given anything for. False when it stays."""
    if user.last_login is not None or is_confirmed(user) or _was_given_something(user):
        return False
    try:
        with transaction.atomic():
            user.delete()
    except DatabaseError:  # something is on record about the account after all
        return False
    return True


def _was_given_something(user: User) -> bool:
    """True for accounts that staff made or closed: their rights are not to go by a stranger's form."""
    return bool(
        user.is_staff
        or user.is_superuser
        or not user.is_active
        or user.is_closing
        or user.groups.exists()
        or Permission.objects.filter(user=user).exists()
        or current_grants(user)
    )
