"""The Django app of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """What it says comes from the ledger, the gate and the search; its models hold only what is on its way."""

    name = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the OpenAPI descriptions of our authentication classes, and what is kept about people."""
        from api import schema_security  # noqa: F401 - importing registers them
        from gate.personal_data import OWN_ACT, Act, Holding, declare

        declare(Holding("api.KeptAnswer", "user", Act.DELETE, OWN_ACT))
