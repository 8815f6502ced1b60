"""The Django app of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Holds no models: everything it says comes from the ledger, the gate and the search."""

    name = "api"
    verbose_name = "API"

    def ready(self) -> None:
        """Register the OpenAPI descriptions of our authentication classes."""
        from api import schema_security  # noqa: F401 - importing registers them
