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
        """Hear of zones and of people who come back."""
        from django.contrib.auth.signals import user_logged_in

        from cms.signals import page_saved
        from gate.returning import keep_account
        from gate.zone_gates import keep_gate

        page_saved.connect(keep_gate, dispatch_uid="gate.keep_gate")
        user_logged_in.connect(keep_account, dispatch_uid="gate.keep_account")
