"""Responses that are stored so that a repeated request is not carried out again."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models


class KeptAnswer(models.Model):
    """One Idempotency-Key of one user.

    Key and request are keyed hashes; the response is sealed, because it holds personal data. While `sealed`
    is null the request is being carried out, or its process died.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    request = models.CharField(max_length=64)
    started_at = models.DateTimeField(db_index=True)
    sealed = models.BinaryField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["user", "key"], name="api_one_answer_per_key")
        ]
