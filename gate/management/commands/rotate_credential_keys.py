"""After a new key was put first in XINGLIN_CREDENTIAL_KEYS: wrap every file's data key under it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gate import vault
from gate.models import Credential


class Command(BaseCommand):
    help = "Re-wrap stored credentials under the current key, so that older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints how many files were re-wrapped; a second run re-wraps none."""
        rows = Credential.objects.filter(deleted_at=None)
        self.stdout.write(f"re-wrapped: {sum(vault.rotate(row) for row in rows.iterator())}")
