"""Which article was imported from which file, so that importing a file again changes only what changed."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cms.models.articles import ArticlePage


class ImportRecord(models.Model):
    """One source file and the article that came of it. Only exchange.importing writes here.

    key: hex SHA-256 of the zone and the file's path below the folder that was given.
    content: hex SHA-256 of everything the import stored (text, rights, pictures).
    fingerprint: hex SHA-256 of the words of the revision that the import saved; differs once an editor wrote.
    """

    key = models.CharField(max_length=64, unique=True)
    source_name = models.CharField(_("source file"), max_length=500)
    page = models.OneToOneField(ArticlePage, on_delete=models.CASCADE, related_name="import_record")
    content = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    published = models.BooleanField(default=False)
    imported_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("import record")
        verbose_name_plural = _("import records")

    def __str__(self) -> str:
        return self.source_name
