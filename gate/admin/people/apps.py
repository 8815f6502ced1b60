"""Replaces "wagtail.users" in INSTALLED_APPS."""

from __future__ import annotations

from wagtail.users.apps import WagtailUsersAppConfig


class PeopleAdminConfig(WagtailUsersAppConfig):
    """Wagtail's app with our viewsets and our policies."""

    user_viewset = "gate.admin.people.account_screens.PersonViewSet"
    group_viewset = "gate.admin.people.groups.GroupViewSet"

    def ready(self) -> None:
        """Register the permission policies of users and groups, and the guard behind every screen."""
        from django.contrib.auth.models import Group
        from wagtail.permissions import register_permission_policy

        from gate.models import User
        from gate.people import guard
        from gate.people.policies import GroupPolicy, PersonPolicy

        register_permission_policy(User, PersonPolicy(User))
        register_permission_policy(Group, GroupPolicy(Group))
        guard.connect()
