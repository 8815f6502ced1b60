"""Rights on zones that staff give: object permissions on the zone's ZoneGate row, with a reason and an end.

The only import of django-guardian. gate.people.grants reads and writes them.
"""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from gate.models.steps import ZoneGate


class Right(StrEnum):
    """Values are the codenames of the permissions on ZoneGate."""

    MANAGE_GATE = "manage_gate"
    REVIEW = "review"
    SEE_CREDENTIALS = "see_credentials"
    GRANT_ACCESS = "grant_access"
    READ = "read_zone"


RIGHT_LABELS = {
    Right.READ: _("read without passing the gate"),
    Right.REVIEW: _("review verifications"),
    Right.SEE_CREDENTIALS: _("see credentials"),
    Right.MANAGE_GATE: _("manage the gate"),
    Right.GRANT_ACCESS: _("grant access"),
}


class LimitedGrant(models.Model):
    """Columns of a grant beyond guardian's. No `expires_at`: until it is revoked."""

    reason = models.CharField(_("reason"), max_length=300)
    expires_at = models.DateTimeField(_("ends"), null=True, blank=True)
    granted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+", editable=False
    )
    granted_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        holder = getattr(self, "user", None) or getattr(self, "group", None)
        label = RIGHT_LABELS[Right(self.permission.codename)]  # type: ignore[attr-defined]  # guardian's
        return f"{holder} · {self.content_object} · {label}"  # type: ignore[attr-defined]  # of the two below


class ZoneUserObjectPermission(LimitedGrant, UserObjectPermissionBase):
    content_object = models.ForeignKey(ZoneGate, on_delete=models.CASCADE, verbose_name=_("zone"))

    class Meta(UserObjectPermissionBase.Meta):
        verbose_name = _("grant to a user")
        verbose_name_plural = _("grants to users")
        ordering: ClassVar[list[str]] = ["-granted_at"]


class ZoneGroupObjectPermission(LimitedGrant, GroupObjectPermissionBase):
    content_object = models.ForeignKey(ZoneGate, on_delete=models.CASCADE, verbose_name=_("zone"))

    class Meta(GroupObjectPermissionBase.Meta):
        verbose_name = _("grant to a group")
        verbose_name_plural = _("grants to groups")
        ordering: ClassVar[list[str]] = ["-granted_at"]
