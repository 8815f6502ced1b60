"""`manage.py deliver_webhooks`: delivers what is due, replays what was given up, deletes what is old.

For cron.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from api import idempotency
from api.models import Delivery
from api.webhooks import delivery
from api.webhooks.signing_secrets import rewrap_all


class Command(BaseCommand):
    help = "Deliver webhooks that are due, and delete old messages and idempotency keys. Run it every minute."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--replay-dead", action="store_true", help="First send again what was given up.")
        parser.add_argument(
            "--replay-hours", type=int, metavar="N", help="First send again everything of the last N hours."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Safe to run at any time and twice at once."""
        again = Delivery.objects.none()
        if options["replay_dead"]:
            again = Delivery.objects.filter(state=Delivery.State.DEAD)
        if options["replay_hours"]:
            since = timezone.now() - timedelta(hours=options["replay_hours"])
            again = Delivery.objects.filter(message__at__gte=since)
        if options["replay_dead"] or options["replay_hours"]:
            self.stdout.write(f"webhooks to send again: {delivery.replay(again)}")
        self.stdout.write(f"webhooks delivered: {delivery.deliver_due()}")
        self.stdout.write(f"messages forgotten: {delivery.forget_old()}")
        self.stdout.write(f"secrets wrapped under the current key: {rewrap_all()}")
        self.stdout.write(f"idempotency keys forgotten: {idempotency.forget_old()}")
