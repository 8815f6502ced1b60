"""Follows changes of an account's password, second factor or rights, whichever way they are made.

A new password ends every session (Django ties them to its hash) and every token of OpenID Connect. The user
is notified of each change by mail, so that one they did not ask for is noticed. Connected to the models' own
signals in gate.apps: no form, command or service can leave it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allauth.idp.oidc.models import Token
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction

from gate.models import Notice, User, ZoneUserObjectPermission
from gate.notify.notifications import notify_after_commit
from gate.people.grants import Right

PASSWORD_CHANGED = "account.password_changed"  # noqa: S105 - an event's name
SECOND_FACTOR_CHANGED = "account.second_factor_changed"
RIGHTS_CHANGED = "account.rights_changed"
_ROLE_FIELDS = ("is_superuser", "is_staff", "is_active")
_WATCHED = {"password", *_ROLE_FIELDS}


@transaction.atomic
def end_tokens(*, user: User) -> int:
    """Delete the user's access and refresh tokens and authorization codes. Returns the number.

    Sessions need no such call: Django compares the password's hash with each request.
    """
    return Token.objects.filter(user=user).delete()[0]


@transaction.atomic
def notify_of_change(event: str, users: Iterable[User]) -> None:
    """Notify each of `users` once of `event` (one of the three above), unless such a mail waits already.

    Not notified: users who left, and for rights users who never signed in and so expect nothing of the
    account.
    """
    for user in users:
        unused = event == RIGHTS_CHANGED and user.last_login is None
        if unused or not user.is_active or user.is_closing or user.erased_at is not None:
            continue
        if not Notice.objects.filter(user=user, event=event, closed_at=None).exists():
            notify_after_commit(event, user=user)


def remember_before_saving(
    sender: Any, instance: User, update_fields: Iterable[str] | None = None, raw: bool = False, **kwargs: Any
) -> None:
    """Receiver of pre_save for User: remember what is stored, where the save may change it."""
    instance._before = None  # type: ignore[attr-defined]
    if instance.pk is None or raw or not _WATCHED & set(update_fields or _WATCHED):
        return
    row = User.objects.filter(pk=instance.pk).values(*_WATCHED).first()
    instance._before = row  # type: ignore[attr-defined]


def follow_saving(sender: Any, instance: User, **kwargs: Any) -> None:
    """Receiver of post_save for User: another password, another role."""
    before = getattr(instance, "_before", None)
    if before is None:
        return
    # A password that is only hashed in a newer way has not changed; Django leaves `_password` empty then.
    typed = instance._password is not None or not instance.has_usable_password()  # type: ignore[attr-defined]
    if typed and before["password"] != instance.password:
        end_tokens(user=instance)
        notify_of_change(PASSWORD_CHANGED, [instance])
    if any(before[name] != getattr(instance, name) for name in _ROLE_FIELDS):
        notify_of_change(RIGHTS_CHANGED, [instance])


def follow_membership(
    sender: Any, instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Receiver of m2m_changed for groups and permissions of users, from either side."""
    if isinstance(instance, User):
        if action == "pre_clear" or (action in ("post_add", "post_remove") and pk_set):
            notify_of_change(RIGHTS_CHANGED, [instance])
    elif action == "pre_clear":
        notify_of_change(RIGHTS_CHANGED, instance.user_set.all())
    elif action in ("post_add", "post_remove"):
        notify_of_change(RIGHTS_CHANGED, User.objects.filter(pk__in=pk_set or ()))


def follow_group_permissions(
    sender: Any, instance: Any, action: str, pk_set: set[int] | None, **kwargs: Any
) -> None:
    """Receiver of m2m_changed for the permissions of groups, from either side: it concerns every member."""
    if action not in ("post_add", "post_remove", "pre_clear") or (action != "pre_clear" and not pk_set):
        return
    if isinstance(instance, Group):
        groups = Group.objects.filter(pk=instance.pk)
    else:
        groups = (
            instance.group_set.all() if action == "pre_clear" else Group.objects.filter(pk__in=pk_set or ())
        )
    notify_of_change(RIGHTS_CHANGED, User.objects.filter(groups__in=groups).distinct())


def follow_grant(sender: Any, instance: Any, created: bool = True, **kwargs: Any) -> None:
    """Receiver of post_save and post_delete for grants on a zone. A grant to read has a mail of its own."""
    if not created or instance.permission.codename == Right.READ:
        return
    to_person = isinstance(instance, ZoneUserObjectPermission)
    holders = {"pk": instance.user_id} if to_person else {"groups": instance.group_id}
    notify_of_change(RIGHTS_CHANGED, User.objects.filter(**holders).distinct())


def follow_authenticator(sender: Any, instance: Authenticator, created: bool = True, **kwargs: Any) -> None:
    """Receiver of post_save and post_delete for allauth's Authenticator: the app was added or removed."""
    if created and instance.type == Authenticator.Type.TOTP:
        notify_of_change(SECOND_FACTOR_CHANGED, User.objects.filter(pk=instance.user_id))
