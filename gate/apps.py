"""The gate as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GateConfig(AppConfig):
    name = "gate"
    label = "gate"
    verbose_name = _("Gate")
    default_auto_field = "django.db.models.BigAutoField"
