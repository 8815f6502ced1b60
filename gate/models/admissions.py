"""Admissions: the right to read a zone, earned by passing its gate."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Admission(models.Model):
    """Appended when a gate is passed; the latest one of a user and zone counts.

    Only staff set `revoked_at`; after that no step the reader takes makes a new one.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="admissions")
    zone = models.ForeignKey("cms.ZonePage", on_delete=models.CASCADE, related_name="+")
    granted_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        indexes = [models.Index(fields=["user", "zone"], name="gate_admission_user_zone")]
