"""The reader site as a Django app."""

from django.apps import AppConfig


class FrontendTemplatesConfig(AppConfig):
    """Templates, static files and views of the reader site."""

    name = "frontend_templates"
