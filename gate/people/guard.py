"""The last check of powers given in the admin: every write must pass the rule, whichever screen made it.

Screens refuse with a message before it comes to this. Wagtail names the signed-in user to its log during
each request of the admin; what runs without one (commands, migrations, services of readers) is not checked.
Rows that are written in bulk send no signal: groups.py and bulk_actions.py of gate/admin/people check those.
"""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.exceptions import PermissionDenied
from django.db.models.signals import m2m_changed, pre_save
from wagtail.log_actions import get_active_log_context

from gate.models import User, ZoneGroupObjectPermission, ZoneUserObjectPermission
from gate.people.giving import Giver, refuses
from gate.people.powers import (
    SUPERUSER,
    Power,
    approval_task_types,
    permission,
    powers_by_group,
    powers_of,
    zone_power,
)


def connect() -> None:
    """Called once, when the app is ready."""
    m2m_changed.connect(_joining, sender=User.groups.through, dispatch_uid="guard_joining")
    m2m_changed.connect(_permitting, sender=User.user_permissions.through, dispatch_uid="guard_permitting")
    m2m_changed.connect(_permitting, sender=Group.permissions.through, dispatch_uid="guard_group_permitting")
    for task_type in approval_task_types():
        uid = f"guard_{task_type._meta.label_lower}"
        m2m_changed.connect(_appointing, sender=task_type.groups.through, dispatch_uid=uid)
    for model in (ZoneUserObjectPermission, ZoneGroupObjectPermission):
        pre_save.connect(_granting, sender=model, dispatch_uid=f"guard_{model._meta.label_lower}")
    pre_save.connect(_changing, sender=User, dispatch_uid="guard_user")


def _actor() -> User | None:
    user = get_active_log_context().user
    return user if isinstance(user, User) else None


def _pairs(sender_model: type, instance: Any, reverse: bool, pk_set: set[int]) -> list[tuple[Any, Any]]:
    """(owner of the relation, other side) of each row that is being added."""
    others = sender_model.objects.filter(pk__in=pk_set)  # type: ignore[attr-defined]  # any model
    return [(other, instance) if reverse else (instance, other) for other in others]


def _joining(
    sender: Any, instance: Any, action: str, reverse: bool, model: type, pk_set: Any, **_: Any
) -> None:
    actor = _actor()
    if action != "pre_add" or actor is None:
        return
    for user, group in _pairs(model, instance, reverse, pk_set):
        if refuses(actor, powers_by_group([group.pk])[group.pk], user=user):
            raise PermissionDenied


def _permitting(
    sender: Any, instance: Any, action: str, reverse: bool, model: type, pk_set: Any, **_: Any
) -> None:
    actor = _actor()
    if action != "pre_add" or actor is None:
        return
    for holder, right in _pairs(model, instance, reverse, pk_set):
        power = _power_of(right)
        receiver = {"user": holder} if isinstance(holder, User) else {"group": holder}
        if refuses(actor, [power], **receiver):
            raise PermissionDenied


def _power_of(right: Permission) -> Power:
    return permission(right.content_type.app_label, right.codename)


def _appointing(
    sender: Any, instance: Any, action: str, reverse: bool, model: type, pk_set: Any, **_: Any
) -> None:
    actor = _actor()
    if action != "pre_add" or actor is None:
        return
    for task, group in _pairs(model, instance, reverse, pk_set):
        if refuses(actor, [Power("task", str(task.pk), "approve")], group=group):
            raise PermissionDenied


def _granting(sender: Any, instance: Any, **_: Any) -> None:
    actor = _actor()
    if actor is None:
        return
    power = zone_power(instance.content_object_id, instance.permission.codename)
    receiver = {"user": instance.user} if sender is ZoneUserObjectPermission else {"group": instance.group}
    if refuses(actor, [power], **receiver):
        raise PermissionDenied


def _changing(sender: Any, instance: User, **_: Any) -> None:
    actor = _actor()
    if actor is None or actor.pk == instance.pk or instance.pk is None:
        return
    before = User.objects.filter(pk=instance.pk).first()
    if before is None:
        return
    giver = Giver(actor)
    taken = before.email != instance.email or (before.password != instance.password)
    if taken and not giver.may_take_over(before):
        raise PermissionDenied
    if instance.is_superuser and not before.is_superuser and giver.rule([SUPERUSER], user=before):
        raise PermissionDenied
    if instance.is_active and not before.is_active and giver.rule(powers_of(before), user=before):
        raise PermissionDenied
