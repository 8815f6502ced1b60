"""What may be done with whose account."""

from __future__ import annotations

from typing import Any

from wagtail.permission_policies import ModelPermissionPolicy

from gate.models import User


class PersonPolicy(ModelPermissionPolicy):
    """Deleting is nobody's; a superuser's account is changed by superusers only."""

    def user_has_permission(self, user: User, action: str) -> bool:
        return action != "delete" and bool(super().user_has_permission(user, action))

    def user_has_permission_for_instance(self, user: User, action: str, instance: Any) -> bool:
        if instance.is_superuser and not user.is_superuser:
            return False
        return self.user_has_permission(user, action)
