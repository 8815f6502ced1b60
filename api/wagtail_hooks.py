"""How Wagtail finds the screens of webhooks."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from wagtail import hooks

from api.webhooks.admin import WebhooksGroup


@hooks.register("register_admin_viewset")
def webhooks() -> WebhooksGroup:
    return WebhooksGroup()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Any]:
    """Webhooks can be handed to a group in the settings of groups."""
    models = ("webhookendpoint", "delivery")
    return Permission.objects.filter(content_type__app_label="api", content_type__model__in=models)
