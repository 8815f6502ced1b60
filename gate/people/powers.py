"""The rights of users and groups as comparable values: permissions, zones, pages, files, tasks.

Rows of another user's power are compared here and nowhere else; gate/people/giving.py decides who gives
them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from django.contrib.auth.models import Group, Permission
from django.db.models import Q
from django.utils import timezone
from wagtail.models import (
    AbstractGroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    GroupSitePermission,
)
from wagtail.workflows import get_task_types

from gate.models import User, ZoneGroupObjectPermission, ZoneUserObjectPermission
from gate.people.grants import Right
from gate.people.reviewing import REVIEW_EVERYWHERE, SEE_EVERYWHERE

APPOINT = "gate.appoint_staff"


class Power(NamedTuple):
    """`kind`: permission, zone, page, collection, site, task or superuser; `where`: its number or path."""

    kind: str
    where: str
    what: str

    @property
    def shows_credentials(self) -> bool:
        return self.what in (SEE_EVERYWHERE, Right.SEE_CREDENTIALS)

    @property
    def reviews(self) -> bool:
        """Verifications, or articles by a workflow task."""
        return self.what in (REVIEW_EVERYWHERE, Right.REVIEW) or self.kind == "task"


SUPERUSER = Power("superuser", "", "")
Powers = frozenset[Power]


def permission(app_label: str, codename: str) -> Power:
    return Power("permission", "", f"{app_label}.{codename}")


def site_power(site_id: int, app_label: str, codename: str) -> Power:
    """Changing one kind of settings of one site."""
    return Power("site", str(site_id), f"{app_label}.{codename}")


def zone_power(zone_id: int, right: str) -> Power:
    return Power("zone", str(zone_id), Right(right).value)


def powers_by_group(groups: Iterable[int]) -> dict[int, Powers]:
    """The powers of each of the groups (ids); a constant number of queries."""
    ids = list(groups)
    found: defaultdict[int, set[Power]] = defaultdict(set)
    rows = Permission.objects.filter(group__in=ids)
    for group, app_label, codename in rows.values_list("group", "content_type__app_label", "codename"):
        found[group].add(permission(app_label, codename))
    sites = GroupSitePermission.objects.filter(group__in=ids)
    for group, site, app_label, codename in sites.values_list(
        "group", "site", "permission__content_type__app_label", "permission__codename"
    ):
        found[group].add(site_power(site, app_label, codename))
    trees: tuple[tuple[str, Any, str], ...] = (
        ("page", GroupPagePermission, "page__path"),
        ("collection", GroupCollectionPermission, "collection__path"),
    )
    for kind, model, path in trees:
        tree_rows = model.objects.filter(group__in=ids)
        for group, where, codename in tree_rows.values_list("group", path, "permission__codename"):
            found[group].add(Power(kind, where, codename))
    for group, zone, codename in _lasting(
        ZoneGroupObjectPermission.objects.filter(group__in=ids)
    ).values_list("group", "content_object", "permission__codename"):
        found[group].add(zone_power(zone, codename))
    for task_type in approval_task_types():
        tasks = task_type.objects.filter(groups__in=ids)
        for group, task in tasks.values_list("groups", "pk"):
            found[group].add(Power("task", str(task), "approve"))
    return {group: frozenset(found[group]) for group in ids}


def approval_task_types() -> list[type[AbstractGroupApprovalTask]]:
    """The kinds of workflow tasks whose groups approve."""
    return [model for model in get_task_types() if issubclass(model, AbstractGroupApprovalTask)]


def powers_of(user: User) -> Powers:
    """Every power of the user, directly or through groups; what they would have if they are inactive."""
    found: set[Power] = {SUPERUSER} if user.is_superuser else set()
    rows = Permission.objects.filter(user=user).values_list("content_type__app_label", "codename")
    found.update(permission(*row) for row in rows)
    grants = _lasting(ZoneUserObjectPermission.objects.filter(user=user))
    found.update(zone_power(*row) for row in grants.values_list("content_object", "permission__codename"))
    by_group = powers_by_group(Group.objects.filter(user=user).values_list("pk", flat=True))
    return frozenset(found.union(*by_group.values()))


def holds(held: Powers, power: Power) -> bool:
    """True when `power` adds nothing to `held`.

    Pages and collections pass rights down their tree, a permission counts on every site, and superusers may
    do everything but review users and see their credentials.
    """
    if power in held:
        return True
    if power.kind in ("page", "collection"):
        paths = (other.where for other in held if (other.kind, other.what) == (power.kind, power.what))
        if any(power.where.startswith(path) for path in paths):
            return True
    if power.kind == "site" and Power("permission", "", power.what) in held:
        return True
    personal = power.kind == "zone" or power.shows_credentials or power.what == REVIEW_EVERYWHERE
    return SUPERUSER in held and not personal


def _lasting(rows: Any) -> Any:
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=timezone.now()))
