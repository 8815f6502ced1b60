"""What the gate tidies up once a day. It opens and closes no zone: the policy has done that in time."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gate import services, vault


class Command(BaseCommand):
    help = "Mark verifications that have run out, and finish moving credentials into the vault."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run at any time and twice at once."""
        self.stdout.write(f"verifications expired: {services.expire_due()}")
        self.stdout.write(f"credentials moved into the vault: {vault.settle_all()}")
