"""The Django app of search: connects its receivers and checks at start-up."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cms.signals import publication_recorded
        from search import checks, outbox  # noqa: F401 - importing checks registers them

        publication_recorded.connect(outbox.on_publication_recorded, dispatch_uid="search.outbox")
