"""The gate as a Django app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GateConfig(AppConfig):
    name = "gate"
    label = "gate"
    verbose_name = _("Gate")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Hear of zones."""
        from cms.signals import page_saved
        from gate.zone_gates import keep_gate

        page_saved.connect(keep_gate, dispatch_uid="gate.keep_gate")
