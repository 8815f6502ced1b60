"""Registers the admin's screens of webhooks and of front ends."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import Permission
from django.db.models import Q, QuerySet
from wagtail import hooks

from api.identity.admin import ClientViewSet
from api.webhooks.admin import WebhooksGroup


@hooks.register("register_admin_viewset")
def webhooks() -> WebhooksGroup:
    return WebhooksGroup()


@hooks.register("register_admin_viewset")
def clients() -> ClientViewSet:
    return ClientViewSet()


@hooks.register("register_permissions")
def permissions() -> QuerySet[Any]:
    """Rights on webhooks and front ends that can be given to a group in the settings of groups."""
    models = ("webhookendpoint", "delivery")
    webhook = Q(content_type__app_label="api", content_type__model__in=models)
    client = Q(content_type__app_label="allauth_idp_oidc", content_type__model="client")
    return Permission.objects.filter(webhook | client)
