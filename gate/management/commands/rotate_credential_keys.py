"""`manage.py rotate_credential_keys`: wraps sealed data under a new first key of XINGLIN_CREDENTIAL_KEYS."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.core.management.base import BaseCommand, CommandError

from gate.models import Credential
from gate.people.signin import secrets
from gate.sealing import CannotOpen
from gate.verification.files import vault


class Command(BaseCommand):
    help = "Re-wrap credentials and second factors under the current key, so that older keys can be removed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many were re-wrapped; a second run re-wraps none. One that fails stops no other."""
        rewrapped, failed = 0, []
        for row in Credential.objects.filter(deleted_at=None).iterator():
            try:
                rewrapped += vault.rotate(row)
            except (CannotOpen, OSError) as error:
                failed.append(f"credential {row.pk}: {error}")
        for pk in Authenticator.objects.values_list("pk", flat=True).iterator():
            try:
                rewrapped += secrets.rotate(authenticator_id=pk)
            except CannotOpen as error:
                failed.append(f"authenticator {pk}: {error}")
        self.stdout.write(f"re-wrapped: {rewrapped}")
        if failed:
            raise CommandError("not re-wrapped, keep the older keys:\n" + "\n".join(failed))
