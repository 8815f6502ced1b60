"""Proposed rights to see credentials that wait for a second administrator. Until then they have no effect."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# Covers a week-end and a day off; what no administrator confirms by then was not urgent.
WAITS_FOR = timedelta(days=7)


def lapse_date() -> datetime:
    return timezone.now() + WAITS_FOR


class ProposedGrant(models.Model):
    """A proposed right, one of three. Written by gate/people/proposals.py only.

    A right on a zone (`gate`, `right`) for `user` or `group`; `user` joins `group`; or `group` gets the
    permission to see every credential.
    """

    class Kind(models.TextChoices):
        ZONE = "zone", gettext_lazy("see credentials in a zone")
        MEMBERSHIP = "membership", gettext_lazy("join a group that sees credentials")
        PERMISSION = "permission", gettext_lazy("see the credentials of every zone")

    class State(models.TextChoices):
        WAITING = "waiting", gettext_lazy("waiting for a second administrator")
        CONFIRMED = "confirmed", gettext_lazy("confirmed")
        DECLINED = "declined", gettext_lazy("declined")

    kind = models.CharField(gettext_lazy("right"), max_length=12, choices=Kind)
    state = models.CharField(gettext_lazy("state"), max_length=12, choices=State, default=State.WAITING)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="proposed_grants"
    )
    group = models.ForeignKey(Group, null=True, on_delete=models.CASCADE, related_name="+")
    gate = models.ForeignKey("gate.ZoneGate", null=True, on_delete=models.CASCADE, related_name="+")
    reason = models.CharField(gettext_lazy("reason"), max_length=300)
    ends_at = models.DateTimeField(gettext_lazy("ends"), null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField(gettext_lazy("proposed"), default=timezone.now)
    lapses_at = models.DateTimeField(gettext_lazy("lapses"), default=lapse_date)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = gettext_lazy("right to be confirmed")
        verbose_name_plural = gettext_lazy("rights to be confirmed")
        ordering: ClassVar[list[str]] = ["-proposed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.holder} · {self.what}"

    @property
    def holder(self) -> str:
        return str(self.user or self.group)

    @property
    def what(self) -> str:
        """The right as a text."""
        if self.kind == self.Kind.ZONE and self.gate is not None:
            return _("see credentials in %(zone)s") % {"zone": self.gate.zone.title}
        if self.kind == self.Kind.MEMBERSHIP and self.group is not None:
            return _("join the group %(group)s, which sees credentials") % {"group": self.group.name}
        return str(self.Kind.PERMISSION.label)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.WAITING and self.lapses_at > timezone.now()

    @property
    def state_label(self) -> str:
        lapsed = self.state == self.State.WAITING and not self.is_open
        return _("lapsed") if lapsed else str(self.State(self.state).label)
