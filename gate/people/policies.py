"""Permission policies for configuration, one per model, used by Wagtail's views, menus and choosers."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from django.db.models import QuerySet
from wagtail.permission_policies import ModelPermissionPolicy

from gate.models import User
from gate.people.giving import Giver
from gate.people.grants import Right, has_right, zones_with_right


class VersionedTextPolicy(ModelPermissionPolicy):
    """Agreements and questionnaires: one that was ever published or is a step of a gate cannot be deleted."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if action == "delete" and instance.pk and (instance.versions.exists() or instance.steps.exists()):
            return False
        return bool(super().user_has_permission_for_instance(user, action, instance))


class GatePolicy(ModelPermissionPolicy):
    """Gates are created and deleted with their zones. Users with manage_gate on a zone change its gate."""

    def user_has_permission(self, user: User, action: str) -> bool:
        if action in ("add", "delete"):
            return False
        return bool(super().user_has_permission(user, action)) or bool(
            zones_with_right(user, Right.MANAGE_GATE)
        )

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if action in ("add", "delete"):
            return False
        return bool(super().user_has_permission(user, action)) or has_right(
            user, instance.pk, Right.MANAGE_GATE
        )

    def instances_user_has_any_permission_for(self, user: User, actions: list[str]) -> QuerySet[Any]:
        if super().user_has_permission(user, "change"):
            return self.model.objects.all()
        return self.model.objects.filter(pk__in=zones_with_right(user, Right.MANAGE_GATE))


class GrantPolicy(ModelPermissionPolicy):
    """Grants are given and revoked, never edited. Users with grant_access on a zone give reading there."""

    def user_has_permission(self, user: User, action: str) -> bool:
        if action == "change":
            return False
        return bool(super().user_has_permission(user, action)) or bool(
            zones_with_right(user, Right.GRANT_ACCESS)
        )

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if action == "change":
            return False
        if super().user_has_permission(user, action):
            return True
        reading = instance.permission.codename == Right.READ
        return reading and has_right(user, instance.content_object_id, Right.GRANT_ACCESS)

    def instances_user_has_any_permission_for(self, user: User, actions: list[str]) -> QuerySet[Any]:
        if super().user_has_permission(user, "delete"):
            return self.model.objects.all()
        zones = zones_with_right(user, Right.GRANT_ACCESS)
        return self.model.objects.filter(content_object_id__in=zones, permission__codename=Right.READ.value)


class PersonPolicy(ModelPermissionPolicy):
    """No user may delete; an account is changed by users who could have given it all its rights."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if instance.is_superuser and not user.is_superuser:
            return False
        if not self.user_has_permission(user, action):
            return False
        return action != "change" or Giver(user).may_change(instance)


class GroupPolicy(ModelPermissionPolicy):
    """No user changes a group that they are in, superusers neither."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Group) -> bool:
        if action in ("change", "delete") and instance.user_set.filter(pk=user.pk).exists():
            return False
        return bool(self.user_has_permission(user, action))
