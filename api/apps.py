"""The Django app of the API."""

from __future__ import annotations

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Responses come from ledger, gate and search; the models hold idempotent responses and webhooks only."""

    name = "api"
    verbose_name = "API"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the OpenAPI descriptions of our authentication classes, and the personal data held here.

        allauth's provider follows our rules from here on (api/identity).
        """
        from allauth.idp.oidc import views as allauth_views
        from django.db.models.signals import post_migrate

        from api import schema_security  # noqa: F401 - importing registers them
        from api.identity.docs_client import keep_docs_client
        from api.identity.server import get_server
        from api.webhooks.outbox import on_gate_changed
        from gate.notify import gate_changed
        from gate.privacy import OWN_ACT, Act, Holding, declare

        allauth_views.get_server = get_server
        post_migrate.connect(keep_docs_client, sender=self, dispatch_uid="api.docs_client")
        gate_changed.connect(on_gate_changed, dispatch_uid="api.webhooks")
        declare(Holding("api.KeptAnswer", "user", Act.DELETE, OWN_ACT))
