"""The audiences of an article. Whether a given user belongs to one is decided by the gate."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Audience(models.TextChoices):
    """From the widest to the narrowest; the order of definition is the order of strictness."""

    PUBLIC = "public", _("Everyone")
    REGISTERED = "registered", _("Registered readers")
    HCP = "hcp", _("Verified healthcare professionals")

    @property
    def strictness(self) -> int:
        return list(Audience).index(self)


def strictest(first: str, second: str) -> Audience:
    """The narrower of two audiences. An unknown value counts as the narrowest: deny by default."""
    known = [Audience(value) if value in Audience.values else Audience.HCP for value in (first, second)]
    return max(known, key=lambda audience: audience.strictness)
