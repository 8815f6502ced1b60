"""Rights that staff give per zone, with a reason and an end (gate.models.grants).

django-guardian knows no time limits, so every check is made here and never through `user.has_perm(…, obj)`.
A superuser has none of these rights by that alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from gate.models import AuditEvent, User, ZoneGate, ZoneGroupObjectPermission, ZoneUserObjectPermission
from gate.models.grants import RIGHT_LABELS as RIGHT_LABELS
from gate.models.grants import Right as Right
from gate.notify.notifications import notify_after_commit


@transaction.atomic
def grant(
    *,
    user: User | None = None,
    group: Group | None = None,
    zone_id: int,
    right: Right | str,
    reason: str,
    by: User | None,
    expires_at: datetime | None = None,
) -> ZoneUserObjectPermission | ZoneGroupObjectPermission:
    """Grant `right` on the zone to a user or a group; granting it again replaces reason and end."""
    if (user is None) == (group is None):
        raise ValueError("a grant is for a person or for a group")
    if not reason.strip():
        raise ValueError("a grant carries its reason")
    gate = ZoneGate.objects.get(pk=zone_id)
    row: ZoneUserObjectPermission | ZoneGroupObjectPermission
    if user is not None:
        row = ZoneUserObjectPermission.objects.assign_perm(Right(right).value, user, gate)
    else:
        row = ZoneGroupObjectPermission.objects.assign_perm(Right(right).value, group, gate)
    row.reason, row.expires_at, row.granted_by, row.granted_at = (
        reason.strip(),
        expires_at,
        by,
        timezone.now(),
    )
    row.save()
    detail = {"right": Right(right).value, "group": group.name if group else None}
    _record(AuditEvent.Action.GRANT_GIVEN, by, user, zone_id, reason, detail)
    _notify_readers("grant.given", row)
    return row


@transaction.atomic
def revoke_grant(
    row: ZoneUserObjectPermission | ZoneGroupObjectPermission, *, by: User | None, reason: str = ""
) -> None:
    """Revoke a grant; the next request of its user is decided without it."""
    group = row.group.name if isinstance(row, ZoneGroupObjectPermission) else None
    user = row.user if isinstance(row, ZoneUserObjectPermission) else None
    detail = {"right": row.permission.codename, "group": group}
    zone_id = row.content_object_id
    _notify_readers("grant.revoked", row)
    row.delete()
    _record(AuditEvent.Action.GRANT_REVOKED, by, user, zone_id, reason, detail)


def current_grants(user: User, *, now: datetime | None = None) -> list[tuple[int, Right, datetime | None]]:
    """(zone id, right, end) of every grant the user has now, directly or through a group. One query."""
    if not user.is_active:
        return []
    rights = {"permission__codename__in": [right.value for right in Right]}
    direct = _current(ZoneUserObjectPermission.objects.filter(user=user, **rights), now)
    grouped = _current(ZoneGroupObjectPermission.objects.filter(group__user=user, **rights), now)
    fields = ("content_object_id", "permission__codename", "expires_at")
    rows = direct.order_by().values_list(*fields).union(grouped.order_by().values_list(*fields), all=True)
    return [(zone_id, Right(codename), expires_at) for zone_id, codename, expires_at in rows]


def zones_with_right(user: User, right: Right | str) -> frozenset[int]:
    """Ids of the zones on which the user has `right` now."""
    return frozenset(zone_id for zone_id, held, _end in current_grants(user) if held == Right(right))


def has_right(user: User, zone_id: int | None, right: Right | str) -> bool:
    """True when the user has `right` on that zone now."""
    return zone_id is not None and zone_id in zones_with_right(user, right)


def holds_everywhere(user: User, permission: str) -> bool:
    """True when `permission` ("gate.review_verification") was given to the user or one of their groups.

    Unlike has_perm() it is not true of a superuser as such: reviewers are appointed.
    """
    if not user.is_active:
        return False
    app_label, codename = permission.split(".")
    given = Q(user=user) | Q(group__user=user)
    wanted = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    return wanted.filter(given).exists()


def is_appointed(user: User) -> bool:
    """True for users with more than a reader's rights: a role, a permission, or a right beyond reading."""
    if user.is_superuser or user.groups.exists() or user.user_permissions.exists():
        return True
    return any(right != Right.READ for _zone, right, _end in current_grants(user))


def holders(permission: str, zone_id: int | None, right: Right | str) -> QuerySet[User]:
    """Active users who have `permission` everywhere or `right` on the zone now, directly or by a group."""
    app_label, codename = permission.split(".")
    wanted = Permission.objects.filter(content_type__app_label=app_label, codename=codename)
    holds = Q(user_permissions__in=wanted) | Q(groups__permissions__in=wanted)
    if zone_id is not None:
        own = {"permission__codename": Right(right).value, "content_object_id": zone_id}
        people = _current(ZoneUserObjectPermission.objects.filter(**own), None)
        groups = _current(ZoneGroupObjectPermission.objects.filter(**own), None)
        holds |= Q(pk__in=people.values("user_id")) | Q(groups__in=groups.values("group_id"))
    return User.objects.filter(holds, is_active=True).distinct()


def _current(rows: QuerySet[Any], now: datetime | None) -> QuerySet[Any]:
    return rows.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=now or timezone.now()))


def _notify_readers(event: str, row: ZoneUserObjectPermission | ZoneGroupObjectPermission) -> None:
    """Notify each user of a right to read by this row; gate.people.signin does so for other rights."""
    if row.permission.codename != Right.READ.value:
        return
    readers = Q(pk=row.user_id) if isinstance(row, ZoneUserObjectPermission) else Q(groups=row.group_id)
    for reader in User.objects.filter(readers, is_active=True, erasure_due_at=None).distinct():
        notify_after_commit(event, user=reader, zone=row.content_object_id)


def _record(
    action: AuditEvent.Action,
    by: User | None,
    user: User | None,
    zone_id: int,
    reason: str,
    detail: dict[str, str | None],
) -> None:
    AuditEvent.record(action, by, user, f"zone:{zone_id}", reason, **detail)
