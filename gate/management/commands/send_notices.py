"""`manage.py send_notices`: sends mails that are due: digests, and mails that failed before. For cron."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from gate.notify.send import send_due


class Command(BaseCommand):
    help = "Send the mails that are due. Run it every few minutes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run at any time and twice at once."""
        self.stdout.write(f"mails sent: {send_due()}")
