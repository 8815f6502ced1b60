"""`manage.py search_sync`: indexes everything in the outbox; for cron, and after a crash."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from search.errors import SearchUnavailable
from search.sync import sync


class Command(BaseCommand):
    help = "Indexes what waits in the outbox. Safe to run at any time and next to a running server."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            report = sync()
        except SearchUnavailable as error:
            raise CommandError(
                _("The search engine does not answer: %(reason)s") % {"reason": error}
            ) from error
        self.stdout.write(
            _("%(written)d written, %(removed)d removed, %(waiting)d waiting.")
            % {"written": report.written, "removed": report.removed, "waiting": report.waiting}
        )
        if report.waiting:
            raise CommandError(_("Some updates could not be indexed; the log names them with the reasons."))
