"""`manage.py reset_second_factor EMAIL --reason …`: for a user who lost phone and recovery codes."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from gate.models import AuditEvent, User


class Command(BaseCommand):
    """Deletes authenticator app and recovery codes; the next visit to the admin leads to enrolment."""

    help = "Take a person's second factor away, on record. They are told by mail and enrol anew."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and why."""
        parser.add_argument("email")
        parser.add_argument("--reason", required=True, help="how you made sure that it is them; on record")

    @transaction.atomic
    def handle(self, *args: Any, email: str, reason: str, **options: Any) -> None:
        """CommandError for an account that does not exist or has none."""
        user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
        if user is None:
            raise CommandError("There is no active account with this address.")
        if not Authenticator.objects.filter(user=user).delete()[0]:
            raise CommandError("This account has no second factor.")
        AuditEvent.record(
            AuditEvent.Action.PERSON_CHANGED, None, user, user, reason, fields=["second_factor"]
        )
        self.stdout.write("Taken away. The account enrols again before it enters the admin.")
