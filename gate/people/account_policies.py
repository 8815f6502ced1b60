"""What may be done with whose account, and with which group."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Group
from wagtail.permission_policies import ModelPermissionPolicy

from gate.models import User
from gate.people.giving import Giver


class PersonPolicy(ModelPermissionPolicy):
    """Deleting is nobody's; an account is changed by those who could have given it all its rights."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if instance.is_superuser and not user.is_superuser:
            return False
        if not self.user_has_permission(user, action):
            return False
        return action != "change" or Giver(user).may_change(instance)


class GroupPolicy(ModelPermissionPolicy):
    """Nobody changes a group that they are in, superusers neither."""

    def user_has_permission_for_instance(self, user: User, action: str, instance: Group) -> bool:
        if action in ("change", "delete") and instance.user_set.filter(pk=user.pk).exists():
            return False
        return bool(self.user_has_permission(user, action))
