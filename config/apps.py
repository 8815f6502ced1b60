"""The composition root as a Django app, so that its checks and commands are found."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """Connects the configuration checks."""

    name = "config"

    def ready(self) -> None:
        """Register the checks."""
        from config import checks, deploy_checks  # noqa: F401 - importing registers
