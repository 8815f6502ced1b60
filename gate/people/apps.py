"""Replaces "wagtail.users" in INSTALLED_APPS."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleAdminConfig(WagtailUsersAppConfig):
    """Wagtail's app with our viewset and our policy."""

    user_viewset = "gate.people.views.PersonViewSet"

    def ready(self) -> None:
        """Register the permission policies of people and groups."""
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from gate.models import User
        from gate.people.policy import PersonPolicy

        register_permission_policy(User, PersonPolicy(User))
        register_permission_policy(Group)
